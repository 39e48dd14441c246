import { expect, it } from 'vitest';
import { shortObjects, tightObject } from '../../src/panes/short-kind.ts';

const refs = (kind: string, ...names: string[]) =>
  names.map((full) => {
    const [namespace, name] = full.split('/');
    return name === undefined ? { kind, name: full } : { kind, namespace: namespace ?? '', name };
  });

it.each([
  ['CiliumNetworkPolicy', ['pay/deny-all'], 'CNP pay/deny-all'],
  ['Deployment', ['identity/api', 'identity/web'], '2 Deployments in identity'],
  ['NetworkPolicy', ['pay/allow-web', 'shop/allow-web'], '2 NP allow-web… in 2 namespaces'],
  ['Node', ['aks-np2-0', 'aks-np2-1'], '2 Nodes aks-np2-…'],
  ['Node', ['aks-np2-25562055-vmss000000', 'aks-np2-25562055-vmss000001'], '2 Nodes aks-np2-…'],
  ['Pod', ['kube-system/coredns-mlqqslttjn-prrmd', 'kube-system/coredns-mlqqslttjn-hvgmf'], '2 Pods coredns-…'],
  ['Pod', ['kube-system/cilium-abcde', 'kube-system/cilium-fghij'], '2 Pods cilium-…'],
])('%s %s', (kind, names, text) => expect(shortObjects(refs(kind, ...names))).toBe(text));

it.each([
  [
    'their workload',
    { owner: { kind: 'DaemonSet', namespace: 'kube-system', name: 'azure-cns' } },
    'azure-cns: 2 pods',
  ],
  ['a workload of users', { owner: { kind: 'Deployment', namespace: 'shop', name: 'web' } }, 'shop/web: 2 pods'],
  ['their nodes', { nodes: ['aks-np2-0', 'aks-np2-1'] }, '2 Pods on 2 nodes aks-np2-…'],
  ['their one node', { nodes: ['aks-np2-0'] }, '2 Pods on aks-np2-0'],
])('names %s', (_, whose, text) => expect(shortObjects(refs('Pod', 'pay/a', 'shop/b'), whose)).toBe(text));

it('gives the kind rather than the name where there is no room', () => {
  expect(tightObject('Deployment identity/api')).toBe('deploy identity/api');
  expect(tightObject('3 Deployments in identity')).toBe('3 deploy in identity');
  expect(tightObject('26 Pods in 4 namespaces')).toBe('26 pods, 4 ns');
  expect(tightObject('2 NP allow-web… in 2 namespaces')).toBe('2 NP allow-web…, 2 ns');
  expect(tightObject('CNP pay/deny-all')).toBe('CNP pay/deny-all');
});
