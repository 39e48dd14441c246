import type { ResultColumn, ResultRow } from '../../model/azure/log-query.ts';
import { cellText, isNumber } from '../../panes/logs/cell-text.ts';
import { shownColumns } from '../../panes/logs/result-columns.ts';
import { pad, width as widthOf } from '../../ui/text.ts';

/** No day is this one's: moments keep their date. */
const never = 0;
/** A column narrower than this says nothing any more. */
const leastWidth = 14;

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
  // A pipe's reader can cut by itself, and is given everything; and nobody knows when they read.
  const today = width === 0 ? never : now;
  const shown =
    width === 0 ? columns.map((column, index) => ({ column, index })) : shownColumns(columns, new Set(), false);
  if (shown.length === 0) return { text: '', left: [] };
  const texts = rows.map((row) => shown.map(({ column, index }) => cellText(row[index], column.type, today).trimEnd()));
  const lines = [shown.map(({ column }) => column.name), ...texts];
  const natural = shown.map((_, at) => lines.reduce((most, line) => Math.max(most, widthOf(line[at] ?? '')), 1));
  const isText = shown.map(({ column }) => !isNumber(column) && !/^(datetime|timespan|bool)$/.test(column.type));
  const widths = width === 0 ? natural : fitted(natural, isText, width);
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

/** As many columns as find room: texts are cut to `leastWidth` before one is given up; numbers and moments stay whole. */
function fitted(natural: readonly number[], isText: readonly boolean[], width: number): readonly number[] {
  for (let count = natural.length; count > 1; count -= 1) {
    const widths = natural.slice(0, count).map((one) => Math.min(one, width));
    let over = widths.reduce((sum, one) => sum + one + 2, -2) - width;
    while (over > 0) {
      const widest = widths.reduce((most, one, at) => (isText[at] && one > leastWidth ? Math.max(most, one) : most), 0);
      if (widest === 0) break;
      widths[widths.findIndex((one, at) => isText[at] && one === widest)] = widest - 1;
      over -= 1;
    }
    if (over <= 0) return widths;
  }
  return [Math.min(natural[0] ?? width, width)];
}
