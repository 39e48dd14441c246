import fc from 'fast-check';
import type { RawObject } from '../../../../src/model/objects/row.ts';
import type { Question } from './evaluate.ts';

// Random clusters, small and full of traps: two values for everything, so that rules meet pods often.

export type World = { objects: RawObject[]; questions: Question[] };

const NAMESPACES = ['a', 'b', 'c'];
/** What Cilium refuses comes seldom, or every policy of some size would be refused. */
const seldom = <T, U>(usual: fc.Arbitrary<T>, refused: fc.Arbitrary<U>) =>
  fc.oneof({ weight: 40, arbitrary: usual as fc.Arbitrary<T | U> }, { weight: 1, arbitrary: refused });
const value = fc.constantFrom('x', 'y');
const labels = fc.dictionary(fc.constantFrom('app', 'tier'), value, { maxKeys: 2 });
const TCP_PORTS = [80, 81, 443];
const number = fc.constantFrom(80, 81, 443, 90, 8000);
const protocol = fc.constantFrom('TCP', 'UDP', 'SCTP');
const portName = fc.constantFrom('http', 'web', 'absent');

// Keys as people write them in selectors, some of which look beyond the pod's own labels.
const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('app', 'tier', 'k8s:app', 'any:tier') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'io.kubernetes.pod.namespace',
      'k8s:io.kubernetes.pod.namespace',
      'io.cilium.k8s.namespace.labels.team',
      'k8s:io.cilium.k8s.namespace.labels.team',
      'io.cilium.k8s.policy.serviceaccount',
      'k8s:io.cilium.k8s.policy.cluster',
      'container:app',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('reserved:host', 'reserved:remote-node', 'reserved:world', 'reserved:health'),
  },
);
const valuesOf = (name: string) => {
  if (name.startsWith('reserved:')) return fc.constant('');
  if (name.endsWith('pod.namespace')) return fc.constantFrom(...NAMESPACES);
  if (name.endsWith('cluster')) return fc.constantFrom('default', 'other');
  return name.endsWith('serviceaccount') ? fc.constantFrom('default', 'robot') : value;
};
const expressionOn = (name: string) =>
  fc
    .record({
      key: fc.constant(name),
      operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
      values: fc.uniqueArray(valuesOf(name), { minLength: 1, maxLength: 2 }),
    })
    .map(({ key: on, operator, values }) =>
      operator === 'In' || operator === 'NotIn' ? { key: on, operator, values } : { key: on, operator },
    );
const selectorOf = (keys: fc.Arbitrary<string>) =>
  fc.record(
    {
      matchLabels: fc
        .array(
          keys.chain((name) => valuesOf(name).map((one) => [name, one] as const)),
          { maxLength: 2 },
        )
        .map((pairs) => Object.fromEntries(pairs)),
      matchExpressions: fc.array(keys.chain(expressionOn), { maxLength: 1 }),
    },
    { requiredKeys: [] },
  );
const ciliumSelector = selectorOf(key);
const plainSelector = selectorOf(fc.constantFrom('app', 'tier'));
const namespaceSelector = selectorOf(fc.constantFrom('team', 'kubernetes.io/metadata.name'));

// 192.0.2.0/24 and 2001:db8::/64 are outside, 10.0.0.0/16 are pods, 10.1.0.0/16 nodes.
const cidr = fc.constantFrom(
  '0.0.0.0/0',
  '192.0.2.0/24',
  '192.0.2.7/25',
  '192.0.2.200/32',
  '10.0.0.0/8',
  '10.1.0.1/32',
  '::/0',
  '2001:db8::/64',
);
const except = (among: readonly string[]) =>
  seldom(fc.constantFrom(...among), fc.constantFrom('2001:db8::/96', '198.51.100.0/24', 'nonsense'));
