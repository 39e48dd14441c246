import { activityEntries, deletedEntries } from './azure/timeline-of-azure.ts';
import type { Change, ClusterFacts, FactChange, RequestCounts } from './change.ts';
import type { Churn } from './churn.ts';
import { type ChurnFold, createChurnFold } from './churn-fold.ts';
import type { Fact, FactId, Facts } from './facts.ts';
import type { Judgement } from './finding.ts';
import { type Jobs, NO_JOBS } from './jobs.ts';
import { type KindId, kinds, type Rows } from './kinds.ts';
import type { Link, SourceId } from './link.ts';
import { type LogSigns, NO_LOG_SIGNS } from './log-signs.ts';
import { createMemo, type Memo } from './memo.ts';
import { slicesOf } from './objects/cilium-endpoint-slice.ts';
import type { PolicySummary } from './policies/policy-asks.ts';
import { policyKey } from './policies/rule.ts';
import { serverTime } from './server-time.ts';
import { createTable, type RowChange, type Table, type WritableTable } from './table.ts';
import type { Timeline } from './timeline.ts';
import { createTimelineFold, type TimelineFold } from './timeline-fold.ts';
import { sourceOf } from './would-be-seen.ts';

/**
 * Everything we know, at one moment. The only input of checks and screens. The object is new after every batch; the
 * tables inside it are the same ones, changed in place (copying 100,000 rows for one change is out of the question),
 * so whoever keeps a derived value compares `table.version`.
 */
export type Snapshot = {
  /** Grows with every context switch. */
  epoch: number;
  cluster: ClusterFacts;
  tables: { readonly [K in KindId]: Table<Rows[K]> };
  links: ReadonlyMap<SourceId, Link>;
  /** What is known besides objects. One that nobody asked for is absent. */
  facts: { readonly [K in FactId]?: Fact<Facts[K]> };
  requests: RequestCounts;
  judgement: Judgement;
  /** What is being changed by us, and whether it may be. */
  jobs: Jobs;
  /** What known patterns stood in the logs that somebody happened to read. */
  logSigns: LogSigns;
  churn: Churn;
  timeline: Timeline;
  /** Policies by policyKey: whom they select, and whether they are in force. */
  policies: ReadonlyMap<string, PolicySummary>;
  /** Grows where some verdict may be another than before, as the worker sees it. */
  policiesRevision: number;
  /** What the functions of model/ derived from these tables and may use again. Nobody else's business. */
  memo: Memo;
};

/** Nothing known yet: every table empty, no link. Who shows no timeline need not have one told. */
export function emptySnapshot(now: number, timelineOf: TimelineOf = createTimelineFold): Snapshot {
  return blank(0, NO_CLUSTER, now, timelineOf);
}

/**
 * The snapshot after these changes, in O(changes). Tables are changed in place (see Snapshot), everything else is
 * replaced. `now` is our own clock; everything is dated by the server's, as far as it is known to differ. Call it
 * without changes once a second while nothing comes, so that rates roll on.
 */
export function apply(snapshot: Snapshot, changes: readonly Change[], now: number): Snapshot {
  let next = snapshot as Kept;
  for (const change of changes) next = applyOne(next, change, now);
  const time = serverTime(next, now);
  for (const kind of kindIds) next.tables[kind].commit(time);
  return { ...next, churn: next.churnFold.view(time, countsOf(next)), timeline: next.timelineFold.view() } as Kept;
}

/** What travels with a snapshot but is nobody else's to see. */
type Kept = Omit<Snapshot, 'tables'> & {
  tables: WritableTables;
  churnFold: ChurnFold;
  timelineOf: TimelineOf;
  timelineFold: TimelineFold;
};
type TimelineOf = (watchedSince: number) => TimelineFold;
type WritableTables = { readonly [K in KindId]: WritableTable<Rows[K]> };

const system = 'kube-system';
const kindIds = Object.keys(kinds) as readonly KindId[];

