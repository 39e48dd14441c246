import type { Churn, ChurnEvent } from './churn.ts';
import type { KindId, Rows } from './kinds.ts';
import { createLagMeter, type LagMeter } from './lag.ts';
import type { CiliumEndpointRow } from './objects/cilium-endpoint.ts';
import type { CiliumEndpointSliceRow, SliceEntry } from './objects/cilium-endpoint-slice.ts';
import type { EndpointSliceRow } from './objects/others.ts';
import type { PodRow } from './objects/pod.ts';
import type { Row } from './objects/row.ts';
import { createRates } from './rates.ts';
import type { RowChange } from './table.ts';

/** What the fold must be able to look up while it watches. */
export type ChurnLookup = {
  endpoint(namespace: string, name: string): CiliumEndpointRow | undefined;
  /** Entries of any slice for this endpoint. */
  entries(namespace: string, name: string): readonly SliceEntry[];
};

export type ChurnFold = {
  /** One row changed. Only what happened while its watch was live counts: a list is not churn. */
  observe<K extends KindId>(kind: K, change: RowChange<Rows[K]>, at: number, live: boolean): void;
  /** A watch begins, or goes on after a break (`broke`): what happened before was not seen when it happened. */
  watched(kind: KindId, at: number, broke: boolean): void;
  /** The clock that everything is dated by was set: what was dated before cannot be compared with what is now. */
  clockSet(at: number): void;
  /** All rows are void: nothing waits for what is not known. */
  cleared(kind: KindId): void;
  view(now: number, counts: { identities: number; endpoints: number } | undefined): Churn;
};

const MOST_EVENTS = 500;
const MOST_WAITING = 200_000;
const POD_SEEN_MS = 10 * 60_000;
/** So long a watch that goes on brings what happened while it was broken. */
export const catchUpMs = 5_000;
const MINUTE = 60_000;
const HISTORY = 180;

export function createChurnFold(lookup: ChurnLookup): ChurnFold {
  const endpointRates = createRates();
  const sliceRates = createRates();
  const addressToEndpoint = createLagMeter();
  const endpointToSlice = createLagMeter();
  /** namespace/name → when its address was first seen without an endpoint. */
  const podSeen = new Map<string, number>();
  /** namespace/name → since when a complete endpoint is in no slice. */
  const waiting = new Map<string, number>();
  /** Lag that began before this cannot be told: one of the watches did not see it, or saw it late. */
  let measuredFrom = 0;
  let resumed = 0;
  let clockSet = 0;
  let stream: ChurnEvent[] = [];
  let dropped = 0;
  let history: Churn['history'] = [];
  let rolled = { second: -1, minute: -1 };
  let last: Churn | undefined;
  let told = 0;

  const tell = (what: ChurnEvent['what'], namespace: string, name: string, detail: string, at: number): void => {
    stream.push({ at, what, namespace, name, detail });
    told++;
    // Twice as many are let in before cutting, so that cutting is rare.
    if (stream.length < 2 * MOST_EVENTS) return;
    dropped += stream.length - MOST_EVENTS;
    stream = stream.slice(-MOST_EVENTS);
  };

  const measure = (meter: LagMeter, since: number, at: number): void => {
    if (since >= measuredFrom) meter.add(Math.max(0, at - since), at);
  };

  const pod = ({ before, after }: RowChange<PodRow>, at: number): void => {
    if (after === undefined) {
      if (before) podSeen.delete(keyOf(before));
      return;
    }
    if (after.hostNetwork || after.ip === '' || before?.ip === after.ip || before === undefined) return;
    // The agent usually writes the endpoint before the kubelet tells the address.
    if (lookup.endpoint(after.namespace, after.name)?.ip === after.ip) measure(addressToEndpoint, at, at);
    else podSeen.set(keyOf(after), at);
  };

  const endpoint = ({ before, after }: RowChange<CiliumEndpointRow>, at: number): void => {
    const row = after ?? before;
    if (row === undefined) return;
    const key = keyOf(row);
    const events = endpointEvents(before, after);
    if (events.length > 0) endpointRates.add(row.namespace, at);
    for (const [what, detail] of events) tell(what, row.namespace, row.name, detail, at);
    if (after === undefined) waiting.delete(key);
    if (!after?.complete) return;
    const seen = podSeen.get(key);
    if (seen !== undefined) {
      podSeen.delete(key);
      measure(addressToEndpoint, seen, at);
    }
    const same = before?.complete && before.ip === after.ip && before.identity === after.identity;
    if (same || waiting.has(key) || waiting.size >= MOST_WAITING) return;
    if (!lookup.entries(row.namespace, row.name).some((entry) => agrees(entry, after))) waiting.set(key, at);
  };

  const arrive = (row: CiliumEndpointSliceRow, entry: SliceEntry, at: number, live: boolean): void => {
    const key = `${row.endpointNamespace}/${entry.name}`;
    const since = waiting.get(key);
    if (since === undefined) return;
    const known = lookup.endpoint(row.endpointNamespace, entry.name);
    if (known && !agrees(entry, known)) return;
    waiting.delete(key);
    if (live) measure(endpointToSlice, since, at);
  };

  const slice = ({ before, after }: RowChange<CiliumEndpointSliceRow>, at: number, live: boolean): void => {
    const row = after ?? before;
    if (row === undefined) return;
    const old = new Map(before?.endpoints.map((entry) => [entry.name, entry]));
    let entered = 0;
    for (const entry of after?.endpoints ?? []) {
      const known = old.get(entry.name);
      if (known === undefined) entered++;
      if (known === undefined || known.ip !== entry.ip || known.identity !== entry.identity)
        arrive(row, entry, at, live);
      old.delete(entry.name);
    }
    if (!live) return;
    sliceRates.add(row.endpointNamespace, at);
    const what = before === undefined ? 'slice-added' : after === undefined ? 'slice-gone' : 'slice-changed';
    tell(what, row.endpointNamespace, row.name, `${entered} in, ${old.size} out`, at);
  };

  const service = ({ before, after }: RowChange<EndpointSliceRow>, at: number): void => {
    const row = after ?? before;
    if (row === undefined) return;
    const detail = serviceChange(before, after);
    const what = before === undefined ? 'service-added' : after === undefined ? 'service-gone' : 'service-changed';
    if (what !== 'service-changed' || detail !== '')
      tell(what, row.namespace, row.name, [row.service, detail].filter(Boolean).join(': '), at);
  };

  const roll = (now: number, counts: { identities: number; endpoints: number } | undefined): void => {
    for (const [key, at] of podSeen) {
      if (now - at < POD_SEEN_MS) break;
      podSeen.delete(key);
    }
    const minute = Math.floor(now / MINUTE);
    if (counts && minute !== rolled.minute) {
      history = [...history.slice(1 - HISTORY), { at: minute * MINUTE, ...counts }];
      rolled = { ...rolled, minute };
    }
  };

  return {
    observe: (kind, change, at, live) => {
      const any = change as RowChange<never>;
      if (kind === 'ciliumEndpointSlices') slice(any, at, live);
      else if (kind === 'ciliumEndpoints' && live) endpoint(any, at);
      else if (kind === 'ciliumEndpoints') gone(any, waiting);
      else if (kind === 'pods' && live) pod(any, at);
      else if (kind === 'endpointSlices' && live) service(any, at);
    },
    watched: (kind, at, broke) => {
      if (kind !== 'pods' && kind !== 'ciliumEndpoints' && kind !== 'ciliumEndpointSlices') return;
      if (broke) resumed = at;
      measuredFrom = broke ? at + catchUpMs : Math.max(measuredFrom, at);
    },
    clockSet: (at) => {
      resumed = at;
      clockSet = at;
      measuredFrom = at + catchUpMs;
    },
    cleared: (kind) => {
      if (kind === 'ciliumEndpoints') waiting.clear();
      else if (kind === 'pods') podSeen.clear();
    },
    view: (now, counts) => {
      const second = Math.floor(now / 1_000);
      if (last && second === rolled.second) {
        if (told > 0)
          last = {
            ...last,
            stream: stream.slice(-MOST_EVENTS),
            dropped: dropped + Math.max(0, stream.length - MOST_EVENTS),
          };
        told = 0;
        return last;
      }
      rolled = { ...rolled, second };
      told = 0;
      roll(now, counts);
      last = {
        perSecond: endpointRates.perSecond(now),
        slicesPerSecond: sliceRates.perSecond(now),
        stream: stream.slice(-MOST_EVENTS),
        dropped: dropped + Math.max(0, stream.length - MOST_EVENTS),
        byNamespace: endpointRates
          .byKey(now)
          .slice(0, 20)
          .map(([namespace, changes]) => ({ namespace, changes })),
        addressToEndpoint: addressToEndpoint.read(now),
        endpointToSlice: endpointToSlice.read(now),
        resumed,
        clockSet,
        waiting: waiting.size,
        waitingSince: waiting.values().next().value ?? 0,
        history,
      };
      return last;
    },
  };
}