const cidrRule = fc.oneof(
  { weight: 3, arbitrary: fc.record({ cidr }) },
  {
    weight: 4,
    arbitrary: fc.record({
      cidr: fc.constantFrom('0.0.0.0/0', '192.0.2.0/24'),
      except: fc.array(except(['192.0.2.0/28', '192.0.2.128/25']), { maxLength: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ cidr: fc.constant('10.0.0.0/8'), except: fc.constant(['10.0.0.0/24']) }) },
  { weight: 1, arbitrary: fc.record({ cidrGroupRef: fc.constantFrom('g1', 'g2', 'gone') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      cidrGroupRef: fc.constant('g1'),
      except: fc.constantFrom(['192.0.2.0/28'], ['10.0.0.0/8']),
    }),
  },
  { weight: 1, arbitrary: fc.record({ cidrGroupSelector: selectorOf(fc.constantFrom('app', 'tier')) }) },
);
const entity = fc.constantFrom(
  'all',
  'world',
  'cluster',
  'host',
  'remote-node',
  'health',
  'init',
  'ingress',
  'unmanaged',
  'none',
);
const fqdn = fc.oneof(
  fc.record({ matchName: fc.constantFrom('api.example.com', 'example.com') }),
  fc.record({ matchPattern: fc.constantFrom('*', '*.example.com', 'a*.example.com', '**.com', 'example.*') }),
);
const service = fc.record({
  k8sService: fc.record(
    { serviceName: fc.constantFrom('s1', 's2'), namespace: fc.constantFrom(...NAMESPACES) },
    { requiredKeys: ['serviceName', 'namespace'] },
  ),
});

const onePort = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      { port: number.map(String), protocol: fc.constantFrom('TCP', 'UDP', 'ANY') },
      { requiredKeys: ['port'] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record(
      { port: portName, protocol: fc.constantFrom('TCP', 'UDP', 'ANY') },
      { requiredKeys: ['port'] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      port: fc.constantFrom('80', '1'),
      endPort: fc.constantFrom(81, 80, 500, 10),
      protocol: fc.constantFrom('TCP', 'UDP'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ port: fc.constant('0'), protocol: fc.constantFrom('TCP', 'UDP') }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ port: '443', protocol: 'SCTP' }, { port: '0', endPort: 100, protocol: 'TCP' }),
  },
);
const anyPort = seldom(
  onePort,
  fc.constantFrom({ port: '99999', protocol: 'TCP' }, { port: '', protocol: 'TCP' }, { port: '80', protocol: 'tcpp' }),
);
const plainPortRule = fc.record({ ports: fc.array(anyPort, { maxLength: 2 }) });
const http = fc.record({
  ports: fc.array(
    seldom(
      fc.record({ port: fc.constantFrom('80', '443', 'http'), protocol: fc.constant('TCP') }),
      fc.constantFrom({ port: '0', protocol: 'TCP' }, { port: '80', protocol: 'ANY' }, { port: '80' }),
    ),
    { maxLength: 2 },
  ),
  rules: fc.constantFrom({ http: [{ method: 'GET', path: '/' }] }, { http: [{}] }, { http: [] }),
});
/** Refused on ingress. */
const dns = fc.record({
  ports: fc.constantFrom(
    [{ port: '53', protocol: 'UDP' }],
    [{ port: '80', protocol: 'ANY' }],
    [{ port: '443' }],
    [],
    [{ port: '80', endPort: 90, protocol: 'UDP' }],
  ),
  rules: fc.constant({ dns: [{ matchPattern: '*' }] }),
});
const portRule = (side: 'from' | 'to') =>
  fc.oneof(
    { weight: 12, arbitrary: plainPortRule },
    { weight: 3, arbitrary: http },
    { weight: side === 'to' ? 2 : 0, arbitrary: dns },
    {
      weight: 1,
      arbitrary: fc.record({
        ports: fc.array(onePort, { minLength: 1, maxLength: 2 }),
        serverNames: seldom(fc.constant(['a.example']), fc.constant([''])),
      }),
    },
  );
const icmps = fc.array(
  fc.record({
    fields: fc.array(
      fc.record(
        { family: fc.constantFrom('IPv4', 'IPv6'), type: fc.constantFrom<number | string>(8, 0, 3, 'EchoRequest') },
        { requiredKeys: ['type'] },
      ),
      { maxLength: 2 },
    ),
  }),
  { maxLength: 2 },
);

/** One member, rarely two (refused), sometimes none; lists that are empty but there. */
const peers = (side: 'from' | 'to', deny: boolean): fc.Arbitrary<Record<string, unknown>> => {
  const one = <T>(name: string, of: fc.Arbitrary<T>, maxLength = 2) =>
    fc.array(of, { maxLength }).map((list) => ({ [`${side}${name}`]: list }) as Record<string, unknown>);
  const members: fc.Arbitrary<Record<string, unknown>>[] = [
    one('Endpoints', ciliumSelector),
    one('Endpoints', ciliumSelector),
    one('Entities', entity),
    one('CIDR', cidr),
    one('CIDRSet', cidrRule),
    fc.constant({}),
  ];
  if (side === 'to' && !deny) members.push(one('Services', service, 1));
  if (side === 'to' && !deny) members.push(one('FQDNs', fqdn));
  const any = fc.oneof(...members);
  return seldom(
    any,
    fc.tuple(any, any).map(([first, second]) => ({ ...first, ...second })),
  );
};
const rule = (side: 'from' | 'to', deny: boolean) => {
  const toPorts = fc.record({ toPorts: fc.array(deny ? plainPortRule : portRule(side), { maxLength: 2 }) });
  const ports = fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    { weight: 5, arbitrary: toPorts },
    { weight: 1, arbitrary: fc.record({ icmps }) },
  );
  const both = fc.constant({ icmps: [{ fields: [{ type: 8 }] }], toPorts: [{ ports: [{ port: '80' }] }] });
  return fc.tuple(peers(side, deny), seldom(ports, both)).map(([who, what]) => ({ ...who, ...what }));
};
const rules = (side: 'from' | 'to', deny: boolean) => fc.array(rule(side, deny), { maxLength: 2 });
const spec = fc.record(
  {
    endpointSelector: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 2, arbitrary: ciliumSelector }),
    ingress: rules('from', false),
    ingressDeny: rules('from', true),
    egress: rules('to', false),
    egressDeny: rules('to', true),
    enableDefaultDeny: fc.record({ ingress: fc.boolean(), egress: fc.boolean() }, { requiredKeys: [] }),
  },
  { requiredKeys: ['endpointSelector'] },
);

