import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/model/change.ts';
import { createIntern } from '../../../src/model/intern.ts';
import { type KindId, kinds } from '../../../src/model/kinds.ts';
import type { SourceId } from '../../../src/model/link.ts';
import type { RawObject } from '../../../src/model/objects/row.ts';
import type { PolicyFacts } from '../../../src/model/policies/facts.ts';
import { livePolicies } from '../../../src/model/policies/live-policies.ts';
import { policySummary } from '../../../src/model/policies/policy-summary.ts';
import { readFacts } from '../../../src/model/policies/read-facts.ts';
import { policyKey } from '../../../src/model/policies/rule.ts';
import { createEngine, type Engine } from '../../../src/model/policies/verdict.ts';
import { apply, emptySnapshot, type Snapshot } from '../../../src/model/snapshot.ts';
import { fc } from '../../fixtures/seeded.ts';
import { objectsOf } from './shop.ts';

const start = Date.parse('2026-03-04T12:00:00Z');
const sources: readonly SourceId[] = ['systemPods', ...(Object.keys(kinds) as KindId[])];
const idOf = (raw: RawObject) => {
  const found = Object.values(kinds).find(({ kind }) => kind === raw.kind);
  if (!found) throw new Error(`${String(raw.kind)} is not watched`);
  return found.id;
};

/** A cluster that is watched: objects come, change and go. */
function watched(first: readonly RawObject[] = []) {
  const intern = createIntern();
  const objects = new Map<string, RawObject>();
  let snapshot: Snapshot = emptySnapshot(start);
  let version = 0;
  const put = (raw: RawObject): Change => {
    version += 1;
    const { namespace = '', name = '' } = raw.metadata as { namespace?: string; name?: string };
    const key = `${String(raw.kind)}/${namespace}/${name}`;
    objects.set(key, raw);
    const metadata = { uid: key, ...(raw.metadata as RawObject), resourceVersion: String(version) };
    const id = idOf(raw);
    return {
      type: 'put',
      kind: id,
      rows: [kinds[id].project({ ...raw, metadata }, intern)],
      at: start,
    } as unknown as Change;
  };
  const live = (source: SourceId): Change => ({ type: 'link', source, link: { phase: 'live', heard: start } });
  const told = (changes: readonly Change[]) => {
    snapshot = apply(snapshot, changes, start + version);
  };
  told(first.map(put));
  told(sources.map(live));
  return {
    put: (...raws: readonly RawObject[]) => told(raws.map(put)),
    remove(key: string) {
      const raw = objects.get(key);
      if (!raw) return;
      objects.delete(key);
      told([{ type: 'remove', kind: idOf(raw), uids: [key], at: start + version }]);
    },
    link: (source: SourceId, phase: 'loading' | 'live' | 'stale' | 'forbidden' | 'missing') =>
      told([{ type: 'link', source, link: { phase, heard: start } }]),
    policies: () => livePolicies(snapshot),
    objects: () => [...objects.values()],
  };
}

const options = { version: '1.18.6', dialect: 'cilium', live: true } as const;
const agents = `{kind: DaemonSet, metadata: {name: cilium, namespace: kube-system}, spec: {selector: {matchLabels: {k8s-app: cilium}}, template: {spec: {containers: [{name: cilium-agent, image: "mcr.microsoft.com/cilium:v1.18.6"}]}}}}`;

