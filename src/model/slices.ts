import { ciliumConfig } from './cluster-mode.ts';
import { createIncremental, type Incremental } from './incremental.ts';
import type { CiliumEndpointRow } from './objects/cilium-endpoint.ts';
import { type CiliumEndpointSliceRow, type SliceEntry, slicesOf } from './objects/cilium-endpoint-slice.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Where CiliumEndpoints and CiliumEndpointSlices disagree (invariants of the operator). Two watches are never at the
 * same moment: what is told here is a suspect until it has stood for a while.
 */
export type Drift = {
  what: DriftKind;
  /** Of the endpoint; of the slice for `over-limit` and `empty` (namespace = the pods' namespace). */
  namespace: string;
  name: string;
  /** Names of the slices concerned. */
  slices: readonly string[];
  /** The address concerned, where one is. */
  ip: string;
  /** `slice says 12345, endpoint 23456` */
  detail: string;
  /** By the objects' own timestamps it has been so at least since; 0 = they do not tell. */
  since: number;
  /** When we first saw it. */
  seen: number;
};

/**
 * missing: complete endpoint in no slice · stale: entry without endpoint · duplicate: in more than one place ·
 * identity, address: entry and endpoint differ · conflict: one address, several endpoints · over-limit, empty: the slice.
 */
export type DriftKind =
  | 'missing'
  | 'stale'
  | 'duplicate'
  | 'identity'
  | 'address'
  | 'conflict'
  | 'over-limit'
  | 'empty';

/** How many endpoints the operator puts into one slice; 100 where cilium-config does not say, or cannot be read. */
export function mostPerSlice(snapshot: Snapshot): number {
  return Number(ciliumConfig(snapshot)['ces-max-ciliumendpoints-per-ces']) || 100;
}

/**
 * All disagreements, worst first within a namespace order. Costs O(changes) after the first look. Meaningless until both
 * kinds are listed whole: callers look at the links of ciliumEndpoints and ciliumEndpointSlices first.
 */
export function sliceDrift(snapshot: Snapshot, now: number): readonly Drift[] {
  const { ciliumEndpoints, ciliumEndpointSlices } = snapshot.tables;
  const watch = snapshot.memo.once('slice-drift', createDriftWatch);
  const most = mostPerSlice(snapshot);
  return snapshot.memo.same('slice-drift-list', [ciliumEndpoints, ciliumEndpointSlices], most, () => [
    ...[...watch.pairs.read(snapshot, now).values()].flat(),
    ...[...watch.addresses.read(snapshot, now).values()].flat(),
    ...[...ciliumEndpointSlices.rows.values()].flatMap((slice) => oddSlice(slice, most, now)),
  ]);
}

type DriftWatch = { pairs: Incremental<readonly Drift[]>; addresses: Incremental<readonly Drift[]> };

function createDriftWatch(): DriftWatch {
  return {
    pairs: createIncremental({
      keys: {
        ciliumEndpoints: (row: CiliumEndpointRow) => [`${row.namespace}/${row.name}`],
        ciliumEndpointSlices: (row: CiliumEndpointSliceRow) =>
          row.endpoints.map((entry) => `${row.endpointNamespace}/${entry.name}`),
      },
      touched: {
        ciliumEndpoints: (before: CiliumEndpointRow, after: CiliumEndpointRow) =>
          isSameEndpoint(before, after) ? [] : [`${after.namespace}/${after.name}`],
        ciliumEndpointSlices: (before: CiliumEndpointSliceRow, after: CiliumEndpointSliceRow) =>
          changedEntries(before, after).map((entry) => `${after.endpointNamespace}/${entry.name}`),
      },
      judge: (snapshot, key, known, now) => keepSeen(judgePair(snapshot, key, now), known),
    }),
    addresses: createIncremental({
      keys: {
        ciliumEndpoints: (row: CiliumEndpointRow) => ipsOf(row),
        ciliumEndpointSlices: (row: CiliumEndpointSliceRow) => row.endpoints.flatMap(ipsOf),
      },
      touched: {
        ciliumEndpoints: (before: CiliumEndpointRow, after: CiliumEndpointRow) =>
          before.ip === after.ip && before.ip6 === after.ip6 ? [] : [...ipsOf(before), ...ipsOf(after)],
        ciliumEndpointSlices: (before: CiliumEndpointSliceRow, after: CiliumEndpointSliceRow) =>
          changedEntries(before, after).flatMap(ipsOf),
      },
      judge: (snapshot, ip, known, now) => keepSeen(judgeAddress(snapshot, ip, now), known),
    }),
  };
}

