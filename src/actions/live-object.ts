import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../errors.ts';
import { clockSecond } from '../model/clock.ts';
import { record } from '../model/objects/raw.ts';
import type { RawObject } from '../model/objects/row.ts';
import { asWritten } from '../model/policies/written.ts';
import type { ApiKind } from '../model/writes.ts';
import type { PlanWorld } from './action.ts';
import { lastEditor } from './owners.ts';

/** An object with its place on the server, whose path is not yet read. */
export type Place = { resource: ApiKind; namespace: string; name: string };

/** The object as the server has it now; undefined where there is none. Throws what asking throws. */
export async function readLive(
  { object }: Pick<PlanWorld, 'object'>,
  { resource, namespace, name }: Place,
  signal: AbortSignal,
): Promise<RawObject | undefined> {
  try {
    return record(await object(resource, namespace, name, signal));
  } catch (error) {
    if (error instanceof UserError && error.kind === 'missing') return undefined;
    throw error;
  }
}

/** Nobody changed what people write of it: what controllers report in its status does not count. */
export function isUnchanged(before: RawObject | undefined, now: RawObject | undefined): boolean {
  if (before === undefined || now === undefined) return before === now;
  return uidOf(before) === uidOf(now) && isDeepStrictEqual(asWritten(before), asWritten(now));
}

export function isSameContent(before: RawObject, now: RawObject): boolean {
  return isDeepStrictEqual(asWritten(before), asWritten(now));
}

export function uidOf(object: RawObject): string {
  const { uid } = record(object.metadata);
  return typeof uid === 'string' ? uid : '';
}

export function versionOf(object: RawObject): string {
  const { resourceVersion } = record(object.metadata);
  return typeof resourceVersion === 'string' ? resourceVersion : '';
}

/** `by kubectl-edit at 12:00:12`. */
export function changedBy(object: RawObject): string {
  const { manager, at } = lastEditor(object);
  return [manager === '' ? '' : `by ${manager}`, at === 0 ? '' : `at ${clockSecond(at)}`]
    .filter((part) => part !== '')
    .join(' ');
}