const networkRule = (side: 'from' | 'to') =>
  fc.record(
    {
      [side]: fc.array(
        fc.oneof(
          fc.record({ podSelector: plainSelector }),
          fc.record({ namespaceSelector }),
          fc.record({ podSelector: plainSelector, namespaceSelector }),
          fc.record({
            ipBlock: fc.record({ cidr: fc.constantFrom('0.0.0.0/0', '192.0.2.0/24', '10.0.0.0/8', '::/0') }),
          }),
          fc.constant({ ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.0/28'] } }),
        ),
        { maxLength: 2 },
      ),
      ports: fc.array(
        fc.oneof(
          fc.record({ protocol, port: fc.oneof(number, portName) }, { requiredKeys: [] }),
          fc.record({ port: fc.constant(80), endPort: fc.constantFrom(80, 81, 500) }),
        ),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  );
const networkSpec = fc.record(
  {
    podSelector: plainSelector,
    policyTypes: fc.constantFrom(['Ingress'], ['Egress'], ['Ingress', 'Egress'], []),
    ingress: fc.array(networkRule('from'), { maxLength: 2 }),
    egress: fc.array(networkRule('to'), { maxLength: 2 }),
  },
  { requiredKeys: ['podSelector'] },
);

const namespace = fc.constantFrom('a', 'a', 'b', 'c');
const policy = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('CiliumNetworkPolicy'), namespace, spec }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('CiliumClusterwideNetworkPolicy'), spec }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('CiliumNetworkPolicy'),
      namespace,
      specs: fc.array(spec, { minLength: 1, maxLength: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('NetworkPolicy'), namespace, spec: networkSpec }) },
);
const pod = fc.record({
  namespace,
  labels,
  nodeName: fc.constantFrom('node-1', 'node-2'),
  hostNetwork: fc.constantFrom(false, false, false, true),
  serviceAccountName: fc.constantFrom('default', 'robot', undefined),
  ports: fc.uniqueArray(
    fc.record({ name: fc.constantFrom('http', 'web'), containerPort: number, protocol: fc.constantFrom('TCP', 'UDP') }),
    { maxLength: 2, selector: ({ name }) => name },
  ),
});
const config = fc.record(
  {
    'enable-policy': fc.constantFrom('default', 'default', 'default', 'always', 'never'),
    'policy-default-local-cluster': fc.constantFrom('false', 'true'),
    'policy-cidr-match-mode': fc.constantFrom('', '', 'nodes', 'pods', 'nodes pods'),
  },
  { requiredKeys: [] },
);
const ends = fc.constantFrom(
  { entity: 'host' },
  { entity: 'remote-node' },
  { entity: 'health' },
  { ip: '192.0.2.5' },
  { ip: '192.0.2.200' },
  { ip: '203.0.113.1' },
  { ip: '2001:db8::7' },
);
const learned = fc.constantFrom(
  { fqdn: 'api.example.com', ip: '192.0.2.9' },
  { fqdn: 'example.com', ip: '198.51.100.3' },
  { fqdn: 'deep.api.example.com', ip: '198.51.100.4' },
);

