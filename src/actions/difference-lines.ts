import { structuredPatch } from 'diff';
import type { RawObject } from '../model/objects/row.ts';
import { asWritten } from '../model/policies/written.ts';
import { yamlOf } from '../model/policies/written-yaml.ts';
import { sanitiseLine } from '../model/sanitise.ts';
import type { DifferenceLine } from './action.ts';

/** Lines around each change. */
const context = 3;
/** An object of more lines than this is compared, but the difference is cut. */
const mostLines = 5_000;
/** More lines than this that come or go are not set against each other: the time it takes grows with their square. */
const maxEditLength = 1_000;

/**
 * What a change does to an object, as YAML without what the server keeps: the lines that go, that come and that stand
 * around them, fit to be drawn. Empty where nothing that somebody wrote differs. `written`: what of an object is compared;
 * of what is no object of Kubernetes, all.
 */
export function differenceLines(
  before: RawObject | undefined,
  after: RawObject | undefined,
  written: (object: RawObject) => unknown = asWritten,
): readonly DifferenceLine[] {
  const textOf = (object: RawObject | undefined) => (object === undefined ? '' : yamlOf(written(object)));
  const [was, is] = [textOf(before), textOf(after)];
  const patch = structuredPatch('', '', was, is, '', '', { context, maxEditLength });
  const lines =
    patch === undefined
      ? [...linesOf('-', was), ...linesOf('+', is)]
      : patch.hunks.flatMap((hunk, index): DifferenceLine[] => [
          ...(index > 0 || hunk.oldStart > 1 ? [{ sign: '@' as const, text: placeOf(hunk) }] : []),
          ...hunk.lines.flatMap(lineOf),
        ]);
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines), { sign: '@', text: `${lines.length - mostLines} more lines` }];
}

function placeOf({ oldStart, newStart }: { oldStart: number; newStart: number }): string {
  return oldStart === newStart ? `line ${oldStart}` : `line ${oldStart}, then ${newStart}`;
}

function linesOf(sign: '+' | '-', yaml: string): DifferenceLine[] {
  const lines = yaml.split('\n').filter((line) => line !== '');
  return lines.map((line) => ({ sign, text: sanitiseLine(line, 2_000) }));
}

function lineOf(line: string): DifferenceLine[] {
  const sign = line[0];
  return sign === '+' || sign === '-' || sign === ' ' ? [{ sign, text: sanitiseLine(line.slice(1), 2_000) }] : [];
}
