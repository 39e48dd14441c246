// The road out on a simulated cluster: planned, done, seen in the watch, taken back.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyPolicy } from '../../src/actions/apply-policy.ts';
import { deletePolicy } from '../../src/actions/delete-policy.ts';
import { createRoad, type Outcome, type Road } from '../../src/actions/road.ts';
import { undo } from '../../src/actions/undo.ts';
import { openWrites } from '../../src/commands/write-word.ts';
import type { RawObject } from '../../src/model/objects/row.ts';
import type { Draft, PolicyAsks } from '../../src/model/policies/policy-asks.ts';
import type { PolicyRef } from '../../src/model/policies/rule.ts';
import { asWritten } from '../../src/model/policies/written.ts';
import { type WatchedCluster, watchCluster } from '../wire/watched-cluster.ts';

let cluster: WatchedCluster;
let road: Road;
const signal = new AbortController().signal;

beforeEach(async () => {
  cluster = await watchCluster();
  await cluster.allLive();
  road = roadOf(cluster);
  await road.open(60_000);
});
afterEach(() => cluster.close());

function roadOf({ sources, snapshot }: WatchedCluster, seenMs = 5_000, whatIf?: PolicyAsks['whatIf']): Road {
  const subscribe = (listener: () => void) => {
    const timer = setInterval(listener, 10);
    return () => clearInterval(timer);
  };
  const asked = whatIf === undefined ? {} : { whatIf };
  return createRoad({ asks: sources.asks, snapshot, subscribe, protectedNames: ['*staging*'], seenMs, ...asked });
}

const db = (kind: PolicyRef['kind'] = 'CiliumNetworkPolicy'): PolicyRef => ({ kind, namespace: 'shop', name: 'db' });
const groups = { NetworkPolicy: 'networking.k8s.io', CiliumNetworkPolicy: 'cilium.io' } as const;

function networkPolicy(port: number, metadata: RawObject = {}): RawObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'db', namespace: 'shop', ...metadata },
    spec: {
      podSelector: { matchLabels: { app: 'db' } },
      policyTypes: ['Ingress'],
      ingress: [{ ports: [{ port, protocol: 'TCP' }] }],
    },
  };
}
function ciliumPolicy(port: string, metadata: RawObject = {}): RawObject {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'db', namespace: 'shop', ...metadata },
    spec: { endpointSelector: {}, ingress: [{ toPorts: [{ ports: [{ port, protocol: 'TCP' }] }] }] },
  };
}

const stored = (kind: keyof typeof groups) =>
  cluster.simulator.cluster.store.get(`${kind}.${groups[kind]}`, 'shop', 'db') as RawObject | undefined;
const live = (kind: keyof typeof groups): RawObject => stored(kind) ?? expect.fail(`no ${kind} shop/db`);
const made = (object: RawObject) =>
  cluster.simulator.cluster.store.create(object as never, 'kubectl-create') as unknown as RawObject;
const changed = (object: RawObject, manager = 'kubectl-edit') =>
  cluster.simulator.cluster.store.update(object as never, manager);
/** The operator's word on a policy, which is no change of what people write. */
const judged = (status: 'True' | 'False', message = '') =>
  cluster.simulator.cluster.store.update(
    { ...live('CiliumNetworkPolicy'), status: { conditions: [{ type: 'Valid', status, message }] } } as never,
    'cilium-operator',
    'status',
  );
const signed = (lines: readonly { sign: string; text: string }[]) =>
  lines.filter(({ sign }) => sign === '+' || sign === '-').map(({ sign, text }) => `${sign} ${text.trim()}`);
const steps = () => {};

async function applied(object: RawObject): Promise<Outcome> {
  return road.run(applyPolicy, await road.plan(applyPolicy, { object }, signal), steps);
}