/** A cluster in which each sort of rule has something to be about. */
const base = objectsOf(
  [
    agents,
    ...['shop', 'pay'].flatMap((namespace, place) => [
      `{kind: Namespace, metadata: {name: ${namespace}, labels: {team: x}}}`,
      `{kind: Node, metadata: {name: n${place}, labels: {pool: x}}, status: {addresses: [{type: InternalIP, address: 10.9.1.${place}}]}}`,
      ...[0, 1, 2, 3].map(
        (
          number,
        ) => `{kind: Pod, metadata: {name: p${number}, namespace: ${namespace}, labels: {app: ${['web', 'api', 'db', 'web'][number]}, tier: a}},
          spec: {nodeName: n${number % 2}, containers: [{ports: [{name: http, containerPort: ${number % 2 ? 80 : 8080}}]}]}, status: {phase: Running, podIP: 10.8.${place}.${number}}}`,
      ),
      `{kind: CiliumEndpoint, metadata: {name: p0, namespace: ${namespace}}, status: {identity: {id: ${1000 + place}}}}`,
      `{kind: CiliumIdentity, metadata: {name: "${1000 + place}"}, security-labels: {"k8s:app": web, "k8s:tier": a, "k8s:io.kubernetes.pod.namespace": ${namespace}}}`,
      `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: team, namespace: ${namespace}}, spec: {endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {io.cilium.k8s.namespace.labels.team: x}}]}]}}`,
      `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: out, namespace: ${namespace}}, spec: {endpointSelector: {matchLabels: {app: web}}, egress: [{toCIDRSet: [{cidrGroupRef: office}]}, {toServices: [{k8sService: {serviceName: front, namespace: shop}}]}, {toEndpoints: [{matchLabels: {app: api}}]}]}}`,
    ]),
    '{kind: CiliumCIDRGroup, metadata: {name: office}, spec: {externalCIDRs: [192.0.2.0/24]}}',
    '{kind: Service, metadata: {name: front, namespace: shop}, spec: {clusterIP: 10.7.0.1, ports: [{port: 80, targetPort: 8080}]}}',
    '{kind: EndpointSlice, metadata: {name: front-1, namespace: shop, labels: {kubernetes.io/service-name: front}}, endpoints: [{addresses: [192.0.2.9]}]}',
    '{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: apis}, spec: {endpointSelector: {matchLabels: {app: api}}, ingress: [{fromEndpoints: [{matchLabels: {app: web}}]}]}}',
  ].join('\n---\n'),
);

/** Every pair of pods, and each with the world, a service and its node: verdict, why, and what decided. */
function answers(engine: Engine): Record<string, unknown> {
  const pods = engine.index.facts.pods.map(({ namespace, name }) => `${namespace}/${name}`).sort();
  const told: Record<string, unknown> = {};
  for (const from of pods) {
    const others = [
      ...pods.filter((to) => to !== from).map((pod) => ({ pod })),
      { ip: '192.0.2.7' },
      { ip: '192.0.2.9' },
      { ip: '10.7.0.1' },
    ];
    for (const to of others) {
      for (const port of [80, 8080]) {
        const { verdict, egress, ingress, notes } = engine.ask({ from: { pod: from }, to, port, protocol: 'TCP' });
        const why = [egress, ingress].map(({ reason, rules, isolating, doubts }) => [
          reason,
          rules.map(({ policy, path }) => `${policyKey(policy)} ${path}`).sort(),
          isolating.map(policyKey).sort(),
          [...doubts].sort(),
        ]);
        told[`${from} ${JSON.stringify(to)} ${port}`] = [verdict, why, [...notes].sort()];
      }
    }
  }
  return told;
}

const spaces = ['shop', 'pay'];
const apps = ['web', 'api', 'db'];
const space = fc.constantFrom(...spaces);
const app = fc.constantFrom(...apps);
const labels = fc.record({ app, tier: fc.constantFrom('a', 'b') });

const pod = fc
  .tuple(space, fc.nat(5), labels, fc.constantFrom('Running', 'Running', 'Succeeded'), fc.nat(9), fc.boolean())
  .map(([namespace, number, own, phase, host, named]): RawObject => {
    return {
      kind: 'Pod',
      metadata: { name: `p${number}`, namespace, labels: own },
      spec: {
        nodeName: `n${number % 2}`,
        hostNetwork: host === 0,
        containers: [{ ports: [{ ...(named ? { name: 'http' } : {}), containerPort: number % 2 ? 80 : 8080 }] }],
      },
      status: { phase, podIP: host === 0 ? `10.9.0.${number}` : `10.8.${spaces.indexOf(namespace)}.${number}` },
    };
  });
