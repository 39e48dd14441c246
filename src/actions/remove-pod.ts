import { UserError } from '../errors.ts';
import type { Right } from '../model/right.ts';
import type { ApiKind } from '../model/writes.ts';
import type { Plan, PlanWorld } from './action.ts';
import { readLive, uidOf } from './live-object.ts';
import { planOf } from './plan-of.ts';

export type PodRemoval = {
  /** Id of the action. */
  action: string;
  title: string;
  sentence: string;
  namespace: string;
  name: string;
  reach: readonly string[];
  warnings: readonly string[];
  /** Why it needs no undo, or has none. */
  undo: string;
  verify: string;
  done: NonNullable<Plan['done']>;
  doneMs: number;
  dangerous?: boolean;
};

export const podKind: ApiKind = { group: '', version: 'v1', plural: 'pods', kind: 'Pod' };
export const podRights: readonly Right[] = [{ verb: 'delete', group: '', plural: 'pods' }];

/**
 * Plans the deletion of one pod whose controller makes another. It is the pod that was looked at, by its uid: a namesake
 * made meanwhile stays. Its status may change as it likes until then, so no version is asked for.
 */
export async function planPodRemoval(removal: PodRemoval, world: PlanWorld, signal: AbortSignal): Promise<Plan> {
  const { action, title, sentence, namespace, name, reach, warnings, dangerous = false } = removal;
  const place = { resource: podKind, namespace, name };
  const live = await readLive(world, place, signal);
  if (live === undefined) throw new UserError(`Pod ${namespace}/${name} is gone already.`, '', 'missing');
  const request = { verb: 'delete' as const, ...place, preconditions: { uid: uidOf(live) } };
  const { undo, verify, done, doneMs } = removal;
  const own = { sentence, undo, verify, done, doneMs, noUndo: true };
  const plan = await planOf({ action, title, request, live, reach, warnings, dangerous, world, signal, own });
  // That its controller makes another one is what is wanted here, and is said in the sentence.
  return { ...plan, warnings };
}
