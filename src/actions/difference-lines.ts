import { structuredPatch } from 'diff';
import { stringify } from 'yaml';
import type { RawObject } from '../model/objects/row.ts';
import { asWritten } from '../model/policies/written.ts';
import { sanitiseLine } from '../model/sanitise.ts';
import type { DifferenceLine } from './action.ts';

/** Lines around each change. */
const context = 3;
/** An object of more lines than this is compared, but the difference is cut. */
const mostLines = 5_000;

/**
 * What a change does to an object, as YAML without what the server keeps: the lines that go, that come and that stand
 * around them, fit to be drawn. Empty where nothing that somebody wrote differs.
 */
export function differenceLines(
  before: RawObject | undefined,
  after: RawObject | undefined,
): readonly DifferenceLine[] {
  const { hunks } = structuredPatch('', '', yamlOf(before), yamlOf(after), '', '', { context });
  const lines = hunks.flatMap((hunk, index): DifferenceLine[] => [
    ...(index > 0 || hunk.oldStart > 1 ? [{ sign: '@' as const, text: placeOf(hunk) }] : []),
    ...hunk.lines.flatMap(lineOf),
  ]);
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines), { sign: '@', text: `${lines.length - mostLines} more lines` }];
}

function yamlOf(object: RawObject | undefined): string {
  return object === undefined ? '' : stringify(asWritten(object), { lineWidth: 0, aliasDuplicateObjects: false });
}

function placeOf({ oldStart, newStart }: { oldStart: number; newStart: number }): string {
  return oldStart === newStart ? `line ${oldStart}` : `line ${oldStart}, then ${newStart}`;
}

function lineOf(line: string): DifferenceLine[] {
  const sign = line[0];
  return sign === '+' || sign === '-' || sign === ' ' ? [{ sign, text: sanitiseLine(line.slice(1), 2_000) }] : [];
}