const endpoint = fc.tuple(space, fc.nat(5), fc.nat(3)).map(([namespace, number, identity]): RawObject => {
  return {
    kind: 'CiliumEndpoint',
    metadata: { name: `p${number}`, namespace },
    status: { identity: { id: 1000 + identity } },
  };
});
const identity = fc.tuple(fc.nat(3), space, labels).map(([number, namespace, own]): RawObject => {
  const known = Object.entries({ ...own, 'io.kubernetes.pod.namespace': namespace });
  return {
    kind: 'CiliumIdentity',
    metadata: { name: String(1000 + number) },
    'security-labels': Object.fromEntries(known.map(([key, value]) => [`k8s:${key}`, value])),
  };
});
const namespaced = fc
  .tuple(space, fc.constantFrom('x', 'y'))
  .map(([name, team]): RawObject => ({ kind: 'Namespace', metadata: { name, labels: { team } } }));
const node = fc.tuple(fc.nat(1), fc.constantFrom('x', 'y')).map(([number, pool]): RawObject => {
  return {
    kind: 'Node',
    metadata: { name: `n${number}`, labels: { pool } },
    status: { addresses: [{ type: 'InternalIP', address: `10.9.1.${number}` }] },
  };
});
const service = fc.tuple(space, fc.boolean(), app).map(([namespace, selects, own]): RawObject => {
  return {
    kind: 'Service',
    metadata: { name: 'front', namespace },
    spec: {
      clusterIP: '10.7.0.1',
      ports: [{ port: 80, targetPort: 8080 }],
      ...(selects ? { selector: { app: own } } : {}),
    },
  };
});
const slice = fc.tuple(space, fc.array(fc.nat(5), { maxLength: 3 })).map(([namespace, ends]): RawObject => {
  return {
    kind: 'EndpointSlice',
    metadata: { name: 'front-1', namespace, labels: { 'kubernetes.io/service-name': 'front' } },
    endpoints: ends.map((end) => ({
      addresses: [end === 0 ? '192.0.2.9' : `10.8.${spaces.indexOf(namespace)}.${end}`],
    })),
  };
});
const group = fc
  .constantFrom('192.0.2.0/24', '198.51.100.0/24')
  .map(
    (cidr): RawObject => ({ kind: 'CiliumCIDRGroup', metadata: { name: 'office' }, spec: { externalCIDRs: [cidr] } }),
  );
const tiered = fc.tuple(space).map(([name]): RawObject => {
  const subject = { namespaces: { matchLabels: { 'kubernetes.io/metadata.name': name } } };
  return { kind: 'AdminNetworkPolicy', metadata: { name: 'first' }, spec: { subject, ingress: [{}] } };
});
const config = fc.constantFrom('default', 'default', 'always', 'never').map((mode): RawObject => {
  return {
    kind: 'ConfigMap',
    metadata: { name: 'cilium-config', namespace: 'kube-system' },
    data: { 'enable-policy': mode },
  };
});
const peers = fc.oneof(
  app.map((own) => ({ endpoints: [{ matchLabels: { app: own } }] })),
  fc
    .constantFrom('x', 'y')
    .map((team) => ({ endpoints: [{ matchLabels: { 'io.cilium.k8s.namespace.labels.team': team } }] })),
  fc.constant({ cidrs: [{ cidrGroupRef: 'office' }] }),
  fc.constant({ services: [{ k8sService: { serviceName: 'front', namespace: 'shop' } }] }),
  fc.constant({ nodes: [{ matchLabels: { pool: 'x' } }] }),
);
const rule = fc
  .tuple(fc.constantFrom('ingress', 'egress', 'ingressDeny', 'egressDeny'), peers, fc.nat(2))
  .map(([part, peer, ports]) => {
    const isIn = part.startsWith('ingress');
    const key =
      'endpoints' in peer ? 'Endpoints' : 'cidrs' in peer ? 'CIDRSet' : 'nodes' in peer ? 'Nodes' : 'Services';
    const [values] = Object.values(peer);
    const toPorts =
      ports === 0 ? {} : { toPorts: [{ ports: [{ port: ports === 1 ? '8080' : 'http', protocol: 'TCP' }] }] };
    return isIn && key === 'Services'
      ? { part, rule: {} }
      : { part, rule: { [`${isIn ? 'from' : 'to'}${key}`]: values, ...toPorts } };
  });