function isSameEndpoint(before: CiliumEndpointRow, after: CiliumEndpointRow): boolean {
  return (
    before.identity === after.identity &&
    before.ip === after.ip &&
    before.ip6 === after.ip6 &&
    before.nodeIP === after.nodeIP &&
    before.complete === after.complete
  );
}

/** Entries that came, went or differ, from both sides; all of them where a name or address stands twice, since then order counts. */
function changedEntries(before: CiliumEndpointSliceRow, after: CiliumEndpointSliceRow): SliceEntry[] {
  if (hasTwice(before.endpoints) || hasTwice(after.endpoints)) return [...before.endpoints, ...after.endpoints];
  const left = new Set(before.endpoints.map(entryText));
  const right = new Set(after.endpoints.map(entryText));
  return [
    ...before.endpoints.filter((entry) => !right.has(entryText(entry))),
    ...after.endpoints.filter((entry) => !left.has(entryText(entry))),
  ];
}

function hasTwice(entries: readonly SliceEntry[]): boolean {
  const names = new Set(entries.map((entry) => entry.name));
  const ips = new Set(entries.map((entry) => entry.ip));
  return names.size < entries.length || ips.size < entries.length;
}

function entryText(entry: SliceEntry): string {
  return `${entry.name} ${entry.identity} ${entry.ip} ${entry.ip6} ${entry.nodeIP}`;
}

function keepSeen(found: readonly Drift[], known: readonly Drift[] | undefined): readonly Drift[] | undefined {
  if (found.length === 0) return undefined;
  return found.map((drift) => {
    const before = known?.find((one) => one.what === drift.what);
    return before ? { ...drift, seen: before.seen } : drift;
  });
}

function judgePair(snapshot: Snapshot, key: string, now: number): Drift[] {
  const slash = key.indexOf('/');
  const namespace = key.slice(0, slash);
  const name = key.slice(slash + 1);
  const endpoint = snapshot.tables.ciliumEndpoints.named(namespace, name);
  const held = entriesFor(snapshot, namespace, name);
  const [only] = held;
  if (endpoint?.complete && only && held.length === 1 && isInStep(only.entry, endpoint)) return [];
  const slices = [...new Set(held.map((one) => one.slice.name))];
  const drift = (what: DriftKind, ip: string, detail: string, since: number): Drift => ({
    what,
    namespace,
    name,
    slices,
    ip,
    detail,
    since,
    seen: now,
  });
  if (endpoint === undefined) {
    const [first] = held;
    return first ? [drift('stale', first.entry.ip, `no CiliumEndpoint ${key}`, 0)] : [];
  }
  // The operator leaves out what the agent has not finished writing.
  if (!endpoint.complete) return [];
  const since = Math.max(endpoint.changed, endpoint.created);
  if (held.length === 0)
    return [
      drift('missing', endpoint.ip, `identity ${endpoint.identity}, state ${endpoint.state || 'unknown'}`, since),
    ];
  const found: Drift[] = [];
  if (held.length > 1) found.push(drift('duplicate', endpoint.ip, `${held.length} entries`, since));
  const otherIdentity = held.find(({ entry }) => entry.identity !== endpoint.identity);
  if (otherIdentity)
    found.push(drift('identity', endpoint.ip, differ(otherIdentity.entry.identity, endpoint.identity), since));
  const otherAddress = held.find(({ entry }) => !isSameAddress(entry, endpoint));
  if (otherAddress) found.push(drift('address', endpoint.ip, addressDetail(otherAddress.entry, endpoint), since));
  return found;
}

type Held = { slice: CiliumEndpointSliceRow; entry: SliceEntry };

function entriesFor(snapshot: Snapshot, namespace: string, name: string): Held[] {
  const held: Held[] = [];
  for (const slice of slicesOf(snapshot.tables.ciliumEndpointSlices, namespace, name)) {
    for (const entry of slice.endpoints) if (entry.name === name) held.push({ slice, entry });
  }
  return held;
}

function isInStep(entry: SliceEntry, endpoint: CiliumEndpointRow): boolean {
  return entry.identity === endpoint.identity && isSameAddress(entry, endpoint);
}

function isSameAddress(entry: SliceEntry, endpoint: CiliumEndpointRow): boolean {
  return entry.ip === endpoint.ip && entry.ip6 === endpoint.ip6 && !isElsewhere(entry, endpoint);
}

