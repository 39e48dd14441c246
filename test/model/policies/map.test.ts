import { expect, it } from 'vitest';
import { mapNamespaces } from '../../../src/model/policies/map.ts';
import { mapReport } from '../../../src/model/policies/map-report.ts';
import { toItsEnd } from '../../../src/model/policies/turns.ts';
import type { Engine } from '../../../src/model/policies/verdict.ts';
import { fc } from '../../fixtures/seeded.ts';
import { randomPolicies } from './random-policies.ts';
import { cnp, np, type Setting, shop } from './shop.ts';

/** A second pod of a class, a pod without ports in a namespace that declares some, and one whose namespace was not read. */
const more = `
{kind: Pod, metadata: {name: front-2, namespace: shop, labels: {app: front, tier: web}}, spec: {nodeName: node-2, serviceAccountName: clerk,
  containers: [{name: c, ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 9090}]}]}, status: {podIP: 10.8.0.21}}
---
{kind: Pod, metadata: {name: lost, namespace: elsewhere, labels: {app: front}}, spec: {nodeName: node-1, containers: [{name: c}]}, status: {podIP: 10.8.0.22}}
---
{kind: Pod, metadata: {name: done, namespace: pay, labels: {app: bank}}, spec: {nodeName: node-1, containers: [{name: c}]}, status: {phase: Succeeded, podIP: 10.8.0.23}}
---
{kind: Pod, metadata: {name: relabelled, namespace: pay, labels: {app: cart}}, spec: {nodeName: node-1, containers: [{name: c}]}, status: {podIP: 10.8.0.24}}
---
{kind: CiliumIdentity, metadata: {name: "4711"}, security-labels: {"k8s:app": bank, "k8s:io.kubernetes.pod.namespace": pay}}
---
{kind: CiliumEndpoint, metadata: {name: relabelled, namespace: pay}, status: {identity: {id: 4711}}}
`;

const settings: [string, Setting][] = [
  ['by default', {}],
  ['of a Cilium that looks port names up in the whole cluster', { version: '1.18.0' }],
  ['where policies know pods by their addresses', { config: { 'policy-cidr-match-mode': 'pods' } }],
  ['where policies are switched off', { config: { 'enable-policy': 'never' } }],
  ['where all is denied that is not allowed', { config: { 'enable-policy': 'always' } }],
  ['as Kubernetes describes it', { dialect: 'generic' }],
];

it.each(settings)('is what comes of asking about every pair of pods, %s', (_title, setting) => {
  fc.assert(
    fc.property(randomPolicies, (policies) => {
      const engine = shop(policies, { ...setting, objects: more });
      expect(toItsEnd(mapNamespaces(engine.index))).toEqual(askEveryPair(engine));
    }),
    { numRuns: 25 },
  );
});

/** The definition of a cell, word by word. */
function askEveryPair({ index: { facts }, ask }: Engine) {
  const pods = facts.pods.filter(({ hostNetwork, ended }) => !hostNetwork && !ended);
  const names = [...new Set(pods.map(({ namespace }) => namespace))].sort();
  const transports = facts.policies
    .flatMap(({ specs }) => specs.flatMap(({ rules }) => rules))
    .flatMap(({ ports }) => (ports === 'all' ? [] : ports))
    .filter((one) => one.type === 'transport');
  const named = transports.flatMap(({ port, endPort, protocols }) =>
    protocols.flatMap((protocol) => [port, endPort].filter((one) => one > 0).map((one) => ({ port: one, protocol }))),
  );
  const free = Array.from({ length: 65_535 }, (_, at) => 65_535 - at).find(
    (port) => !transports.some((one) => one.port > 0 && one.port <= port && port <= one.endPort),
  );
  const others = ['TCP' as const, ...named.map(({ protocol }) => protocol)].map((protocol) => ({
    port: free ?? 0,
    protocol,
  }));
  return names.flatMap((from) =>
    names.flatMap((to) => {
      const there = pods.filter(({ namespace }) => namespace === to);
      const declaring = there.filter(({ declared }) => declared.length > 0);
      const seen = new Set(
        (declaring.length > 0 ? declaring : there).flatMap((target) =>
          pods
            .filter((source) => source.namespace === from && source !== target)
            .flatMap((source) =>
              (target.declared.length > 0 ? target.declared : [...named, ...others]).map(
                (port) =>
                  ask({
                    from: { pod: `${source.namespace}/${source.name}` },
                    to: { pod: `${target.namespace}/${target.name}` },
                    ...port,
                  }).verdict,
              ),
            ),
        ),
      );
      if (seen.size === 0) return [];
      const both = seen.has('allow') && seen.has('deny');
      const verdict = both ? 'partly' : seen.has('unknown') ? 'unknown' : seen.has('allow') ? 'allow' : 'deny';
      return [{ from, to, verdict }];
    }),
  );
}

it('is a letter for each pair of namespaces', () => {
  const engine = shop(
    np('{podSelector: {}, policyTypes: [Ingress]}') +
      cnp('{endpointSelector: {}, egress: [{toServices: [{k8sService: {serviceName: gone, namespace: pay}}]}]}', {
        namespace: 'pay',
      }),
  );
  expect(toItsEnd(mapReport({ engine }, '', 7))).toEqual({
    namespaces: ['kube-system', 'pay', 'shop'],
    rows: ['-ad', 'uud', 'aad'],
    at: 7,
  });
  expect(toItsEnd(mapReport({ engine }, 'shop', 7)).rows).toEqual(['--d', '--d', 'aad']);
});
