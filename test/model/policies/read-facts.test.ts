import { expect, it } from 'vitest';
import { readFacts } from '../../../src/model/policies/read-facts.ts';
import { createEngine } from '../../../src/model/policies/verdict.ts';
import { fc } from '../../fixtures/seeded.ts';
import { objectsOf } from './shop.ts';

const options = { version: '1.20', dialect: 'cilium' } as const;

it.each<[string, string, string[]]>([
  [
    'two different objects of one name',
    '{kind: Pod, metadata: {name: a}}\n---\n{kind: Pod, metadata: {name: a, namespace: default, labels: {x: y}}}',
    ['there are two different Pod default/a'],
  ],
  ['the same object twice', '{kind: Pod, metadata: {name: a}}\n---\n{kind: Pod, metadata: {name: a}}', []],
  [
    'kinds that have no part in it',
    '{kind: Deployment, metadata: {name: a}}\n---\n{kind: Constructor, metadata: {name: __proto__}}',
    [],
  ],
])('%s', (_title, yaml, problems) => {
  expect(readFacts(objectsOf(yaml), options).problems).toEqual(problems);
});

it('reads a pod’s addresses, named ports and sidecars', () => {
  const yaml = `{kind: Pod, metadata: {name: a, namespace: b}, spec: {hostNetwork: false, nodeName: n,
    containers: [{ports: [{name: HTTP, containerPort: 80}, {containerPort: 81}]}],
    initContainers: [{ports: [{name: setup, containerPort: 1}]}, {restartPolicy: Always, ports: [{name: proxy, containerPort: 2, protocol: UDP}]}]},
    status: {phase: Succeeded, podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]}}`;
  const [pod] = readFacts(objectsOf(yaml), options).pods;
  expect(pod).toMatchObject({
    ips: ['10.0.0.1', 'fd00::1'],
    serviceAccount: 'default',
    ended: true,
    ports: [
      { name: 'http', port: 80, protocol: 'TCP' },
      { name: 'proxy', port: 2, protocol: 'UDP' },
    ],
  });
});

// Fields of the real kinds with anything at all in them.
const fields =
  'spec specs endpointSelector nodeSelector podSelector namespaceSelector matchLabels matchExpressions key operator values ingress egress ingressDeny egressDeny from to ports port protocol endPort ipBlock cidr except fromEndpoints fromEntities fromCIDR fromCIDRSet toFQDNs toServices toPorts rules http dns icmps fields type family policyTypes enableDefaultDeny authentication mode status conditions containers constructor __proto__ labels identity id subject namespaces pods data security-labels addresses'.split(
    ' ',
  );
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 7, withCrossShrink: true },
    fc.constantFrom<unknown>(
      '',
      'a',
      'In',
      'Exists',
      'TCP',
      'constructor',
      'world',
      '10.0.0.0/8',
      '80',
      'http',
      'Ingress',
      null,
      0,
      80,
      -1,
      1e9,
      true,
    ),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...fields), tie('any'), { maxKeys: 6 }),
  ),
})).any;
const kind = fc.constantFrom(
  'NetworkPolicy',
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
  'CiliumCIDRGroup',
  'ClusterNetworkPolicy',
  'Pod',
  'Namespace',
  'Node',
  'Service',
  'EndpointSlice',
  'CiliumEndpoint',
  'CiliumIdentity',
);
const object = fc.tuple(kind, value, value, value).map(([name, spec, specs, status]) => ({
  kind: name,
  apiVersion: name === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2',
  metadata: { name: 'a', namespace: 'a', labels: specs },
  spec,
  specs,
  status,
  endpoints: spec,
  'security-labels': status,
}));

it('never throws, whatever the objects hold', () => {
  fc.assert(
    fc.property(fc.array(object, { maxLength: 6 }), (objects) => {
      const engine = createEngine(readFacts(objects, options));
      for (const to of [{ pod: 'a/a' }, { ip: '10.0.0.1' }, { entity: 'host' }, { fqdn: 'a.b' }]) {
        const question = { from: { pod: 'a/a' }, to, port: 80, protocol: 'TCP' } as const;
        expect(['allow', 'deny', 'unknown']).toContain(engine.ask(question).verdict);
        engine.nearMisses(question, 'egress');
      }
    }),
    { numRuns: 500 },
  );
});

it('policies are plain data: they cross threads', () => {
  const yaml = `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: a}, spec: {endpointSelector: {}, egress: [
    {toFQDNs: [{matchPattern: "*.a.b"}], toPorts: [{ports: [{port: "80"}]}]}, {toCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}]},
    {toEndpoints: [{matchLabels: {a: b}}], icmps: [{fields: [{type: 8}]}]}]}}`;
  const { policies } = readFacts(objectsOf(yaml), options);
  expect(structuredClone(policies)).toEqual(policies);
  expect(policies[0]?.rejected).toEqual([]);
});
