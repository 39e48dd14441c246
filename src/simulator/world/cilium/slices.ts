// CiliumEndpointSlices as the operator keeps them: first come, first served within a namespace, at most 100 entries,
// changes gathered for half a second, written as fast as its rate limit allows.
import type { StoreEvent } from '../../cluster.ts';
import type { Core } from '../core.ts';
import type { CiliumEndpoint, CiliumEndpointSlice, SliceEntry } from '../shapes.ts';

const FULL = 100;
const GATHER = 500;

/** What the operator reads of an endpoint. */
export type Told = { metadata: { name: string; namespace?: string }; status?: CiliumEndpoint['status'] };

/** `entry` as text: 100,000 of them parsed would cost several times as much. */
export type Endpoint = { namespace: string; name: string; entry: string | undefined };
type Slice = { name: string; namespace: string; members: Map<string, Endpoint>; dirty: boolean };

export type Slices = {
  hear(event: StoreEvent): void;
  /** Takes in an endpoint that has been there all along. */
  restore(endpoint: Told): void;
  /** Writes what has gathered, as far as the rate limit allows; called by the leader on every step. */
  pump(): void;
  /** Reads everything anew, as an operator that starts: stale and double entries go, orphans find a place. */
  rebuild(): void;
  /** Writes everything at once, for a cluster that has settled. */
  flush(): void;
  /** Endpoints the operator knows, by `namespace/name`. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  sliceOf(key: string): string | undefined;
  /** Slices waiting to be written. */
  waiting(): number;
};

