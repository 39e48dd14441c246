import { UserError } from '../errors.ts';
import type { RawObject } from '../model/objects/row.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { ApiKind, WriteRequest } from '../model/writes.ts';
import type { PlanWorld, Seen } from './action.ts';
import { readLive, uidOf } from './live-object.ts';

export const nodeKind: ApiKind = { group: '', version: 'v1', plural: 'nodes', kind: 'Node' };

export async function readNode(world: PlanWorld, node: string, signal: AbortSignal): Promise<RawObject> {
  const live = await readLive(world, { resource: nodeKind, namespace: '', name: node }, signal);
  if (live === undefined) throw new UserError(`There is no node ${node} (any more).`, '', 'missing');
  return live;
}

/** As kubectl does it: one field of this very node, whatever else became of it meanwhile. */
export function schedulableRequest(node: string, live: RawObject, schedulable: boolean): WriteRequest {
  return {
    verb: 'patch',
    ...{ resource: nodeKind, namespace: '', name: node },
    body: { spec: { unschedulable: schedulable ? null : true } },
    preconditions: { uid: uidOf(live) },
  };
}

export function seenSchedulable(snapshot: Snapshot, node: string, schedulable: boolean): Seen {
  const row = snapshot.tables.nodes.named('', node);
  if (row === undefined) return { seen: false, waits: `the watch shows no node ${node}` };
  if (row.unschedulable === schedulable) return { seen: false, waits: 'the watch has not shown it' };
  return { seen: true, text: `The watch shows that ${node} takes ${schedulable ? 'new pods again' : 'no new pods'}.` };
}

/** Other nodes onto which the scheduler may put pods, as far as the node itself says. */
export function otherNodes({ tables }: Snapshot, node: string): readonly string[] {
  return [...tables.nodes.rows.values()]
    .filter((row) => row.name !== node && !row.unschedulable && row.ready === 'True' && row.deleting === 0)
    .map(({ name }) => name);
}
