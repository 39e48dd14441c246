import { expect, it } from 'vitest';
import type { RawObject } from '../../../src/model/objects/row.ts';
import { readFacts } from '../../../src/model/policies/read-facts.ts';
import { createEngine } from '../../../src/model/policies/verdict.ts';
import { fc } from '../../fixtures/seeded.ts';

// NetworkPolicy by the words of Kubernetes' own reference, written a second time and as plainly as can be; random
// clusters are asked of both. (The generic dialect: an ipBlock is any address.)

type Labels = Record<string, string>;
type Pod = { namespace: string; name: string; labels: Labels; ip: string; ports: Record<string, number> };
type Selector = { matchLabels?: Labels; matchExpressions?: { key: string; operator: string; values?: string[] }[] };
type PolicyPeer = {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string; except?: string[] };
};
type PolicyPort = { protocol?: string; port?: number | string; endPort?: number };
type PolicyRule = { from?: PolicyPeer[]; to?: PolicyPeer[]; ports?: PolicyPort[] };
type PolicySpec = { podSelector: Selector; policyTypes?: string[]; ingress?: PolicyRule[]; egress?: PolicyRule[] };
type Policy = { namespace: string; name: string; spec: PolicySpec };
type World = { namespaces: Record<string, Labels>; pods: Pod[]; policies: Policy[] };

function selects(selector: Selector, labels: Labels): boolean {
  const exact = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return (
    exact &&
    (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      const among = value !== undefined && values.includes(value);
      return operator === 'In' ? among : !among;
    })
  );
}

/** 10.x.y.0/24 and /16 are all the ranges there are here. */
function inRange(ip: string, cidr: string): boolean {
  const [base = '', bits] = cidr.split('/');
  const parts = Number(bits) / 8;
  return ip.split('.').slice(0, parts).join('.') === base.split('.').slice(0, parts).join('.');
}

function allows(
  world: World,
  direction: 'ingress' | 'egress',
  pod: Pod,
  other: Pod,
  port: number,
  protocol: string,
): boolean {
  const type = direction === 'ingress' ? 'Ingress' : 'Egress';
  const policies = world.policies.filter(({ namespace, spec }) => {
    const types = spec.policyTypes ?? (spec.egress && spec.egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress']);
    return namespace === pod.namespace && types.includes(type) && selects(spec.podSelector, pod.labels);
  });
  if (policies.length === 0) return true;
  const target = direction === 'ingress' ? pod : other;
  return policies.some(({ namespace, spec }) =>
    (spec[direction] ?? []).some((rule) => {
      const peers = (direction === 'ingress' ? rule.from : rule.to) ?? [];
      const ports = rule.ports ?? [];
      const matchesPeer =
        peers.length === 0 ||
        peers.some(({ ipBlock, podSelector, namespaceSelector }) => {
          if (ipBlock)
            return inRange(other.ip, ipBlock.cidr) && !(ipBlock.except ?? []).some((one) => inRange(other.ip, one));
          const where = namespaceSelector
            ? selects(namespaceSelector, world.namespaces[other.namespace] ?? {})
            : other.namespace === namespace;
          return where && (!podSelector || selects(podSelector, other.labels));
        });
      const matchesPort =
        ports.length === 0 ||
        ports.some((one) => {
          if ((one.protocol ?? 'TCP') !== protocol) return false;
          if (one.port === undefined) return true;
          if (typeof one.port === 'string') return protocol === 'TCP' && target.ports[one.port] === port;
          return one.port <= port && port <= (one.endPort ?? one.port);
        });
      return matchesPeer && matchesPort;
    }),
  );
}

const value = fc.constantFrom('a', 'b', 'c');
const labels = fc.dictionary(fc.constantFrom('app', 'tier'), value, { maxKeys: 2 });
const expression = fc
  .record({
    key: fc.constantFrom('app', 'tier'),
    operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
    values: fc.uniqueArray(value, { minLength: 1 }),
  })
  .map(({ key, operator, values }) =>
    operator === 'In' || operator === 'NotIn' ? { key, operator, values } : { key, operator },
  );
const selector: fc.Arbitrary<Selector> = fc.record(
  { matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 1 }) },
  { requiredKeys: [] },
);
const block = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.boolean(), fc.integer({ min: 1, max: 3 }))
  .map(([a, narrow, b]) => {
    return {
      ipBlock: narrow ? { cidr: `10.${a}.${b}.0/24` } : { cidr: `10.${a}.0.0/16`, except: [`10.${a}.${b}.0/24`] },
    };
  });
