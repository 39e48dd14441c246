import { describe, expect, it } from 'vitest';
import { endNames, findNamedEnd } from '../../../src/model/policies/named-ends.ts';
import { sideWords } from '../../../src/model/policies/sides.ts';
import { shop } from './shop.ts';

const more = `
{kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: 10.7.0.1, selector: {tier: web}, ports: [{port: 80, targetPort: http}]}}
---
{kind: Service, metadata: {name: back, namespace: shop}, spec: {selector: {app: back}, ports: [{port: 80, targetPort: 8081}]}}
---
{kind: Service, metadata: {name: nothing, namespace: shop}, spec: {selector: {app: nowhere}, ports: [{port: 80}]}}
---
{kind: Service, metadata: {name: old, namespace: shop}, spec: {ports: [{port: 80}]}}
---
{kind: EndpointSlice, metadata: {name: old-1, namespace: shop, labels: {kubernetes.io/service-name: old}}, endpoints: [{addresses: [192.0.2.7]}, {addresses: [10.8.0.3]}]}
---
{kind: Pod, metadata: {name: api-1, namespace: pay, labels: {app: api}, ownerReferences: [{kind: StatefulSet, name: api, controller: true}]}, spec: {nodeName: node-1, containers: []}, status: {podIP: 10.8.0.31}}
---
{kind: Pod, metadata: {name: api-2, namespace: pay, labels: {app: api, tier: web}, ownerReferences: [{kind: StatefulSet, name: api, controller: true}]}, spec: {nodeName: node-2, containers: []}, status: {podIP: 10.8.0.32}}
---
{kind: Pod, metadata: {name: proxy-a, namespace: kube-system, ownerReferences: [{kind: DaemonSet, name: proxy, controller: true}]}, spec: {nodeName: node-1, hostNetwork: true, containers: []}, status: {podIP: 10.9.0.1}}
---
{kind: Pod, metadata: {name: proxy-b, namespace: kube-system, ownerReferences: [{kind: DaemonSet, name: proxy, controller: true}]}, spec: {nodeName: node-2, hostNetwork: true, containers: []}, status: {podIP: 10.9.0.2}}
`;
const { index } = shop('', { objects: more });

describe('an end', () => {
  it.each<[string, string, string[]]>([
    ['shop/front', 'pod shop/front', ['shop/front']],
    ['pay/api-1', 'pod pay/api-1', ['pay/api']],
    ['pay/api', '2 pods of StatefulSet pay/api', ['pay/api', 'pay/api']],
    ['sts/pay/api', '2 pods of StatefulSet pay/api', ['pay/api', 'pay/api']],
    ['statefulset/api', '2 pods of StatefulSet pay/api', ['pay/api', 'pay/api']],
    ['api', '2 pods of StatefulSet pay/api', ['pay/api', 'pay/api']],
    ['shop/web', 'service shop/web, 1 behind it', ['shop/front']],
    ['shop/back', 'pod shop/back', ['shop/back']],
    ['svc/shop/back', 'service shop/back, 1 behind it', ['shop/back']],
    ['services/shop/back', 'service shop/back, 1 behind it', ['shop/back']],
    ['10.7.0.1', 'service shop/web, 1 behind it', ['shop/front']],
    ['svc/shop/old', 'service shop/old, 2 behind it', ['shop/cart', '192.0.2.7']],
    ['10.8.0.3', 'pod shop/cart (10.8.0.3)', ['shop/cart']],
    ['ip:192.0.2.9', '192.0.2.9, outside the cluster', ['192.0.2.9']],
    ['10.9.0.2', 'node node-2 (10.9.0.2)', ['node/node-2']],
    ['node/node-2', 'node node-2', ['node/node-2']],
    ['entity:world', 'entity world', ['entity:world']],
    ['fqdn:api.example.com', 'the name api.example.com', ['fqdn:api.example.com']],
    ['kube-system/agent', 'pod kube-system/agent', ['kube-system/agent']],
    [
      'ds/kube-system/proxy',
      '2 pods of DaemonSet kube-system/proxy',
      ['kube-system/proxy on the same node', 'kube-system/proxy on another node'],
    ],
    [' shop/front ', 'pod shop/front', ['shop/front']],
  ])('%s is found', (typed, text, sides) => {
    const end = findNamedEnd(index, typed);
    expect(end).toMatchObject({ text });
    expect(typeof end !== 'string' && end.sides.map(sideWords)).toEqual(sides);
  });

  it.each([
    ['shop/nobody', 'There is no pod, workload or service shop/nobody.'],
    ['nowhere/x', 'There is no namespace nowhere.'],
    ['svc/shop/front', 'There is no service shop/front.'],
    ['deploy/pay/api', 'There is no deployment pay/api.'],
    ['node/node-9', 'There is no node node-9.'],
    ['svc/shop/nothing', 'Nothing stands behind service shop/nothing: it has no endpoints.'],
    [
      'entity:mars',
      '"mars" is no end: there are world, host, remote-node, kube-apiserver, health, init, ingress, unmanaged.',
    ],
    [
      'planet/shop/x',
      '"planet" is no kind of end: give NAMESPACE/NAME, svc/NAMESPACE/NAME, an address, entity:world or fqdn:NAME.',
    ],
    ['a//b', '"a//b" names no end: give NAMESPACE/NAME, svc/NAMESPACE/NAME, an address, entity:world or fqdn:NAME.'],
    ['fqdn:', 'A name is missing after fqdn:.'],
    ['shop/\u001b[31mred', 'There is no pod, workload or service shop/red.'],
  ])('%s is refused in a sentence', (typed, sentence) => {
    expect(findNamedEnd(index, typed)).toBe(sentence);
  });

  it('of one name in two namespaces is asked back about', () => {
    const twice =
      '{kind: Pod, metadata: {name: bank, namespace: shop}, spec: {nodeName: node-1, containers: []}, status: {podIP: 10.8.0.40}}';
    const end = findNamedEnd(shop('', { objects: twice }).index, 'bank');
    expect(end).toBe('bank is in pay, shop: say which, as pay/bank.');
  });
});

describe('names that begin as typed', () => {
  it.each([
    ['shop/b', ['shop/back']],
    ['pay/ap', ['pay/api', 'pay/api-1', 'pay/api-2']],
    ['ap', ['pay/api', 'pay/api-1', 'pay/api-2']],
    ['entity:w', ['entity:world']],
    ['shop/zzz', []],
  ])('%s', (typed, names) => {
    expect(endNames(index, typed)).toEqual(names);
  });

  it('are bounded', () => {
    expect(endNames(index, '', 5)).toHaveLength(5);
  });
});
