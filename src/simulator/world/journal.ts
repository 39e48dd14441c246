// What people and their tools wrote, as it is written: the store keeps what is, the audit log and the flows of an hour
// ago need what was.
import type { KubeObject, ObjectStore, StoreEvent } from '../cluster.ts';

export type JournalEntry = {
  at: number;
  verb: 'create' | 'update' | 'delete';
  kind: string;
  group: string;
  resource: string;
  namespace: string;
  name: string;
  /** Who wrote it, as managedFields say; '' of a deletion. */
  manager: string;
  before: KubeObject | undefined;
  after: KubeObject | undefined;
};

export type Journal = {
  /** Oldest first. */
  readonly entries: readonly JournalEntry[];
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

export function isPolicy(entry: JournalEntry): boolean {
  return POLICIES.includes(entry.kind);
}

/** Listens from now on. `now` is the clock of the world, whose past is lived through at full speed. */
export function keepJournal(store: ObjectStore, now: () => number): Journal {
  const entries: JournalEntry[] = [];
  store.subscribe((event) => {
    const { kind } = event.resource;
    const config = kind === 'ConfigMap' && event.key === 'kube-system/cilium-config';
    if (!config && !WRITTEN_BY_PEOPLE.has(kind)) return;
    const entry = entryOf(event, now());
    if (entry === undefined) return;
    entries.push(entry);
    if (entries.length > most) entries.splice(0, entries.length - most);
  });
  return { entries };
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
    manager: type === 'DELETED' ? '' : lastManager(object),
    before: type === 'DELETED' ? object : previous,
    after: type === 'DELETED' ? undefined : object,
  };
}

function lastManager({ metadata }: KubeObject): string {
  const fields = (metadata.managedFields ?? []) as { manager?: string; time?: string; subresource?: string }[];
  const own = fields.filter(({ subresource }) => (subresource ?? '') === '');
  const newest = own.toSorted((a, b) => (a.time ?? '').localeCompare(b.time ?? '')).at(-1);
  return newest?.manager ?? '';
}