/** `since` of creation for slices that are not new, in milliseconds since 1970. */
export function createSlices(core: Core, since: number): Slices {
  const endpoints = new Map<string, Endpoint>();
  const slices = new Map<string, Slice>();
  const places = new Map<string, Slice>();
  const byNamespace = new Map<string, Set<Slice>>();
  let queue: { slice: Slice; due: number }[] = [];
  let tokens = 0;
  let filled = core.now();
  /** Whether the events that come are of our own writing. */
  let writing = false;

  const mark = (slice: Slice) => {
    if (slice.dirty) return;
    slice.dirty = true;
    queue.push({ slice, due: core.now() + GATHER });
  };

  const roomIn = (namespace: string): Slice => {
    let best: Slice | undefined;
    for (const slice of byNamespace.get(namespace) ?? []) {
      if (slice.members.size < FULL && (best === undefined || slice.members.size > best.members.size)) best = slice;
    }
    return best ?? open(core.random.sliceName(), namespace);
  };

  const open = (name: string, namespace: string): Slice => {
    const slice: Slice = { name, namespace, members: new Map(), dirty: false };
    slices.set(name, slice);
    const known = byNamespace.get(namespace) ?? new Set();
    byNamespace.set(namespace, known.add(slice));
    return slice;
  };

  const put = (object: Told) => {
    const key = `${object.metadata.namespace}/${object.metadata.name}`;
    const entry = textOf(object);
    const known = endpoints.get(key);
    if (known !== undefined) {
      if (known.entry === entry) return;
      known.entry = entry;
    }
    const endpoint = known ?? { namespace: object.metadata.namespace ?? '', name: object.metadata.name, entry };
    endpoints.set(key, endpoint);
    // Without networking or identity the operator does not place it yet.
    if (entry === undefined) return;
    const slice = places.get(key) ?? roomIn(endpoint.namespace);
    places.set(key, slice);
    slice.members.set(endpoint.name, endpoint);
    mark(slice);
  };

  const drop = (key: string) => {
    const endpoint = endpoints.get(key);
    endpoints.delete(key);
    const slice = places.get(key);
    places.delete(key);
    if (slice === undefined || endpoint === undefined) return;
    slice.members.delete(endpoint.name);
    mark(slice);
  };

  const write = (slice: Slice) => {
    slice.dirty = false;
    const entries = entriesOf(slice);
    writing = true;
    if (entries.length === 0) {
      slices.delete(slice.name);
      byNamespace.get(slice.namespace)?.delete(slice);
      core.remove('CiliumEndpointSlice', '', slice.name);
    } else {
      const updated = core.edit<CiliumEndpointSlice>(
        'CiliumEndpointSlice',
        '',
        slice.name,
        'cilium-operator-generic',
        undefined,
        (object) => {
          object.endpoints = entries;
          object.namespace = slice.namespace;
          return undefined;
        },
      );
      if (!updated) core.create(sliceObject(slice.name, slice.namespace, entries), 'cilium-operator-generic');
    }
    writing = false;
  };

  const limit = (): { rate: number; burst: number } => {
    const told = core.causes().sliceWritesPerSecond;
    if (told > 0) return { rate: told, burst: Math.max(1, told) };
    // ces-rate-limits as AKS sets it, by the count of nodes.
    return core.view.nodes.size >= 100 ? { rate: 50, burst: 100 } : { rate: 10, burst: 20 };
  };

  return {
    endpoints,
    sliceOf: (key) => places.get(key)?.name,
    waiting: () => queue.length,
    restore: put,
    hear(event) {
      if (event.resource.kind === 'CiliumEndpoint') {
        if (event.type === 'DELETED') drop(event.key);
        else put(event.object as CiliumEndpoint);
      } else if (event.resource.kind === 'CiliumEndpointSlice' && event.type === 'DELETED' && !writing) {
        const slice = slices.get(event.key.slice(1));
        if (slice !== undefined) mark(slice);
      }
    },
    pump() {
      const { rate, burst } = limit();
      tokens = Math.min(burst, tokens + ((core.now() - filled) * rate) / 1000);
      filled = core.now();
      let done = 0;
      while (done < queue.length && tokens >= 1) {
        const next = queue[done];
        if (next === undefined || next.due > core.now()) break;
        tokens--;
        done++;
        write(next.slice);
      }
      if (done > 0) queue = queue.slice(done);
    },
    rebuild() {
      queue = [];
      slices.clear();
      places.clear();
      byNamespace.clear();
      endpoints.clear();
      const objects = core.list<CiliumEndpoint>('CiliumEndpoint');
      const entries = new Map(
        objects.map((object) => [`${object.metadata.namespace}/${object.metadata.name}`, textOf(object)]),
      );
      for (const object of core.list<CiliumEndpointSlice>('CiliumEndpointSlice')) {
        const slice = open(object.metadata.name, object.namespace);
        for (const entry of object.endpoints ?? []) {
          const key = `${object.namespace}/${entry.name}`;
          const wanted = entries.get(key);
          if (wanted === undefined || places.has(key)) {
            mark(slice);
            continue;
          }
          const endpoint = { namespace: object.namespace, name: entry.name, entry: wanted };
          endpoints.set(key, endpoint);
          places.set(key, slice);
          slice.members.set(entry.name, endpoint);
          if (orderless(entry) !== orderless(JSON.parse(wanted))) mark(slice);
        }
        if (slice.members.size === 0) mark(slice);
      }
      for (const object of objects) put(object);
    },
    flush() {
      for (const { slice } of queue) {
        slice.dirty = false;
        const entries = entriesOf(slice);
        const object = sliceObject(slice.name, slice.namespace, entries);
        object.metadata.creationTimestamp = `${new Date(since).toISOString().slice(0, 19)}Z`;
        core.create(object, 'cilium-operator-generic');
      }
      queue = [];
    },
  };
}

export function sliceObject(name: string, namespace: string, endpoints: SliceEntry[]): CiliumEndpointSlice {
  return { apiVersion: 'cilium.io/v2alpha1', kind: 'CiliumEndpointSlice', metadata: { name }, namespace, endpoints };
}

/** The slim copy of an endpoint; undefined where the agent has not written enough of it. */
function entryOf(object: Told): SliceEntry | undefined {
  const { identity, networking } = object.status ?? {};
  if (identity === undefined || networking === undefined) return undefined;
  const ports = object.status?.['named-ports'] as SliceEntry['named-ports'];
  return {
    name: object.metadata.name,
    id: identity.id,
    networking: { addressing: networking.addressing, node: networking.node ?? '' },
    encryption: {},
    ...(ports === undefined ? {} : { 'named-ports': ports }),
  };
}

function textOf(object: Told): string | undefined {
  const entry = entryOf(object);
  return entry === undefined ? undefined : JSON.stringify(entry);
}

function entriesOf(slice: Slice): SliceEntry[] {
  const entries: SliceEntry[] = [];
  for (const { entry } of slice.members.values())
    if (entry !== undefined) entries.push(JSON.parse(entry) as SliceEntry);
  return entries;
}

/** The server gives custom objects back with their keys sorted. */
function orderless({ name, id, networking }: SliceEntry): string {
  return JSON.stringify([name, id, networking.node, networking.addressing.map(({ ipv4, ipv6 }) => [ipv4, ipv6])]);
}