describe('a plan', () => {
  it('says what it does, by which call and command, and what differs; and changes nothing', async () => {
    made(networkPolicy(5432));
    const plan = await road.plan(
      applyPolicy,
      { object: networkPolicy(6432), reach: ['2 pairs newly denied.'] },
      signal,
    );
    expect(plan).toMatchObject({
      sentence: 'Replaces NetworkPolicy shop/db.',
      title: 'edit NetworkPolicy shop/db',
      kubectl: 'kubectl --context admin -n shop replace -f FILE',
      reach: ['2 pairs newly denied.'],
      dangerous: false,
      warnings: [],
    });
    expect(signed(plan.difference)).toEqual(['- - port: 5432', '+ - port: 6432']);
    expect(live('NetworkPolicy')).toMatchObject(networkPolicy(5432));
  });

  it('is of nothing where the draft is what is there', async () => {
    made(networkPolicy(5432));
    expect((await road.plan(applyPolicy, { object: networkPolicy(5432) }, signal)).difference).toEqual([]);
  });

  it.each<[string, RawObject, RegExp]>([
    ['Argo CD', { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:db' } }, /Argo CD .* may put it back/],
    ['Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop' } }, /Flux .* will put it back/],
    ['Helm', { labels: { 'app.kubernetes.io/managed-by': 'Helm' } }, /Helm .* next upgrade/],
  ])('warns that %s keeps the object', async (_, metadata, words) => {
    made(networkPolicy(5432, metadata));
    const { warnings } = await road.plan(applyPolicy, { object: networkPolicy(6432, metadata) }, signal);
    expect(warnings).toEqual([expect.stringMatching(words)]);
  });

  it.each<[string, RawObject, RegExp]>([
    ['a kind that no action changes', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } }, /v1 Pod is no kind/],
    ['another version', { ...ciliumPolicy('1'), apiVersion: 'cilium.io/v9' }, /cilium.io\/v9 .* is no kind/],
    ['no name', { ...networkPolicy(1), metadata: {} }, /has no name/],
    ['a field that the server does not know', { ...ciliumPolicy('1'), specc: {} }, /unknown field "specc"/],
    ['what its schema refuses', { ...ciliumPolicy('1'), spec: { endpointSelector: 'db' } }, /spec\.endpointSelector/],
  ])('is refused for %s, before anything is sent', async (_, object, words) => {
    await expect(road.plan(applyPolicy, { object }, signal)).rejects.toThrow(words);
    expect(stored('NetworkPolicy') ?? stored('CiliumNetworkPolicy')).toBeUndefined();
  });

  it('of a policy that AKS itself keeps is refused, with what is possible instead', async () => {
    made(networkPolicy(5432, { labels: { 'addonmanager.kubernetes.io/mode': 'Reconcile' } }));
    const words = /part of AKS, which puts it back .* A policy of your own beside it/;
    await expect(road.plan(applyPolicy, { object: networkPolicy(6432) }, signal)).rejects.toThrow(words);
    await expect(road.plan(deletePolicy, { ref: db('NetworkPolicy') }, signal)).rejects.toThrow(words);
  });

  it('is a conflict where somebody changed the object since editing began, and says who', async () => {
    const base = made(networkPolicy(5432));
    changed(networkPolicy(1));
    await expect(road.plan(applyPolicy, { object: networkPolicy(6432), base }, signal)).rejects.toMatchObject({
      kind: 'conflict',
      what: expect.stringMatching(/was changed by kubectl-edit at \d\d:\d\d:\d\d while you edited it/),
    });
  });

  it('of a protected cluster and of a deletion asks for the name', async () => {
    made(networkPolicy(5432));
    expect((await road.plan(deletePolicy, { ref: db('NetworkPolicy') }, signal)).dangerous).toBe(true);
    expect(road.isProtected()).toBe(false);
    const elsewhere = { ...cluster.snapshot(), cluster: { ...cluster.snapshot().cluster, context: 'eu-STAGING-2' } };
    expect(roadOf({ ...cluster, snapshot: () => elsewhere }).isProtected()).toBe(true);
  });
});

