// What each kind's change is worth telling. The same rules read an object's own history on connect (no row before)
// and what happens live (a row before): everything `after` says that `before` did not say yet.

import { type KindId, kinds } from './kinds.ts';
import type { CiliumEndpointSliceRow } from './objects/cilium-endpoint-slice.ts';
import type { Condition, NodeRow } from './objects/node.ts';
import type { LeaseRow, RevisionRow, WorkloadRow } from './objects/others.ts';
import type { PodRow } from './objects/pod.ts';
import type { Edit, Row } from './objects/row.ts';
import { type ObjectRef, refKey } from './ref.ts';
import type { RowChange, Table } from './table.ts';
import type { TimelineEntry } from './timeline.ts';
import { tellEvent } from './timeline-events.ts';
import type { Say, Story } from './timeline-story.ts';

type Teller<R extends Row> = (change: RowChange<R>, say: Say, table: Table<R>, at: number) => void;

/** Entries for one change; `at` is our clock, used where the object has no time of its own. */
export function tell(
  kind: KindId,
  change: RowChange<Row>,
  table: Table<never>,
  at: number,
  live: boolean,
): readonly Story[] {
  const row = change.after ?? change.before;
  const teller = tellers[kind] as Teller<Row> | undefined;
  if (row === undefined || teller === undefined) return [];
  const stories: Story[] = [];
  const object = refOf(kind, row);
  const say: Say = (when, what, detail = '', more = {}) => {
    if (when > 0) stories.push({ at: when, what, object, detail, who: '', count: 1, live, ...more });
  };
  teller(change, say, table as unknown as Table<Row>, at);
  return stories;
}

function refOf(kind: KindId, row: Row): ObjectRef {
  const name = kinds[kind].kind;
  return row.namespace === ''
    ? { kind: name, name: row.name }
    : { kind: name, namespace: row.namespace, name: row.name };
}

const tellers: { readonly [K in KindId]?: Teller<never> } = {
  nodes: tellNode as Teller<never>,
  pods: tellPod as Teller<never>,
  namespaces: tellLife as Teller<never>,
  daemonSets: tellWorkload as Teller<never>,
  deployments: tellScaled as Teller<never>,
  statefulSets: tellScaled as Teller<never>,
  replicaSets: tellRevision as Teller<never>,
  controllerRevisions: tellRevision as Teller<never>,
  leases: tellLease as Teller<never>,
  configMaps: tellEdited as Teller<never>,
  events: tellEvent as Teller<never>,
  networkPolicies: tellEdited as Teller<never>,
  ciliumNetworkPolicies: tellEdited as Teller<never>,
  ciliumClusterwideNetworkPolicies: tellEdited as Teller<never>,
  ciliumEndpointSlices: tellSlice as Teller<never>,
  ciliumNodeConfigs: tellEdited as Teller<never>,
};

function tellLife({ before, after }: RowChange<Row>, say: Say, _table: unknown, at: number): void {
  if (after === undefined) say(at, 'deleted');
  else if (before === undefined) say(after.created, 'created');
}

type Edited = Row & { edits: readonly Edit[] };

/** Status is what controllers say about a thing, not a change of it. */
function tellEdits(before: Edited | undefined, after: Edited, say: Say): void {
  const known = new Map(before?.edits.map((edit) => [editKey(edit), edit.at]));
  for (const edit of after.edits) {
    const fields = edit.fields.filter((field) => !BOOKKEEPING.test(field));
    if (edit.subresource !== '' || fields.length === 0) continue;
    // Creating writes managedFields in the same second.
    if (edit.at <= after.created + 1_000 || edit.at <= (known.get(editKey(edit)) ?? 0)) continue;
    say(edit.at, 'edited', fields.join(', '), { who: edit.manager });
  }
}

/** What controllers and kubectl note for themselves: the revision, the lock of a leader, what was applied last. */
const BOOKKEEPING =
  /^(status(\.|$)|metadata\.annotations\.(deployment\.kubernetes\.io|deprecated\.daemonset\.template\.generation|control-plane\.alpha\.kubernetes\.io|kubectl\.kubernetes\.io\/last-applied))/;

function editKey(edit: Edit): string {
  return `${edit.manager}|${edit.operation}`;
}

function tellEdited(change: RowChange<Edited>, say: Say, table: unknown, at: number): void {
  const { before, after } = change;
  if (after && before === undefined) {
    const creator = after.edits.find((edit) => edit.subresource === '' && edit.at <= after.created + 1_000);
    say(after.created, 'created', '', { who: creator?.manager ?? '' });
  } else {
    tellLife(change, say, table, at);
  }
  if (after) tellEdits(before, after, say);
}

