// What people and their tools wrote, as it is written: the store keeps what is, the audit log and the flows of an hour
// ago need what was.
import type { KubeObject, ObjectStore, StoreEvent } from '../cluster.ts';
import type { CiliumEndpoint } from './shapes.ts';
import type { View } from './view.ts';

export type JournalEntry = {
  at: number;
  verb: 'create' | 'update' | 'delete';
  kind: string;
  group: string;
  resource: string;
  namespace: string;
  name: string;
  /** Who wrote it, by the name they manage fields under; '' of a deletion. */
  manager: string;
  before: KubeObject | undefined;
  after: KubeObject | undefined;
};

/** A container that ended, with its pod as text as it was then: soon the object knows only of the last run. */
export type EndedRun = { at: number; uid: string; container: string; pod: string };

/** A pod that has left the network: no object tells of it any more, and yet it talked. */
export type LeftEndpoint = {
  /** When it left. */
  at: number;
  endpoint: KubeObject;
  node: string;
  ownerKind: string;
  /** Since when the pod was ready; 0 where it was not. */
  readySince: number;
};

export type Journal = {
  /** Oldest first. */
  readonly entries: readonly JournalEntry[];
  readonly ended: readonly EndedRun[];
  readonly left: readonly LeftEndpoint[];
};

const POLICIES = ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'];
const WRITTEN_BY_PEOPLE = new Set([
  ...POLICIES,
  'CiliumCIDRGroup',
  'ContainerNetworkLog',
  'Deployment',
  'DaemonSet',
  'StatefulSet',
]);
const most = 2_000;
const mostEnded = 500;
const mostLeft = 2_000;

export function isPolicy(entry: JournalEntry): boolean {
  return POLICIES.includes(entry.kind);
}

/** Listens from now on. `now` is the clock of the world, whose past is lived through at full speed. */
export function keepJournal(store: ObjectStore, view: View, now: () => number): Journal {
  const entries: JournalEntry[] = [];
  const ended: EndedRun[] = [];
  const left: LeftEndpoint[] = [];
  view.listen((event) => {
    if (event.resource.kind !== 'CiliumEndpoint' || event.type !== 'DELETED') return;
    // Whose pod went first is cleaned up after an agent that was down: it has told of no flow.
    const pod = view.pods.get(event.key);
    if (pod === undefined) return;
    const { metadata, status } = event.object as CiliumEndpoint;
    const { namespace = '', name, creationTimestamp = '' } = metadata;
    const endpoint = {
      ...{ apiVersion: 'cilium.io/v2', kind: 'CiliumEndpoint', metadata: { namespace, name, creationTimestamp } },
      status: { identity: status?.identity, 'named-ports': status?.['named-ports'] },
    };
    const { node, ownerKind, readySince } = pod;
    keep(left, { at: now(), endpoint, node, ownerKind, readySince }, mostLeft);
  });
  store.subscribe((event) => {
    const { kind } = event.resource;
    if (kind === 'Pod' && event.type === 'MODIFIED') {
      const uid = event.object.metadata.uid ?? '';
      for (const container of justEnded(event)) keep(ended, { at: now(), uid, container, pod: event.text }, mostEnded);
      return;
    }
    const config = kind === 'ConfigMap' && event.key === 'kube-system/cilium-config';
    if (!config && !WRITTEN_BY_PEOPLE.has(kind)) return;
    const entry = entryOf(event, now());
    if (entry === undefined) return;
    keep(entries, entry, most);
  });
  return { entries, ended, left };
}

function keep<T>(list: T[], one: T, most: number): void {
  list.push(one);
  if (list.length > most) list.splice(0, list.length - most);
}

type Status = { name: string; state?: { terminated?: { startedAt?: string } }; lastState?: Status['state'] };

/** Containers that are told of as ended, and were not so before. */
function justEnded({ object, previous, text }: StoreEvent): string[] {
  if (!text.includes('"terminated":')) return [];
  const earlier = statusesOf(previous);
  return statusesOf(object).flatMap((status) => {
    const end = endOf(status);
    const known = earlier.find(({ name }) => name === status.name);
    return end === undefined || end === (known && endOf(known)) ? [] : [status.name];
  });
}

function endOf({ state, lastState }: Status): string | undefined {
  return (state?.terminated ?? lastState?.terminated)?.startedAt;
}

function statusesOf(object: KubeObject | undefined): readonly Status[] {
  const status = object?.['status'] as { containerStatuses?: Status[]; initContainerStatuses?: Status[] } | undefined;
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

/** Undefined for a status, and for what is put there as it had long been. */
function entryOf(event: StoreEvent, now: number): JournalEntry | undefined {
  const { object, previous, resource, type } = event;
  const { namespace = '', name, creationTimestamp, generation } = object.metadata;
  if (type === 'ADDED' && now - Date.parse(creationTimestamp ?? '') > 60_000) return undefined;
  if (type === 'MODIFIED' && generation !== undefined && generation === previous?.metadata.generation) return undefined;
  return {
    at: now,
    verb: type === 'ADDED' ? 'create' : type === 'MODIFIED' ? 'update' : 'delete',
    kind: resource.kind,
    group: resource.group,
    resource: resource.plural,
    namespace,
    name,
    manager: event.manager,
    before: type === 'DELETED' ? object : previous,
    // Whoever wrote the object may go on with it.
    after: type === 'DELETED' ? undefined : (JSON.parse(event.text) as KubeObject),
  };
}