const NO_CLUSTER: ClusterFacts = {
  context: '',
  server: '',
  kubernetesVersion: '',
  user: '',
  namespace: '',
  latency: 0,
  insecure: false,
};
const NO_REQUESTS: RequestCounts = { total: 0, failed: 0, throttled: 0, byVerb: {}, log: [] };
const NO_JUDGEMENT: Judgement = {
  findings: [],
  notLookedAt: [],
  notAsked: [],
  looked: 0,
  of: 0,
  waiting: [],
  cleared: [],
  since: 0,
  at: 0,
};

function blank(epoch: number, cluster: ClusterFacts, now: number, timelineOf: TimelineOf): Kept {
  const tables = createTables();
  const churnFold = createChurnFold({
    endpoint: (namespace, name) => tables.ciliumEndpoints.named(namespace, name),
    entries: (namespace, name) =>
      slicesOf(tables.ciliumEndpointSlices, namespace, name).flatMap((slice) =>
        slice.endpoints.filter((entry) => entry.name === name),
      ),
  });
  const timelineFold = timelineOf(now);
  return {
    epoch,
    cluster,
    tables,
    links: new Map(),
    facts: {},
    requests: NO_REQUESTS,
    judgement: NO_JUDGEMENT,
    jobs: NO_JOBS,
    logSigns: NO_LOG_SIGNS,
    churn: churnFold.view(now, undefined),
    timeline: timelineFold.view(),
    policies: new Map(),
    policiesRevision: 0,
    memo: createMemo(),
    churnFold,
    timelineOf,
    timelineFold,
  };
}

function createTables(): WritableTables {
  return Object.fromEntries(kindIds.map((kind) => [kind, createTable(kinds[kind].indexes as never)])) as WritableTables;
}

function applyOne(snapshot: Kept, change: Change, now: number): Kept {
  switch (change.type) {
    case 'put':
      put(snapshot, change.kind, change.rows, change.at);
      return snapshot;
    case 'remove':
      remove(snapshot, change.kind, change.uids, change.at);
      return snapshot;
    case 'clear':
      clear(snapshot, change.kind, change.source);
      return snapshot;
    case 'link':
      hearOfWatch(snapshot, change.source, change.link, serverTime(snapshot, now));
      return { ...snapshot, links: new Map(snapshot.links).set(change.source, change.link) };
    case 'cluster':
      return withFacts(snapshot, { ...snapshot.cluster, ...change.cluster }, now);
    case 'fact':
      tellOfAzure(snapshot.timelineFold, change);
      return { ...snapshot, facts: withFact(snapshot.facts, change) };
    case 'requests':
      return { ...snapshot, requests: change.requests };
    case 'judgement':
      return { ...snapshot, judgement: change.judgement };
    case 'jobs':
      return { ...snapshot, jobs: change.jobs };
    case 'logSigns':
      return { ...snapshot, logSigns: change.logSigns };
    case 'policies':
      return {
        ...snapshot,
        policies: withSummaries(snapshot.policies, change),
        policiesRevision: change.revision,
      };
    case 'reset':
      return change.epoch < snapshot.epoch ? snapshot : blank(change.epoch, change.cluster, now, snapshot.timelineOf);
  }
}

/** What is void was another account's to read, or is switched off: nothing of it stays in the timeline. */
function tellOfAzure(timeline: TimelineFold, change: FactChange): void {
  if (change.value === undefined && !change.void) return;
  if (change.fact === 'activity') timeline.told('activity', activityEntries(change.value ?? []));
  if (change.fact !== 'auditDeletes') return;
  const { value } = change;
  if (value === undefined) timeline.told('auditDeletes', []);
  else timeline.told('auditDeletes', deletedEntries(value), { from: value.from, until: value.until });
}

const CONNECTING: Link = { phase: 'connecting', heard: 0 };

function withFact(facts: Snapshot['facts'], change: FactChange): Snapshot['facts'] {
  const before = facts[change.fact];
  const told = change.value ?? (change.void ? undefined : before?.value);
  const fact = {
    link: change.link ?? before?.link ?? CONNECTING,
    ...(told === undefined ? {} : { value: told }),
    at: change.value === undefined ? (before?.at ?? 0) : change.at,
    version: (before?.version ?? 0) + 1,
  };
  return { ...facts, [change.fact]: fact };
}