function endpointEvents(
  before: CiliumEndpointRow | undefined,
  after: CiliumEndpointRow | undefined,
): [ChurnEvent['what'], string][] {
  if (before === undefined) return after ? [['added', after.ip]] : [];
  if (after === undefined) return [['gone', before.ip]];
  const events: [ChurnEvent['what'], string][] = [];
  if (before.nodeIP !== after.nodeIP) events.push(['moved', `node ${arrow(before.nodeIP, after.nodeIP)}`]);
  if (before.identity !== after.identity) events.push(['identity', arrow(before.identity || '', after.identity || '')]);
  if (before.ip !== after.ip || before.ip6 !== after.ip6) events.push(['address', arrow(before.ip, after.ip)]);
  if (before.state !== after.state) events.push(['state', arrow(before.state, after.state)]);
  return events;
}

/** `1 in, 2 out, 1 ready, 1 not ready` of a Kubernetes EndpointSlice; '' when its addresses stayed as they were. */
function serviceChange(before: EndpointSliceRow | undefined, after: EndpointSliceRow | undefined): string {
  const old = new Map(before?.endpoints.map(({ ip, ready }) => [ip, ready]));
  const counts = { in: 0, out: 0, ready: 0, 'not ready': 0 };
  for (const { ip, ready } of after?.endpoints ?? []) {
    const was = old.get(ip);
    if (was === undefined) counts.in++;
    else if (was !== ready) counts[ready ? 'ready' : 'not ready']++;
    old.delete(ip);
  }
  counts.out = old.size;
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${count} ${word}`)
    .join(', ');
}

function arrow(before: string | number, after: string | number): string {
  return `${before === '' ? 'none' : before} → ${after === '' ? 'none' : after}`;
}

function agrees(entry: SliceEntry, endpoint: CiliumEndpointRow): boolean {
  return entry.ip === endpoint.ip && entry.identity === endpoint.identity;
}

function keyOf(row: Row): string {
  return `${row.namespace}/${row.name}`;
}

function gone({ before, after }: RowChange<CiliumEndpointRow>, waiting: Map<string, number>): void {
  if (before && !after) waiting.delete(keyOf(before));
}