const policy = fc
  .tuple(
    fc.constantFrom('CiliumNetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'NetworkPolicy'),
    space,
    fc.nat(2),
    app,
    rule,
  )
  .map(([kind, namespace, number, subject, { part, rule: one }]): RawObject => {
    const name = `q${number}`;
    if (kind === 'NetworkPolicy') {
      const spec = { podSelector: { matchLabels: { app: subject } }, policyTypes: ['Ingress'] };
      return { apiVersion: 'networking.k8s.io/v1', kind, metadata: { name, namespace }, spec };
    }
    const metadata = kind === 'CiliumNetworkPolicy' ? { name, namespace } : { name };
    const spec = { endpointSelector: { matchLabels: { app: subject } }, [part]: [one] };
    return { apiVersion: 'cilium.io/v2', kind, metadata, spec };
  });

const object = fc.oneof(
  { weight: 6, arbitrary: pod },
  { weight: 3, arbitrary: endpoint },
  { weight: 2, arbitrary: identity },
  { weight: 4, arbitrary: policy },
  namespaced,
  node,
  service,
  slice,
  group,
  tiered,
  config,
);
type Step = { put: RawObject } | { remove: number } | { look: true };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: object.map((put) => ({ put })) },
  { weight: 2, arbitrary: fc.nat().map((remove) => ({ remove })) },
  { weight: 2, arbitrary: fc.constant<Step>({ look: true }) },
);