describe('a change', () => {
  it('is done when the watch shows it', async () => {
    const outcome = await applied(networkPolicy(5432));
    expect(outcome).toMatchObject({
      outcome: 'verified',
      text: expect.stringMatching(/watch shows NetworkPolicy shop\/db/),
    });
    expect(cluster.snapshot().tables.networkPolicies.named('shop', 'db')).toBeDefined();
    expect(cluster.snapshot().jobs).toMatchObject({ running: [], done: [{ outcome: 'verified' }] });
  });

  it('keeps what the server and controllers own', async () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"spec":{}}' };
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: 'u' }];
    made(networkPolicy(5432, { annotations, ownerReferences }));
    await applied(networkPolicy(6432, { labels: { tier: 'data' } }));
    expect(live('NetworkPolicy')).toMatchObject({
      metadata: { labels: { tier: 'data' }, annotations, ownerReferences },
      spec: { ingress: [{ ports: [{ port: 6432 }] }] },
    });
  });

  it('goes on where only a controller wrote its status meanwhile', async () => {
    made(ciliumPolicy('5432'));
    const plan = await road.plan(applyPolicy, { object: ciliumPolicy('6432') }, signal);
    judged('True');
    expect(await road.run(applyPolicy, plan, steps)).toMatchObject({ outcome: 'verified' });
    expect(JSON.stringify(live('CiliumNetworkPolicy').spec)).toContain('6432');
  });

  it('is not made where somebody changed the object after it was planned, and says who', async () => {
    made(networkPolicy(5432));
    const plan = await road.plan(applyPolicy, { object: networkPolicy(6432) }, signal);
    changed(networkPolicy(1));
    expect(await road.run(applyPolicy, plan, steps)).toMatchObject({
      outcome: 'refused',
      kind: 'conflict',
      text: expect.stringMatching(/changed meanwhile by kubectl-edit .* nothing of yours was done/),
      undo: undefined,
    });
    expect(live('NetworkPolicy')).toMatchObject(networkPolicy(1));
  });

  it('that the watch does not show is written, not done', async () => {
    cluster.simulator.faults.add({ id: 'watch-silent', verb: 'watch', resource: 'networkpolicies' });
    await cluster.until('watched in silence', () => cluster.simulator.faults.orders().length === 1);
    cluster.simulator.cluster.store.create(networkPolicy(1, { name: 'other' }) as never, 'test');
    road = roadOf(cluster, 300);
    expect(await applied(networkPolicy(5432))).toMatchObject({
      outcome: 'written',
      text: expect.stringMatching(/^Written, not yet seen: the watch has not shown it/),
    });
    expect(stored('NetworkPolicy')).toBeDefined();
  });

  it.each<['True' | 'False', string, RegExp]>([
    ['True', '', /Cilium calls it valid/],
    ['False', 'no such port', /Cilium rejects it: no such port\. None of it is in force/],
  ])('of a Cilium policy waits for Cilium’s word: Valid=%s', async (status, message, words) => {
    const under = applied(ciliumPolicy('5432'));
    await cluster.until('written', () => stored('CiliumNetworkPolicy') !== undefined);
    judged(status, message);
    expect(await under).toMatchObject({ outcome: 'verified', text: expect.stringMatching(words) });
  });

  it('of a Cilium policy that nobody judges is written, and says what it waited for', async () => {
    road = roadOf(cluster, 300);
    expect(await applied(ciliumPolicy('5432'))).toMatchObject({
      outcome: 'written',
      text: 'Written, not yet seen: Cilium has not said whether it is valid.',
    });
  });

  it('does not take what Cilium said of the version before for its word on this one', async () => {
    road = roadOf(cluster, 300);
    made(ciliumPolicy('5432'));
    judged('False', 'no such port');
    expect(await applied(ciliumPolicy('6432'))).toMatchObject({
      outcome: 'written',
      text: 'Written, not yet seen: Cilium has only rejected the version before (no such port).',
    });
    judged('True');
    expect(await applied(ciliumPolicy('7432'))).toMatchObject({
      outcome: 'verified',
      text: expect.stringMatching(/Cilium called it valid before and has not objected/),
    });
  });

  it('of a group, on which Cilium has no word to say, is done when the watch shows it', async () => {
    const metadata = { name: 'offices' };
    const spec = { externalCIDRs: ['203.0.113.0/24'] };
    const group = { apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata, spec };
    expect(await applied(group)).toMatchObject({ outcome: 'verified' });
  });

  it('is refused when the window has closed while one read', async () => {
    const plan = await road.plan(applyPolicy, { object: networkPolicy(5432) }, signal);
    expect(road.refusal()).toBeUndefined();
    await road.close();
    expect(road.refusal()).toMatch(/^read-only: :write/);
    expect(await road.run(applyPolicy, plan, steps)).toMatchObject({ outcome: 'refused', kind: 'closed' });
    expect(stored('NetworkPolicy')).toBeUndefined();
  });
});

it('opens nothing where the server does not say what one may change, and says that it did not', async () => {
  const never = (_ms: number, _rights: unknown, limit: AbortSignal) =>
    new Promise<never>((_, reject) => limit.addEventListener('abort', () => reject(new Error('Cancelled.'))));
  const { sources, snapshot } = cluster;
  const asks = { ...sources.asks, openWrites: never };
  const slow = createRoad({ asks, snapshot, subscribe: () => steps, protectedNames: [], openMs: 100 });
  expect(await openWrites(slow)).toEqual({
    text: 'still read-only: The server did not say within 0.1s what you may change. :write asks again.',
    tone: 'warning',
  });
});