function isElsewhere(entry: SliceEntry, endpoint: CiliumEndpointRow): boolean {
  return entry.nodeIP !== '' && endpoint.nodeIP !== '' && entry.nodeIP !== endpoint.nodeIP;
}

function addressDetail(entry: SliceEntry, endpoint: CiliumEndpointRow): string {
  if (entry.ip !== endpoint.ip) return differ(entry.ip, endpoint.ip);
  if (entry.ip6 !== endpoint.ip6) return differ(entry.ip6, endpoint.ip6);
  return `node: ${differ(entry.nodeIP, endpoint.nodeIP)}`;
}

function differ(slice: string | number, endpoint: string | number): string {
  return `slice says ${slice || 'none'}, endpoint ${endpoint || 'none'}`;
}

/** One address belongs to one endpoint; an entry left behind gives it two identities. */
function judgeAddress(snapshot: Snapshot, ip: string, now: number): Drift[] {
  const { ciliumEndpoints, ciliumEndpointSlices } = snapshot.tables;
  if (isOneName(ciliumEndpoints.by('ip', ip), ciliumEndpointSlices.by('ip', ip), ip)) return [];
  const names = new Map<string, { namespace: string; name: string }>();
  const slices = new Set<string>();
  // Since then at least one holds it; 0 where only entries are left.
  let since = 0;
  for (const endpoint of ciliumEndpoints.by('ip', ip)) {
    since = Math.max(since, endpoint.changed, endpoint.created);
    names.set(`${endpoint.namespace}/${endpoint.name}`, { namespace: endpoint.namespace, name: endpoint.name });
  }
  const held = new Set(names.keys());
  for (const slice of ciliumEndpointSlices.by('ip', ip)) {
    for (const entry of slice.endpoints) {
      if (entry.ip !== ip && entry.ip6 !== ip) continue;
      names.set(`${slice.endpointNamespace}/${entry.name}`, { namespace: slice.endpointNamespace, name: entry.name });
      slices.add(slice.name);
    }
  }
  if (names.size < 2) return [];
  const all = [...names.keys()].sort();
  // Whichever came last to the tables, the same one is named: an endpoint before an entry that was left behind.
  const first = names.get(all.find((key) => held.has(key)) ?? all[0] ?? '');
  if (first === undefined) return [];
  return [
    { what: 'conflict', ...first, slices: [...slices], ip, detail: all.slice(0, 4).join(', '), since, seen: now },
  ];
}

/** The usual case, told without making anything: a hundred thousand addresses are looked at. */
function isOneName(
  endpoints: readonly CiliumEndpointRow[],
  slices: readonly CiliumEndpointSliceRow[],
  ip: string,
): boolean {
  let namespace = endpoints[0]?.namespace;
  let name = endpoints[0]?.name;
  if (endpoints.length > 1) return false;
  for (const slice of slices) {
    for (const entry of slice.endpoints) {
      if (entry.ip !== ip && entry.ip6 !== ip) continue;
      namespace ??= slice.endpointNamespace;
      name ??= entry.name;
      if (name !== entry.name || namespace !== slice.endpointNamespace) return false;
    }
  }
  return true;
}

function oddSlice(slice: CiliumEndpointSliceRow, most: number, now: number): Drift[] {
  const size = slice.endpoints.length;
  const what = size > most ? 'over-limit' : size === 0 ? 'empty' : undefined;
  if (what === undefined) return [];
  return [
    {
      what,
      namespace: slice.endpointNamespace,
      name: slice.name,
      slices: [slice.name],
      ip: '',
      detail: `${size} endpoints`,
      since: slice.changed,
      seen: now,
    },
  ];
}

function ipsOf(one: { ip: string; ip6: string }): readonly string[] {
  return [one.ip, one.ip6].filter((ip) => ip !== '');
}

/** How full the slices are: the fullest holds `fullest`, each may hold `most`, and so many hold that. */
export type SliceFill = { slices: number; endpoints: number; fullest: number; most: number; full: number };

export function sliceFill(snapshot: Snapshot): SliceFill {
  const { ciliumEndpointSlices } = snapshot.tables;
  const most = mostPerSlice(snapshot);
  return snapshot.memo.same('slice-fill', [ciliumEndpointSlices], most, () => {
    const sizes = [...ciliumEndpointSlices.rows.values()].map((slice) => slice.endpoints.length);
    return {
      slices: sizes.length,
      endpoints: sizes.reduce((sum, size) => sum + size, 0),
      fullest: Math.max(0, ...sizes),
      most,
      full: sizes.filter((size) => size >= most).length,
    };
  });
}