describe('policies that are watched', () => {
  it('are after any changes what they would be had everything been read at once', () => {
    fc.assert(
      fc.property(fc.array(object, { maxLength: 6 }), fc.array(step, { maxLength: 20 }), (first, steps) => {
        const cluster = watched([...base, ...first]);
        let before = cluster.policies();
        for (const one of steps) {
          if ('put' in one) cluster.put(one.put);
          else if ('remove' in one) {
            const keys = cluster
              .objects()
              .filter(({ kind }) => kind !== 'DaemonSet')
              .map(keyOf);
            cluster.remove(keys[one.remove % Math.max(1, keys.length)] ?? '');
          } else before = compare(cluster, before);
        }
        compare(cluster, before);
      }),
      { numRuns: 60 },
    );
  });

  it('are a new revision only where a verdict or a finding may be another', () => {
    const cluster = watched(base);
    const { revision } = cluster.policies();
    const grown = (...raws: readonly RawObject[]) => {
      const before = cluster.policies().revision;
      cluster.put(...raws);
      return cluster.policies().revision > before;
    };
    const one = (yaml: string) => objectsOf(yaml)[0] as RawObject;
    const web = (name: string, more = '') =>
      one(
        `{kind: Pod, metadata: {name: ${name}, namespace: shop, labels: {app: web, tier: a${more}}}, spec: {nodeName: n1, containers: [{ports: [{name: http, containerPort: 80}]}]}, status: {phase: Running, podIP: 10.8.0.77}}`,
      );
    // Like p3; then of a kind of its own.
    expect(grown(web('p7'))).toBe(false);
    expect(cluster.policies().summaries.get('CiliumNetworkPolicy/shop/team')?.selects).toBe(5);
    expect(grown(web('p8', ', track: canary'))).toBe(true);
    expect(grown(web('p9', ', track: canary'))).toBe(false);
    const node = (more: string) =>
      one(
        `{kind: Node, metadata: {name: n0, labels: {pool: ${more}}}, status: {addresses: [{type: InternalIP, address: 10.9.1.0}], conditions: [{type: Ready, status: "True", lastHeartbeatTime: "2026-03-04T12:00:0${cluster.policies().revision % 10}Z"}]}}`,
      );
    expect(grown(node('x'))).toBe(false);
    expect(grown(node('y'))).toBe(true);
    expect(grown(one('{kind: Namespace, metadata: {name: shop, labels: {team: y}}}'))).toBe(true);
    expect(grown(one('{kind: Lease, metadata: {name: any, namespace: shop}}'))).toBe(false);
    const behind = (ip: string) =>
      one(
        `{kind: EndpointSlice, metadata: {name: own-1, namespace: shop, labels: {kubernetes.io/service-name: own}}, endpoints: [{addresses: [${ip}]}]}`,
      );
    const own =
      '{kind: Service, metadata: {name: own, namespace: shop}, spec: {clusterIP: 10.7.0.2, selector: {app: web}, ports: [{port: 80}]}}';
    expect(grown(one(own), behind('10.8.0.0'))).toBe(true);
    expect(grown(behind('10.8.0.3'))).toBe(false);
    expect(cluster.policies().engine.index.facts.services.find(({ name }) => name === 'own')?.backends).toEqual([
      '10.8.0.3',
    ]);
    expect(revision).toBe(1);
  });

  const written = (text: string, more: RawObject = {}): RawObject => {
    const raw = objectsOf(
      `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: team, namespace: shop}, spec: ${text}}`,
    )[0];
    const edit = {
      manager: 'kubectl-edit',
      operation: 'Update',
      time: '2026-03-04T11:59:58Z',
      fieldsV1: { 'f:spec': {} },
    };
    const metadata = { ...(raw?.metadata as RawObject), managedFields: [edit] };
    return { ...raw, metadata, ...more };
  };

  it('tell what was changed while they were watched, and nothing else', () => {
    const cluster = watched(base);
    expect(cluster.policies().edits).toEqual([]);
    cluster.put(written('{endpointSelector: {}, ingress: [{}]}'));
    const [first, ...others] = cluster.policies().edits;
    expect(others).toEqual([]);
    expect(first).toMatchObject({ ref: { name: 'team' }, who: 'kubectl-edit', at: start });
    expect(first?.before?.specs[0]?.rules[0]?.peers).toMatchObject([{ type: 'labels' }]);
    expect(first?.after?.specs[0]?.rules[0]?.peers).toEqual([]);
    // What the operator writes below it is no change of it.
    cluster.put(
      written('{endpointSelector: {}, ingress: [{}]}', { status: { conditions: [{ type: 'Valid', status: 'True' }] } }),
    );
    expect(cluster.policies().edits).toHaveLength(1);
    cluster.remove('CiliumNetworkPolicy/shop/team');
    expect(cluster.policies().edits[1]).toMatchObject({ ref: { name: 'team' }, who: '' });
    expect(cluster.policies().edits[1]).not.toHaveProperty('after');
    // While nobody watches nobody sees who changed what when.
    cluster.link('ciliumNetworkPolicies', 'stale');
    cluster.policies();
    cluster.put(written('{endpointSelector: {}, ingress: []}'));
    expect(cluster.policies().edits).toHaveLength(2);
    cluster.link('ciliumNetworkPolicies', 'live');
    cluster.policies();
    cluster.remove('CiliumNetworkPolicy/shop/team');
    expect(cluster.policies().edits).toHaveLength(3);
  });

  it('keep an object as it was written', () => {
    const cluster = watched(base);
    cluster.put(
      written('{endpointSelector: {}, ingress: [{}]}', {
        metadata: { name: 'team', namespace: 'shop', labels: { owner: 'a' } },
      }),
    );
    expect(cluster.policies().written({ kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'team' })).toMatchObject({
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name: 'team', labels: { owner: 'a' } },
      spec: { endpointSelector: {}, ingress: [{}] },
    });
    expect(
      cluster.policies().written({ kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'none' }),
    ).toBeUndefined();
  });

  it.each<[SourceId, Parameters<ReturnType<typeof watched>['link']>[1], string, RegExp | undefined]>([
    ['ciliumNetworkPolicies', 'loading', 'unknown', /^ciliumnetworkpolicies are still being read$/],
    ['networkPolicies', 'forbidden', 'unknown', /^networkpolicies may not be listed$/],
    ['ciliumCidrGroups', 'forbidden', 'unknown', /^ciliumcidrgroups may not be listed$/],
    ['adminNetworkPolicies', 'forbidden', 'unknown', /^adminnetworkpolicies may not be listed$/],
    ['adminNetworkPolicies', 'missing', 'allow', undefined],
    ['ciliumNetworkPolicies', 'stale', 'allow', /^the watch of ciliumnetworkpolicies is interrupted/],
    ['nodes', 'forbidden', 'allow', /^nodes may not be listed$/],
  ])('say what they could not look at: %s %s → %s', (source, phase, verdict, says) => {
    const cluster = watched(base);
    const question = { from: { pod: 'shop/p0' }, to: { pod: 'shop/p1' }, port: 80, protocol: 'TCP' } as const;
    expect(cluster.policies().engine.ask(question).verdict).toBe('allow');
    cluster.link(source, phase);
    const { engine, unread } = cluster.policies();
    expect(engine.ask(question).verdict).toBe(verdict);
    if (says) expect(unread).toEqual([expect.stringMatching(says)]);
    else expect(unread).toEqual([]);
    cluster.link(source, 'live');
    expect(cluster.policies().engine.ask(question).verdict).toBe('allow');
  });

  it('are in force nowhere, and no verdict is certain, where no Cilium runs', () => {
    const netpol = { ...base[0], apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
    const cluster = watched(base.filter(({ kind }) => kind !== 'ConfigMap' && kind !== 'DaemonSet'));
    cluster.put({
      ...netpol,
      metadata: { name: 'np', namespace: 'shop' },
      spec: { podSelector: {}, policyTypes: ['Ingress'] },
    });
    const { summaries, engine, unread } = cluster.policies();
    expect(summaries.get('CiliumNetworkPolicy/shop/team')).toMatchObject({
      inForce: 'no',
      why: 'no Cilium agent runs here: nobody enforces it',
    });
    expect(summaries.get('NetworkPolicy/shop/np')).toMatchObject({
      inForce: 'unknown',
      why: expect.stringMatching(/whether another network enforces it is not known/),
    });
    expect(unread).toEqual([expect.stringMatching(/^no Cilium agent runs here/)]);
    const question = { from: { pod: 'shop/p0' }, to: { pod: 'shop/p1' }, port: 80, protocol: 'TCP' } as const;
    expect(engine.ask(question).verdict).toBe('unknown');
  });

  it('do not count pods before all of them arrived', () => {
    const cluster = watched();
    cluster.link('pods', 'loading');
    cluster.put(...base);
    expect(cluster.policies().summaries.get('CiliumNetworkPolicy/shop/team')).toMatchObject({
      selects: -1,
      inForce: 'yes',
    });
    cluster.link('pods', 'live');
    expect(cluster.policies().summaries.get('CiliumNetworkPolicy/shop/team')).toMatchObject({ selects: 4 });
  });
});