describe('undo', () => {
  const undone = async (id: string) => {
    const plan = await road.plan(undo, { id }, signal);
    return { plan, outcome: await road.run(undo, plan, steps) };
  };

  it('of an edit puts back exactly what was there', async () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', note: 'by hand' };
    const before = made(networkPolicy(5432, { annotations, labels: { tier: 'data' } }));
    const { undo: kept } = await applied(networkPolicy(6432));
    const { plan, outcome } = await undone(kept?.id ?? '');
    expect(plan).toMatchObject({ title: 'undo: edit NetworkPolicy shop/db', warnings: [], dangerous: false });
    expect(outcome.outcome).toBe('verified');
    expect(asWritten(live('NetworkPolicy'))).toEqual(asWritten(before));
    expect((live('NetworkPolicy').metadata as RawObject).annotations).toEqual(annotations);
  });

  it('of a creation deletes, of a deletion makes anew, and can itself be taken back', async () => {
    const creation = await applied(networkPolicy(5432));
    const first = await undone(creation.undo?.id ?? '');
    expect(first.plan.request.verb).toBe('delete');
    expect(stored('NetworkPolicy')).toBeUndefined();

    const second = await undone(first.outcome.undo?.id ?? '');
    expect(second.plan).toMatchObject({ title: 'redo: create NetworkPolicy shop/db', request: { verb: 'create' } });
    expect(live('NetworkPolicy')).toMatchObject(networkPolicy(5432));
  });

  it('says what it would do to connections, of the object that it puts back or takes away', async () => {
    const drafts: Draft[] = [];
    const ends = {
      from: 'shop/api',
      to: 'shop/db',
      pods: [1, 1],
      port: { port: 1, protocol: 'TCP', other: false },
    } as const;
    road = roadOf(cluster, 5_000, async (draft) => {
      drafts.push(draft);
      const pairs = [{ ...ends, before: 'deny', after: 'allow' }] as const;
      return { pairs, outside: [], undeclared: [], unchanged: 8_146, findings: [], summaries: [], at: 0 };
    });
    await road.open(60_000);
    const creation = await applied(networkPolicy(5432));
    const edit = await applied(networkPolicy(6432));
    const back = await road.plan(undo, { id: edit.undo?.id ?? '' }, signal);
    expect(back.reach).toEqual(['0 pairs of workloads newly denied, 1 newly allowed; 8,146 unchanged.']);
    await road.plan(undo, { id: creation.undo?.id ?? '' }, signal);
    expect(drafts).toMatchObject([
      { put: [networkPolicy(5432)], remove: [] },
      { put: [], remove: [db('NetworkPolicy')] },
    ]);
  });

  it('is planned where nobody can say what it would do to connections, and says so', async () => {
    road = roadOf(cluster, 5_000, () => Promise.reject(new Error('pods are not known')));
    await road.open(60_000);
    const { undo: kept } = await applied(networkPolicy(5432));
    const { reach } = await road.plan(undo, { id: kept?.id ?? '' }, signal);
    expect(reach).toEqual(['What it would do to connections could not be computed: pods are not known']);
  });

  it('uses its record up', async () => {
    const { undo: kept } = await applied(networkPolicy(5432));
    await undone(kept?.id ?? '');
    await expect(road.plan(undo, { id: kept?.id ?? '' }, signal)).rejects.toThrow(/no longer kept/);
    expect(cluster.snapshot().jobs.undo.map(({ title }) => title)).toEqual(['undo: create NetworkPolicy shop/db']);
  });

  it('says who changed the object since, and asks for more than a key', async () => {
    made(networkPolicy(5432));
    const { undo: kept } = await applied(networkPolicy(6432));
    changed(networkPolicy(1));
    const plan = await road.plan(undo, { id: kept?.id ?? '' }, signal);
    expect(plan).toMatchObject({
      dangerous: true,
      warnings: [expect.stringMatching(/changed since by kubectl-edit .* takes that back, too/)],
    });
  });

  it('says so where there is nothing to take back any more', async () => {
    const { undo: kept } = await applied(networkPolicy(5432));
    cluster.simulator.cluster.store.remove('NetworkPolicy.networking.k8s.io', 'shop', 'db');
    await expect(road.plan(undo, { id: kept?.id ?? '' }, signal)).rejects.toThrow(/is gone already/);
  });

  it.each(['../../etc/passwd', 'nothing', ''])('of a record that is not there: %j', async (id) => {
    await expect(road.plan(undo, { id }, signal)).rejects.toThrow(/no longer kept/);
  });
});
