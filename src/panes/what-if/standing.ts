import type { DifferenceLine, Plan } from '../../actions/action.ts';
import { applyPolicy } from '../../actions/apply-policy.ts';
import { deletePolicy } from '../../actions/delete-policy.ts';
import { differenceLines } from '../../actions/difference-lines.ts';
import { readLive } from '../../actions/live-object.ts';
import { messageOf, UserError } from '../../errors.ts';
import type { Asks } from '../../model/asks.ts';
import { bareObject, placeOf } from '../../model/changeable.ts';
import { at, text } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import type { Draft } from '../../model/policies/policy-asks.ts';
import { objectKey } from '../../model/policies/read-facts.ts';
import { type ObjectRef, refText } from '../../model/ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { PaneProps } from '../pane-props.ts';
import { policyKinds } from '../policy-kinds.ts';

/** An object of the draft beside what the server has and what it says of it (a dry run: nothing is changed). */
export type Standing = Readonly<{
  key: string;
  ref: ObjectRef;
  way: 'put' | 'remove';
  /** As the server has it; undefined = it is not there. */
  live: RawObject | undefined;
  /** From what is there to what would be. */
  difference: readonly DifferenceLine[];
  /** Why the server (its validation, a webhook, its rights) would not take it, and what to do; '' = it would. */
  refused: string;
  hint: string;
  warnings: readonly string[];
}>;

export type Standings = Readonly<{ at: number; of: readonly Standing[] }>;

/** Asks the server what it would make of each object of the draft. Rejects only when nothing can be read at all. */
export async function askStandings(
  draft: Draft,
  { asks, road, now }: Pick<PaneProps, 'asks' | 'road' | 'now'>,
  signal: AbortSignal,
): Promise<Standings> {
  const begun = now();
  const of = await Promise.all([
    ...draft.put.map((object) => {
      const plan = () => road.plan(applyPolicy, { object }, signal);
      return standing(object, 'put', plan, asks, signal);
    }),
    ...draft.remove.map((ref) => {
      const plan = () => road.plan(deletePolicy, { ref }, signal);
      return standing(bareObject(ref), 'remove', plan, asks, signal);
    }),
  ]);
  return { at: begun, of };
}

async function standing(
  object: RawObject,
  way: Standing['way'],
  plan: () => Promise<Plan>,
  asks: Asks,
  signal: AbortSignal,
): Promise<Standing> {
  const base = { key: objectKey(object), ref: refOf(object), way } as const;
  try {
    const { before, difference, warnings } = await plan();
    return { ...base, live: before, difference, refused: '', hint: '', warnings };
  } catch (error) {
    const live = await liveOf(object, asks, signal);
    const difference = differenceLines(live, way === 'put' ? object : undefined);
    return { ...base, live, difference, ...refusal(error), warnings: [] };
  }
}

async function liveOf(object: RawObject, asks: Asks, signal: AbortSignal): Promise<RawObject | undefined> {
  const place = placeOf(object);
  return place && readLive(asks, place, signal);
}

/** An object of a draft by its name, fit to be drawn. */
export function refOf(object: RawObject): ObjectRef {
  const namespace = text(at(object, 'metadata', 'namespace'));
  const ref = { kind: text(object.kind), name: text(at(object, 'metadata', 'name')) };
  return namespace === '' ? ref : { ...ref, namespace };
}

function refusal(error: unknown): { refused: string; hint: string } {
  return error instanceof UserError
    ? { refused: error.what, hint: error.hint }
    : { refused: messageOf(error), hint: '' };
}

/** Another text whenever somebody wrote one of these anew; what controllers report in a status is nobody's writing. */
export function writtenVersion({ epoch, tables }: Snapshot, refs: readonly ObjectRef[]): string {
  const rows = refs.map(({ kind, namespace = '', name }) => {
    // A group has no status: each of its versions is somebody's writing.
    if (kind === 'CiliumCIDRGroup') return `${name} ${tables.ciliumCidrGroups.named('', name)?.version}`;
    const policy = policyKinds.find((one) => one.kind === kind);
    const row = policy && tables[policy.id].named(namespace, name);
    const edits = row?.edits.filter(({ subresource }) => subresource === '').map(({ at, manager }) => [at, manager]);
    return row === undefined
      ? `no ${refText({ kind, namespace, name })}`
      : JSON.stringify([row.uid, row.generation, edits]);
  });
  return [epoch, ...rows].join(' ');
}