function keyOf(raw: RawObject): string {
  const { namespace = '', name = '' } = raw.metadata as { namespace?: string; name?: string };
  return `${String(raw.kind)}/${namespace}/${name}`;
}

function sorted(facts: PolicyFacts): unknown {
  const text = (value: unknown) => JSON.stringify(value);
  const inOrder = <T>(list: readonly T[]) => list.toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
  return {
    ...facts,
    ...Object.fromEntries(
      (['pods', 'nodes', 'services', 'policies'] as const).map((key) => [key, inOrder<unknown>(facts[key])]),
    ),
  };
}

function compare(cluster: ReturnType<typeof watched>, before: ReturnType<typeof livePolicies>) {
  const now = cluster.policies();
  const engine = createEngine(readFacts(cluster.objects(), options));
  expect(sorted(now.engine.index.facts)).toEqual(sorted(engine.index.facts));
  const [is, should] = [answers(now.engine), answers(engine)];
  expect(is).toEqual(should);
  expect(Object.fromEntries(now.summaries)).toEqual(
    Object.fromEntries(
      engine.index.facts.policies.map((one) => [policyKey(one.ref), policySummary(one, engine.index)]),
    ),
  );
  // Who did not see the revision grow still has the right answer for the pods that were there.
  if (now.revision === before.revision) {
    const stayed = new Map(before.engine.index.facts.pods.map((one) => [`${one.namespace}/${one.name}`, one]));
    const same = now.engine.index.facts.pods.filter((one) => stayed.get(`${one.namespace}/${one.name}`) === one);
    for (const one of same)
      expect(now.engine.index.identities.classOf(one)).toBe(before.engine.index.identities.classOf(one));
  }
  return now;
}
