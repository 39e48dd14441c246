import type { ResultColumn, ResultRow } from '../../model/azure/log-query.ts';
import { cellText, isNumber } from '../../panes/logs/cell-text.ts';
import { shownColumns } from '../../panes/logs/result-columns.ts';
import { pad, width as widthOf } from '../../ui/text.ts';

/** A column narrower than this says nothing any more. */
const leastWidth = 8;

/**
 * A table of these rows, `width` columns wide at most (0 = as wide as it is). Where it does not fit, the widest columns
 * are cut first; those that still find no room are named in `left`.
 */
export function resultText(
  columns: readonly ResultColumn[],
  rows: readonly ResultRow[],
  width: number,
  now: number,
): { text: string; left: readonly string[] } {
  // A pipe's reader can cut by itself, and is given everything.
  const shown =
    width === 0 ? columns.map((column, index) => ({ column, index })) : shownColumns(columns, new Set(), false);
  if (shown.length === 0) return { text: '', left: [] };
  const texts = rows.map((row) => shown.map(({ column, index }) => cellText(row[index], column.type, now)));
  const lines = [shown.map(({ column }) => column.name), ...texts];
  const natural = shown.map((_, at) => lines.reduce((most, line) => Math.max(most, widthOf(line[at] ?? '')), 1));
  const widths = width === 0 ? natural : fitted(natural, width);
  const sides = shown.map(({ column }) => (isNumber(column) ? 'right' : 'left'));
  const text = lines
    .map((line) => {
      const cells = widths.map((wide, at) => pad(line[at] ?? '', wide, sides[at]));
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
  const spared = columns.filter((_, index) => !shown.some((one) => one.index === index)).map(({ name }) => name);
  return {
    text,
    left: [...shown.slice(widths.length).map(({ column }) => column.name), ...(width === 0 ? [] : spared)],
  };
}

function fitted(natural: readonly number[], width: number): readonly number[] {
  const widths = natural.map((one) => Math.min(one, width));
  const total = () => widths.reduce((sum, one) => sum + one + 2, -2);
  while (total() > width) {
    const widest = Math.max(...widths);
    if (widest > leastWidth) widths[widths.indexOf(widest)] = widest - 1;
    else if (widths.length > 1) widths.pop();
    else break;
  }
  return widths;
}
