import type { Cell, ResultColumn, ResultRow } from './log-query.ts';

// What results are written as. Both leave every value whole: only what a spreadsheet would take for a formula is disarmed.

/** One line of JSON: names as the service gave them, a name that comes twice with its number; dynamic values as JSON. */
export function jsonRow(columns: readonly ResultColumn[], row: ResultRow): string {
  const names = uniqueNames(columns);
  return `{${columns.map(({ type }, index) => `${JSON.stringify(names[index])}:${jsonCell(row[index] ?? null, type)}`).join(',')}}`;
}

/** RFC 4180: quoted where needed. Lines end with \r\n, which is the caller's. */
export function csvHeading(columns: readonly ResultColumn[]): string {
  return columns.map(({ name }) => csvText(name)).join(',');
}

export function csvRow(row: ResultRow): string {
  return row.map(csvCell).join(',');
}

function jsonCell(value: Cell, type: ResultColumn['type']): string {
  if (typeof value === 'string' && type === 'dynamic') return asJson(value);
  // A number beyond 2^53 comes as its digits: JSON holds any number, it is readers who round.
  if (typeof value === 'string' && (type === 'long' || type === 'decimal') && /^-?\d+$/.test(value)) return value;
  return JSON.stringify(value);
}

/** What was cut or never was JSON is a string. */
function asJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return JSON.stringify(text);
  }
}

function csvCell(value: Cell): string {
  if (value === null) return '';
  return typeof value === 'string' ? csvText(value) : String(value);
}

/** A cell that begins like a formula would be computed by whoever opens the file (CSV injection); numbers are none. */
function csvText(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function uniqueNames(columns: readonly ResultColumn[]): readonly string[] {
  const seen = new Map<string, number>();
  return columns.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  });
}
