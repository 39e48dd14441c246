import { isDeepStrictEqual } from 'node:util';
import type { RawObject } from '../model/objects/row.ts';
import { asWritten } from '../model/policies/written.ts';
import { sanitiseLine } from '../model/sanitise.ts';
import type { DifferenceLine } from './action.ts';

/** More names than this tell nobody more. */
const most = 12;

/**
 * What a change changes, by the names of fields and without a value: `+1 -0 spec.unschedulable`. It goes into the audit,
 * which is shared, and values may be secrets.
 */
export function changedFields(
  before: RawObject | undefined,
  after: RawObject | undefined,
  difference: readonly DifferenceLine[],
): string {
  const count = (sign: DifferenceLine['sign']) => difference.filter((line) => line.sign === sign).length;
  const counts = `+${count('+')} -${count('-')}`;
  if (before === undefined || after === undefined) return counts;
  const names = [...changed(asWritten(before), asWritten(after), '')];
  const more = names.length > most ? [`${names.length - most} more`] : [];
  return [counts, [...names.slice(0, most), ...more].join(', ')].join(' ').trim();
}

function* changed(one: unknown, other: unknown, at: string): Generator<string> {
  if (isDeepStrictEqual(one, other)) return;
  if (!isBranch(one) || !isBranch(other) || Array.isArray(one) !== Array.isArray(other)) {
    yield sanitiseLine(at, 200);
    return;
  }
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const place = Array.isArray(one) ? `${at}[${key}]` : at === '' ? key : `${at}.${key}`;
    yield* changed(one[key], other[key], place);
  }
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