function withSummaries(
  known: Snapshot['policies'],
  { put, remove }: Extract<Change, { type: 'policies' }>,
): Snapshot['policies'] {
  const summaries = new Map(known);
  for (const key of remove) summaries.delete(key);
  for (const one of put) summaries.set(policyKey(one.ref), one);
  return summaries;
}

/** A clock that drifts is corrected by less; one that was set makes what just happened look old. */
const clockJumpMs = 30_000;

/** The server's clock is known before its first row: what tells since when we watch has not begun yet. */
function withFacts(snapshot: Kept, cluster: ClusterFacts, now: number): Kept {
  const next = { ...snapshot, cluster };
  const isSet = cluster.skew !== snapshot.cluster.skew && snapshot.timeline.entries.length === 0;
  const jump = Math.abs((cluster.skew ?? 0) - (snapshot.cluster.skew ?? 0));
  const isUnderWay = [...snapshot.links.values()].some(({ phase }) => phase === 'live');
  if (jump > clockJumpMs && isUnderWay) snapshot.churnFold.clockSet(serverTime(next, now));
  return isSet ? { ...next, timelineFold: snapshot.timelineOf(serverTime(next, now)) } : next;
}

function hearOfWatch(snapshot: Kept, source: SourceId, { phase }: Link, now: number): void {
  const before = snapshot.links.get(source)?.phase;
  if (phase !== 'live' || before === 'live' || source === 'systemPods') return;
  snapshot.churnFold.watched(source, now, before === 'stale');
}

function put<K extends KindId>(snapshot: Kept, kind: K, rows: readonly Rows[KindId][], at: number): void {
  const table: WritableTable<Rows[K]> = snapshot.tables[kind];
  const [inSystem, elsewhere] = [isLive(snapshot, kind, system), isLive(snapshot, kind, '')];
  const changes: { change: RowChange<Rows[K]>; live: boolean }[] = [];
  for (const row of rows as readonly Rows[K][]) {
    const live = row.namespace === system ? inSystem : elsewhere;
    const change = table.put(row, at, live);
    if (change === undefined) continue;
    snapshot.churnFold.observe(kind, change, at, live);
    changes.push({ change, live });
  }
  // What a revision came from may stand behind it in the same list.
  for (const { change, live } of changes) snapshot.timelineFold.observe(kind, change, table, at, live);
}

function remove<K extends KindId>(snapshot: Kept, kind: K, uids: readonly string[], at: number): void {
  const table: WritableTable<Rows[K]> = snapshot.tables[kind];
  for (const uid of uids) {
    const change = table.remove(uid, at);
    if (change === undefined) continue;
    const live = isLive(snapshot, kind, change.before?.namespace ?? '');
    snapshot.churnFold.observe(kind, change, at, live);
    snapshot.timelineFold.observe(kind, change, table, at, live);
  }
}

/** Void is not deleted: neither churn nor timeline hears of it. */
function clear(snapshot: Kept, kind: KindId, source: SourceId): void {
  const table: WritableTable<Rows[KindId]> = snapshot.tables[kind] as never;
  for (const row of [...table.rows.values()]) {
    if (kind !== 'pods' || sourceOf('pods', row.namespace) === source) table.forget(row.uid);
  }
  snapshot.churnFold.cleared(kind);
}

function isLive(snapshot: Kept, kind: KindId, namespace: string): boolean {
  return snapshot.links.get(sourceOf(kind, namespace))?.phase === 'live';
}

/** A slope needs honest points: none while a list is incomplete. */
function countsOf(snapshot: Kept): { identities: number; endpoints: number } | undefined {
  const whole = (['ciliumIdentities', 'ciliumEndpoints'] as const).every((kind) => isLive(snapshot, kind, ''));
  if (!whole) return undefined;
  return {
    identities: snapshot.tables.ciliumIdentities.rows.size,
    endpoints: snapshot.tables.ciliumEndpoints.rows.size,
  };
}
