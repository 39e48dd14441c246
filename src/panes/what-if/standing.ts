import type { DifferenceLine, Plan } from '../../actions/action.ts';
import { applyPolicy } from '../../actions/apply-policy.ts';
import { deletePolicy } from '../../actions/delete-policy.ts';
import { differenceLines } from '../../actions/difference-lines.ts';
import { readLive } from '../../actions/live-object.ts';
import { messageOf, UserError } from '../../errors.ts';
import type { Asks } from '../../model/asks.ts';
import { placeOf } from '../../model/changeable.ts';
import { at } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import type { Draft } from '../../model/policies/policy-asks.ts';
import { objectKey } from '../../model/policies/read-facts.ts';
import type { PolicyRef } from '../../model/policies/rule.ts';
import { type ObjectRef, refText } from '../../model/ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { PaneProps } from '../pane-props.ts';

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
    ...draft.put.map((object) => standing(object, () => road.plan(applyPolicy, { object }, signal), asks, signal)),
    ...draft.remove.map((ref) => goneStanding(ref, () => road.plan(deletePolicy, { ref }, signal), asks, signal)),
  ]);
  return { at: begun, of };
}

async function standing(
  object: RawObject,
  plan: () => Promise<Plan>,
  asks: Asks,
  signal: AbortSignal,
): Promise<Standing> {
  const base = { key: objectKey(object), ref: refOf(object), way: 'put' } as const;
  try {
    const { before, difference, warnings } = await plan();
    return { ...base, live: before, difference, refused: '', hint: '', warnings };
  } catch (error) {
    const live = await liveOf(object, asks, signal);
    return { ...base, live, difference: differenceLines(live, object), ...refusal(error), warnings: [] };
  }
}

async function goneStanding(
  ref: PolicyRef,
  plan: () => Promise<Plan>,
  asks: Asks,
  signal: AbortSignal,
): Promise<Standing> {
  const object = bareObject(ref);
  const base = { key: objectKey(object), ref: refOf(object), way: 'remove' } as const;
  try {
    const { before, difference, warnings } = await plan();
    return { ...base, live: before, difference, refused: '', hint: '', warnings };
  } catch (error) {
    const live = await liveOf(object, asks, signal);
    return { ...base, live, difference: differenceLines(live, undefined), ...refusal(error), warnings: [] };
  }
}

/** Enough of a policy to say where it is. */
export function bareObject({ kind, namespace, name }: PolicyRef): RawObject {
  const apiVersion = kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2';
  return { apiVersion, kind, metadata: namespace === '' ? { name } : { namespace, name } };
}

async function liveOf(object: RawObject, asks: Asks, signal: AbortSignal): Promise<RawObject | undefined> {
  const place = placeOf(object);
  return place && readLive(asks, place, signal);
}

function refOf(object: RawObject): ObjectRef {
  const [namespace, name] = [at(object, 'metadata', 'namespace'), at(object, 'metadata', 'name')].map(String);
  const { kind } = object;
  return { kind: String(kind), name: name ?? '', ...(namespace !== 'undefined' && namespace && { namespace }) };
}

function refusal(error: unknown): { refused: string; hint: string } {
  return error instanceof UserError
    ? { refused: error.what, hint: error.hint }
    : { refused: messageOf(error), hint: '' };
}

/** Another text whenever somebody wrote one of these anew; what controllers report in a status is nobody's writing. */
export function writtenVersion({ epoch, tables }: Snapshot, refs: readonly ObjectRef[]): string {
  const rows = refs.map(({ kind, namespace = '', name }) => {
    const table = TABLES[kind as keyof typeof TABLES];
    const row = table === undefined ? undefined : tables[table].named(namespace, name);
    const edits = row?.edits.filter(({ subresource }) => subresource === '').map(({ at, manager }) => [at, manager]);
    return row === undefined
      ? `no ${refText({ kind, namespace, name })}`
      : JSON.stringify([row.uid, row.generation, edits]);
  });
  return [epoch, ...rows].join(' ');
}

const TABLES = {
  NetworkPolicy: 'networkPolicies',
  CiliumNetworkPolicy: 'ciliumNetworkPolicies',
  CiliumClusterwideNetworkPolicy: 'ciliumClusterwideNetworkPolicies',
} as const;