export const worlds: fc.Arbitrary<World> = fc
  .record({
    teams: fc.tuple(labels, labels, labels),
    pods: fc.array(pod, { minLength: 3, maxLength: 5 }),
    policies: fc.array(policy, { minLength: 1, maxLength: 5 }),
    config,
    groups: fc.tuple(labels, labels),
    serviceLabels: fc.tuple(fc.constantFrom(...NAMESPACES), value, fc.constantFrom(...NAMESPACES)),
    asked: fc.array(
      fc.record({
        from: fc.oneof(fc.nat(4), fc.nat(4), ends),
        to: fc.oneof(fc.nat(4), fc.nat(4), ends, learned),
        what: fc.oneof(
          fc.tuple(fc.constantFrom(...TCP_PORTS, 90, 8000), protocol),
          fc.tuple(fc.constantFrom(...TCP_PORTS), fc.constantFrom('TCP', 'TCP', 'UDP')),
          fc.tuple(fc.constantFrom(8, 0), fc.constant('ICMP')),
        ),
      }),
      { minLength: 6, maxLength: 12 },
    ),
  })
  .map(({ teams, pods, policies, config: data, groups, serviceLabels, asked }) => {
    const podName = (index: number) => `${pods[index % pods.length]?.namespace}/p${index % pods.length}`;
    const end = (one: number | object) => (typeof one === 'number' ? { pod: podName(one) } : one);
    const objects = [
      { kind: 'ConfigMap', metadata: { namespace: 'kube-system', name: 'cilium-config' }, data },
      ...['node-1', 'node-2'].map((name, index) => ({
        kind: 'Node',
        metadata: { name },
        status: { addresses: [{ type: 'InternalIP', address: `10.1.0.${index + 1}` }] },
      })),
      ...NAMESPACES.map((name, index) => ({
        kind: 'Namespace',
        metadata: {
          name,
          labels: { ...(teams[index]?.app ? { team: teams[index].app } : {}), 'kubernetes.io/metadata.name': name },
        },
      })),
      ...groups.map((own, index) => ({
        kind: 'CiliumCIDRGroup',
        metadata: { name: `g${index + 1}`, labels: own },
        spec: { externalCIDRs: index === 0 ? ['192.0.2.0/25', '2001:db8::/96'] : ['203.0.113.0/24'] },
      })),
      {
        kind: 'Service',
        metadata: { name: 's1', namespace: serviceLabels[0] },
        spec: { selector: { app: serviceLabels[1] }, ports: [{ port: 80 }] },
      },
      {
        kind: 'Service',
        metadata: { name: 's2', namespace: serviceLabels[2] },
        spec: { selector: { tier: 'x' }, ports: [{ port: 80 }] },
      },
      ...pods.map(({ namespace: where, labels: own, ports, ...rest }, index) => ({
        kind: 'Pod',
        metadata: { namespace: where, name: `p${index}`, labels: own },
        spec: { ...rest, containers: [{ name: 'c', ports }] },
        status: {
          podIP: rest.hostNetwork
            ? rest.nodeName === 'node-1'
              ? '10.1.0.1'
              : '10.1.0.2'
            : `10.0.${index % 2}.${index + 1}`,
        },
      })),
      ...policies.map((one, index) => {
        const { kind, ...rest } = one as { kind: string; namespace?: string };
        const { namespace: where, ...body } = rest;
        return {
          apiVersion: kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2',
          kind,
          metadata: { name: `n${index}`, ...(where ? { namespace: where } : {}) },
          ...body,
        };
      }),
    ] as unknown as RawObject[];
    const questions = asked
      .map(({ from, to, what: [port, how] }) => ({ from: end(from), to: end(to), port, protocol: how }) as Question)
      .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to) && ('pod' in from || 'pod' in to));
    return { objects, questions };
  });