function tellNode(change: RowChange<NodeRow>, say: Say, table: unknown, at: number): void {
  tellLife(change, say, table, at);
  const { before, after } = change;
  if (after === undefined) return;
  if (after.deleting > 0 && !before?.deleting) say(after.deleting, 'deleting');
  for (const condition of after.conditions) {
    const old = before?.conditions.find((one) => one.type === condition.type);
    if (old?.status !== condition.status || (old.since !== condition.since && old.status === condition.status)) {
      tellCondition(after, condition, say);
    }
  }
  tellTaints(before, after, say, at);
  if (before === undefined) return;
  if (before.unschedulable !== after.unschedulable) say(at, after.unschedulable ? 'cordoned' : 'uncordoned');
  if (before.kubelet !== after.kubelet) say(at, 'upgraded', `kubelet ${before.kubelet} → ${after.kubelet}`);
  if (before.nodeImage !== after.nodeImage) say(at, 'reimaged', `${before.nodeImage} → ${after.nodeImage}`);
}

function tellCondition(node: NodeRow, condition: Condition, say: Say): void {
  const fine = condition.type === 'Ready' ? condition.status === 'True' : condition.status === 'False';
  // What a node was born with is no change.
  if (condition.type !== 'Ready' && (fine || condition.since <= node.created)) return;
  if (condition.type === 'Ready') say(condition.since, fine ? 'ready' : 'not-ready', fine ? '' : condition.reason);
  else say(condition.since, 'condition', `${condition.type}=${condition.status} ${condition.reason}`);
}

function tellTaints(before: NodeRow | undefined, after: NodeRow, say: Say, at: number): void {
  const keyOf = (taint: NodeRow['taints'][number]) => `${taint.key}:${taint.effect}`;
  const old = new Set(before?.taints.map(keyOf));
  const young = new Set(after.taints.map(keyOf));
  for (const taint of after.taints) {
    if (old.has(keyOf(taint))) continue;
    if (before === undefined && taint.since === 0) continue;
    say(taint.since || at, 'tainted', keyOf(taint));
  }
  for (const taint of before?.taints ?? []) if (!young.has(keyOf(taint))) say(at, 'untainted', keyOf(taint));
}

/** Restarts; of kube-system also what comes, goes and becomes ready. */
function tellPod(change: RowChange<PodRow>, say: Say, table: unknown, at: number): void {
  const { before, after } = change;
  const row = after ?? before;
  if (row === undefined) return;
  const whose = whoseOf(row);
  const system = row.namespace === 'kube-system';
  const life = whose.owner ? { ...whose, fold: refKey(whose.owner) } : whose;
  if (system) tellLife(change, (when, what, detail) => say(when, what, detail, life), table, at);
  if (after === undefined) return;
  if (system && after.deleting > 0 && !before?.deleting) say(after.deleting, 'deleting', '', life);
  for (const container of after.containers) {
    const finished = container.last?.finished ?? 0;
    const known = before?.containers.find((one) => one.name === container.name)?.last?.finished ?? 0;
    if (finished <= known || container.last === undefined) continue;
    const how = `${container.last.reason || 'ended'} exit ${container.last.exitCode}`;
    say(finished, 'restarted', `${container.init ? 'init ' : ''}${container.name}: ${how}`, {
      ...whose,
      goesOn: true,
    });
  }
  if (!system || before === undefined || before.ready === after.ready) return;
  // One that is being deleted is not ready either; that is no news.
  if (after.ready) say(after.readySince || at, 'ready', '', life);
  else if (after.deleting === 0) say(after.readySince || at, 'not-ready', after.status, whose);
}

/** The workload a pod belongs to, where it has one, and its node. A Deployment's pods belong to its ReplicaSet. */
function whoseOf(pod: PodRow): Pick<TimelineEntry, 'owner' | 'nodes'> {
  const { namespace, ownerKind, ownerName, node } = pod;
  const hash = pod.labels['pod-template-hash'];
  const ofDeployment = ownerKind === 'ReplicaSet' && hash !== undefined && ownerName.endsWith(`-${hash}`);
  const owner = ofDeployment
    ? { kind: 'Deployment', namespace, name: ownerName.slice(0, -hash.length - 1) }
    : { kind: ownerKind, namespace, name: ownerName };
  return { ...(ownerName === '' ? {} : { owner }), ...(node === '' ? {} : { nodes: [node] }) };
}

