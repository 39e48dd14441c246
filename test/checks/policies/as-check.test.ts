import { describe, expect, it } from 'vitest';
import { asCheck } from '../../../src/checks/policies/as-check.ts';
import { lints } from '../../../src/checks/policies/index.ts';
import { createChecks } from '../../../src/checks/run.ts';
import type { Change } from '../../../src/model/change.ts';
import type { PolicyEdit } from '../../../src/model/policies/policy-edit.ts';
import { type Engine, engineOn } from '../../../src/model/policies/verdict.ts';
import { apply } from '../../../src/model/snapshot.ts';
import { ccnp, cnp, np, type Setting, shop } from '../../model/policies/shop.ts';
import { type Given, given } from '../given.ts';
import { now } from '../healthy-cluster.ts';

/** A live cluster whose policies these are, whatever its tables say of them. */
function live(policies: string, setting: Setting = {}, cluster: Given = {}) {
  let known: { engine: Engine; edits: readonly PolicyEdit[]; revision: number } = {
    engine: shop(policies, setting),
    edits: [],
    revision: 0,
  };
  let counted = 0;
  const checks = lints.map((lint) => asCheck(lint, () => known));
  const runner = createChecks({
    checks: checks.map((check) => ({
      ...check,
      look(snapshot, at) {
        counted += 1;
        return check.look(snapshot, at);
      },
    })),
  });
  let snapshot = given(cluster);
  return {
    put(engine: (was: Engine) => Engine) {
      known = { ...known, engine: engine(known.engine), revision: known.revision + 1 };
    },
    /** Pods have other addresses: no verdict is another one. */
    move(addresses: string) {
      const { facts, identities } = known.engine.index;
      const pods = facts.pods.map((pod, at) => ({ ...pod, ips: [`${addresses}.${at}`] }));
      known = { ...known, engine: engineOn(known.engine.index.withFacts({ ...facts, pods }, identities)) };
    },
    /** The first of its policies was made then, as somebody watched. */
    made(at: number) {
      const edits = known.engine.index.facts.policies
        .slice(0, 1)
        .map((after) => ({ at, ref: after.ref, after, who: '' }));
      known = { ...known, edits };
    },
    engine: () => known.engine,
    /** Something or other of the pods changes, so that checks look again. */
    touch() {
      const [row] = snapshot.tables.pods.rows.values();
      if (!row) throw new Error('no pod');
      const change: Change = { type: 'put', kind: 'pods', rows: [{ ...row }], at: now };
      snapshot = apply(snapshot, [change], now);
    },
    looks: () => counted,
    judge: (at = now) => runner.judge(snapshot, at),
    told: (at = now) => runner.judge(snapshot, at).findings.map(({ id, title }) => `${id}: ${title}`),
  };
}

const managed: Setting = { config: { ipam: 'delegated-plugin', 'enable-l7-proxy': 'false' } };
const noPods = cnp('{endpointSelector: {matchLabels: {app: nobody}}, ingress: [{}]}');

describe('lints of a live cluster', () => {
  it('one finding for each lint, with its policies, where they are wrong, and what to do', () => {
    const wrong = ['a', 'b'].map((name) =>
      cnp('{endpointSelector: {}, ingress: [{fromEndpoints: []}], egress: [{toEndpoints: []}]}', { name }),
    );
    const [first] = live(wrong.join(''), managed).judge().findings;
    expect(first).toMatchObject({
      id: 'policies/empty-peer-list',
      severity: 'warning',
      title: '2 policies: empty list of peers, CNP shop/a and 1 more',
      objects: [
        { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'a' },
        { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'b' },
      ],
      evidence: [
        'CNP shop/a spec.ingress[0].fromEndpoints: an empty list selects nobody',
        'CNP shop/a spec.egress[0].toEndpoints: an empty list selects nobody',
        'CNP shop/b spec.ingress[0].fromEndpoints: an empty list selects nobody',
        'CNP shop/b spec.egress[0].toEndpoints: an empty list selects nobody',
      ],
      reach: '2 policies',
      next: 'Write {} as the one item for every pod of the namespace, or leave the field out.',
    });
  });

  it('one policy is named, with what is wrong', () => {
    expect(live(noPods, managed).told()).toEqual([
      'policies/selects-nothing: CNP shop/p: no pod has app=nobody,k8s:io.kubernetes.pod.namespace=shop',
    ]);
  });

  it('clusterwide policies have no namespace, and a namespace is no policy', () => {
    const one = live(
      ccnp('{nodeSelector: {}, ingress: [{fromEntities: [cluster]}]}') +
        cnp('{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEndpoints: [{}]}]}'),
      managed,
    );
    expect(one.told()).toEqual([
      'policies/node-selector-not-enforced: CCNP c: it selects nodes, and the host firewall is off (enable-host-firewall)',
      'policies/namespace-without-default-deny: Namespace shop: no policy isolates 2 of its 3 pods, front for one',
    ]);
  });

  it('only as many lines of evidence as anybody reads', () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      cnp('{endpointSelector: {}, ingress: [{fromEndpoints: []}]}', { name: `p${index}` }),
    );
    const found = live(many.join(''), managed)
      .judge()
      .findings.find(({ id }) => id.endsWith('empty-peer-list'));
    expect([found?.objects.length, found?.evidence.length, found?.evidence.at(-1)]).toEqual([
      30,
      21,
      'and 10 more lines',
    ]);
  });

  it('errors and warnings come before notes', () => {
    const mixed = noPods + np('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.8.0.0/16}}]}]}');
    const { findings } = live(mixed, managed).judge();
    expect(findings.map(({ severity }) => severity)).toEqual(['warning', 'note']);
  });
});

