import type { Cell, ColumnType, ResultColumn } from '../../model/azure/log-query.ts';

/** A cell as one line of a table; nothing is ''. `now` leaves out the day where it is today's. */
export function cellText(value: Cell | undefined, type: ColumnType, now: number): string {
  if (value === null || value === undefined) return '';
  if (type === 'datetime' && typeof value === 'string') return momentText(value, now);
  if (type === 'timespan' && typeof value === 'string') return value.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  if (typeof value === 'number') return numberText(value, type);
  const text = String(value);
  return text.includes('\n') || text.includes('\t') ? text.replace(/\s+/g, ' ') : text;
}

/** What to order by: undefined = nothing is there. Moments compare as their text, with the newest first. */
export function sortValue(value: Cell | undefined, type: ColumnType): string | number | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (type === 'datetime' && typeof value === 'string') return value.replace(/Z$/, '');
  if (type === 'long' || type === 'decimal' || type === 'real' || type === 'int') {
    const number = Number(value);
    return Number.isNaN(number) ? undefined : number;
  }
  if (typeof value === 'boolean') return value ? 0 : 1;
  return typeof value === 'string' ? value.toLowerCase() : value;
}

export function isNumber({ type }: ResultColumn): boolean {
  return type === 'int' || type === 'long' || type === 'real' || type === 'decimal';
}

/** `12:04:05.123`, with the day in front where it is another. What is no moment, or far from any, stays as it came. */
function momentText(text: string, now: number): string {
  const found = /^(\d{4})-(\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?Z?$/.exec(text);
  if (found === null) return text;
  const [, year = '', day = '', time = '', fraction = ''] = found;
  const clock = /[1-9]/.test(fraction) ? `${time}.${fraction.slice(0, 3)}` : time;
  const today = new Date(now).toISOString();
  if (today.startsWith(`${year}-${day}`)) return clock;
  return today.startsWith(year) ? `${day} ${clock}` : `${year}-${day} ${clock}`;
}

function numberText(value: number, type: ColumnType): string {
  if (type !== 'real' || Number.isInteger(value)) return String(value);
  // Seven digits say all that a mean of counts can say; the row itself has them all.
  return String(Number(value.toPrecision(7)));
}