const peer: fc.Arbitrary<PolicyPeer> = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ podSelector: selector, namespaceSelector: selector }),
  block,
);
const port: fc.Arbitrary<PolicyPort> = fc.oneof(
  fc.record({ protocol: fc.constantFrom('TCP', 'UDP') }, { requiredKeys: [] }),
  fc.record({ protocol: fc.constantFrom('TCP', 'UDP'), port: fc.constantFrom(80, 81) }, { requiredKeys: ['port'] }),
  fc.record({ port: fc.constant(80), endPort: fc.constantFrom(80, 90) }),
  fc.record({ port: fc.constantFrom('http', 'none') }),
);
const rules = (key: 'from' | 'to') =>
  fc.array(
    fc.record(
      { [key]: fc.array(peer, { maxLength: 2 }), ports: fc.array(port, { maxLength: 2 }) },
      { requiredKeys: [] },
    ),
    { maxLength: 2 },
  );
const spec: fc.Arbitrary<PolicySpec> = fc.record(
  {
    podSelector: selector,
    policyTypes: fc.constantFrom(['Ingress'], ['Egress'], ['Ingress', 'Egress']),
    ingress: rules('from'),
    egress: rules('to'),
  },
  { requiredKeys: ['podSelector'] },
);
const names = ['x', 'y', 'z'];
const world: fc.Arbitrary<World> = fc.record({
  namespaces: fc
    .tuple(labels, labels, labels)
    .map((each) => Object.fromEntries(names.map((name, index) => [name, each[index] ?? {}]))),
  pods: fc
    .array(fc.tuple(fc.constantFrom(...names), labels, fc.constantFrom(80, 81, 0)), { minLength: 2, maxLength: 5 })
    .map((each) =>
      each.map(([namespace, own, http], index) => ({
        namespace,
        name: `p${index}`,
        labels: own,
        ip: `10.${(index % 3) + 1}.${(index % 2) + 1}.${index + 1}`,
        ports: http === 0 ? ({} as Record<string, number>) : { http },
      })),
    ),
  policies: fc
    .array(fc.tuple(fc.constantFrom(...names), spec), { maxLength: 4 })
    .map((each) => each.map(([namespace, one], index) => ({ namespace, name: `n${index}`, spec: one }))),
});

it('agrees with the reference on random clusters', () => {
  fc.assert(
    fc.property(world, (one) => {
      const engine = createEngine(readFacts(objectsOf(one), { version: '', dialect: 'generic' }));
      for (const from of one.pods) {
        for (const to of one.pods.filter((pod) => pod !== from)) {
          for (const [number, protocol] of [
            [80, 'TCP'],
            [81, 'TCP'],
            [85, 'TCP'],
            [80, 'UDP'],
          ] as const) {
            const { verdict, egress, ingress } = engine.ask({
              from: { pod: `${from.namespace}/${from.name}` },
              to: { pod: `${to.namespace}/${to.name}` },
              port: number,
              protocol,
            });
            const out = allows(one, 'egress', from, to, number, protocol);
            const into = allows(one, 'ingress', to, from, number, protocol);
            expect([verdict, egress.verdict, ingress.verdict]).toEqual([word(out && into), word(out), word(into)]);
          }
        }
      }
    }),
    { numRuns: 400 },
  );
});

function word(allowed: boolean): string {
  return allowed ? 'allow' : 'deny';
}

function objectsOf({ namespaces, pods, policies }: World): RawObject[] {
  return [
    ...Object.entries(namespaces).map(([name, own]) => ({ kind: 'Namespace', metadata: { name, labels: own } })),
    ...pods.map(({ namespace, name, labels: own, ip, ports }) => ({
      kind: 'Pod',
      metadata: { namespace, name, labels: own },
      spec: {
        containers: [
          { ports: Object.entries(ports).map(([title, containerPort]) => ({ name: title, containerPort })) },
        ],
      },
      status: { podIP: ip },
    })),
    ...policies.map(({ namespace, name, spec: one }) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace, name },
      spec: one,
    })),
  ];
}