describe('what cannot be known is not looked at, and said so', () => {
  const notLooked = (one: ReturnType<typeof live>) =>
    one.judge().notLookedAt.map(({ id, reason }) => `${id.replace('policies/', '')}: ${reason}`);

  it('nothing, where everything was read', () => expect(notLooked(live(noPods, managed))).toEqual([]));

  it('proxies of AKS that nobody has seen', () => {
    const config = { ipam: 'delegated-plugin', 'enable-l7-proxy': 'true' };
    expect(notLooked(live(noPods, { config }))).toEqual([
      'l7-without-acns: whether Advanced Container Networking Services are on is not known',
      'fqdn-without-acns: whether Advanced Container Networking Services are on is not known',
    ]);
  });

  it('pods that may not be listed: what a policy says by itself is judged all the same', () => {
    const one = live(cnp('{endpointSelector: {}, ingress: [{fromEndpoints: []}]}'), managed, {
      links: { pods: 'forbidden' },
    });
    expect(one.told()).toEqual(['policies/empty-peer-list: CNP shop/p: an empty list selects nobody']);
    expect(notLooked(one)).toContain('selects-nothing: forbidden: list pods');
  });

  it('cilium-config that may not be read', () => {
    const one = live(noPods, {}, { links: { configMaps: 'forbidden' } });
    expect(notLooked(one)).toContain('rejected: forbidden: list configmaps');
    expect(notLooked(one).join()).not.toContain('unknown-field');
  });

  it('a cluster without Cilium’s kinds has none of its policies', () => {
    const links = { ciliumNetworkPolicies: 'missing', ciliumClusterwideNetworkPolicies: 'missing' } as const;
    expect(notLooked(live('', managed, { links }))).toEqual([]);
  });
});

describe('what changed is looked at again', () => {
  it('an edited policy', () => {
    const one = live(noPods, managed);
    expect(one.told()).toHaveLength(1);
    const [mended] = shop(cnp('{endpointSelector: {}, ingress: [{}]}')).index.facts.policies;
    one.put((engine) => engine.withPolicies(mended ? [mended] : []));
    one.touch();
    expect(one.told(now + 1)).toEqual([]);
  });

  it('a policy whose neighbour was edited', () => {
    const deny = cnp('{endpointSelector: {matchLabels: {app: back}}, ingressDeny: [{fromEntities: [world]}]}', {
      name: 'deny',
    });
    const one = live(deny + cnp('{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]}'), managed);
    expect(one.told()).toEqual([]);
    one.put((engine) => engine.withPolicies(engine.index.facts.policies.filter(({ ref }) => ref.name === 'deny')));
    one.touch();
    expect(one.told(now + 1)[0]).toMatch(/^policies\/deny-only-isolates: CNP shop\/deny: /);
  });

  it('pods that came, within seconds, although nothing else happens', () => {
    const one = live(noPods, managed);
    expect(one.told()).toHaveLength(1);
    const pod = '{kind: Pod, metadata: {name: n, namespace: shop, labels: {app: nobody}}, spec: {containers: []}}';
    one.put(() => shop(noPods, { ...managed, objects: pod }));
    one.touch();
    one.told(now + 1_000);
    expect(one.told(now + 6_000).filter((line) => line.includes('selects-nothing'))).toEqual([]);
  });

  it('addresses of pods, within a minute, although no verdict is another one', () => {
    const one = live(np('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.8.0.0/16}}]}]}'), managed);
    const told = (at: number) => one.told(at).filter((line) => line.includes('ip-block'));
    expect(told(now)).toHaveLength(1);
    one.move('10.20.0');
    one.touch();
    told(now + 1_000);
    expect(told(now + 61_000)).toEqual([]);
    one.move('10.8.7');
    one.touch();
    expect(told(now + 130_000)).toHaveLength(1);
  });

  it('a change is told for an hour, though nothing else happens', () => {
    const one = live(cnp('{endpointSelector: {matchLabels: {app: back}}, ingress: [{}]}'), managed);
    one.made(now - 50 * 60_000);
    const told = (at: number) => one.told(at).filter((line) => line.includes('changed-shortly-before'));
    expect(told(now)).toHaveLength(1);
    expect(told(now + 9 * 60_000)).toHaveLength(1);
    expect(told(now + 11 * 60_000)).toEqual([]);
  });

  it('nothing is looked at again where nothing changed', () => {
    const one = live(noPods, managed);
    one.judge();
    const before = one.looks();
    one.judge(now + 1);
    expect(one.looks()).toBe(before);
  });
});