function tellWorkload(change: RowChange<WorkloadRow>, say: Say, table: unknown, at: number): void {
  tellEdited(change, say, table, at);
  const { before, after } = change;
  if (before === undefined || after === undefined) return;
  const images = after.images.filter((image) => !before.images.includes(image));
  if (images.length > 0) say(at, 'image', images.slice(0, 2).join(', '));
}

/** Not of DaemonSets: their count follows the nodes. */
function tellScaled(change: RowChange<WorkloadRow>, say: Say, table: unknown, at: number): void {
  tellWorkload(change, say, table, at);
  const { before, after } = change;
  if (after === undefined) return;
  const scale = after.edits.findLast(isScale);
  if (before === undefined) {
    if (scale && scale.at > after.created + 1_000)
      say(scale.at, 'scaled', `to ${after.desired} replicas`, { who: scale.manager });
  } else if (before.desired !== after.desired) {
    const isNew = scale !== undefined && !before.edits.some((edit) => isScale(edit) && edit.at >= scale.at);
    say(at, 'scaled', `${before.desired} → ${after.desired} replicas`, isNew ? { who: scale.manager } : {});
  }
}

function isScale({ subresource }: Edit): boolean {
  return subresource === 'scale';
}

function tellRevision(
  { before, after }: RowChange<RevisionRow>,
  say: Say,
  table: Table<RevisionRow>,
  at: number,
): void {
  if (after === undefined || after.revision <= 1 || before?.revision === after.revision || after.ownerName === '')
    return;
  const object = { kind: after.ownerKind, namespace: after.namespace, name: after.ownerName };
  // A new revision, also that of a rollback, gets the number after the highest: another one than that it did not follow.
  const from = after.revision - 1;
  const older = table
    .by('owner', `${after.ownerKind}/${after.namespace}/${after.ownerName}`)
    .find(({ revision }) => revision === from);
  const detail = `revision ${from} → ${after.revision}${imageStep(older, after)}`;
  // A rollback gives an old object a new number: then the moment is now.
  say(before === undefined ? after.created : at, 'rollout', detail, { object });
}

function imageStep(older: RevisionRow | undefined, after: RevisionRow): string {
  if (older === undefined) return '';
  // Init containers share the agent's image or have their own: what the rollout is about comes first.
  const all = after.images.filter((image) => !older.images.includes(image));
  const changed = all.find((image) => mainContainers.has(image.slice(0, image.indexOf('=')))) ?? all[0];
  const name = changed?.slice(0, changed.indexOf('='));
  const was = older.images.find((image) => image.slice(0, image.indexOf('=')) === name);
  return changed && was ? `, ${name} ${tagOf(was)} → ${tagOf(changed)}` : '';
}

const mainContainers = new Set(['cilium-agent', 'cilium-operator']);

function tagOf(image: string): string {
  const tag = image
    .slice(image.lastIndexOf('/') + 1)
    .split('@')[0]
    ?.split(':')[1];
  return tag ?? 'untagged';
}

/** Renewals are no news; a new holder is. */
function tellLease({ before, after }: RowChange<LeaseRow>, say: Say, _table: unknown, at: number): void {
  if (after === undefined || !after.name.startsWith('cilium')) return;
  if (before?.holder === after.holder && before.acquired === after.acquired) return;
  if (after.holder === '') say(at, 'lease', 'released');
  else
    say(
      before === undefined ? after.acquired : after.acquired || at,
      'lease',
      before?.holder ? `${before.holder} → ${after.holder}` : `held by ${after.holder}`,
    );
}

/** The operator writes slices all day: its own writes are folded by namespace, anyone else's are told. */
function tellSlice({ before, after }: RowChange<CiliumEndpointSliceRow>, say: Say, _table: unknown, at: number): void {
  const namespace = (after ?? before)?.endpointNamespace ?? '';
  const fold = { fold: namespace };
  const whose = `endpoints of ${namespace}`;
  if (after === undefined) {
    say(at, 'deleted', whose, fold);
    return;
  }
  if (before === undefined) say(after.created, 'created', whose, fold);
  const byOperator = after.manager === '' || after.manager.startsWith('cilium-operator');
  if (byOperator || after.changed <= (before?.changed ?? after.created)) return;
  say(after.changed, 'edited', whose, { who: after.manager });
}
