import type { Tone } from '../../ui/theme.ts';

/** A readable description: sections of lines. `label` lines align their values within their section. */
export type Entry =
  | { type: 'field'; label: string; value: string; tone?: Tone }
  | { type: 'line'; text: string; tone?: Tone; indent?: number }
  | {
      type: 'table';
      head: readonly string[];
      rows: readonly (readonly string[])[];
      tones?: readonly (Tone | undefined)[];
    };
export type Section = { title: string; entries: readonly Entry[] };

export function field(label: string, value: string, tone?: Tone): Entry[] {
  return value === '' ? [] : [{ type: 'field', label, value, ...(tone ? { tone } : {}) }];
}

export function line(text: string, tone?: Tone, indent = 0): Entry {
  return { type: 'line', text, indent, ...(tone ? { tone } : {}) };
}

/** Nothing at all where there are no rows: an empty table says less than its absence. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  tones?: readonly (Tone | undefined)[],
): Entry[] {
  return rows.length === 0 ? [] : [{ type: 'table', head, rows, ...(tones ? { tones } : {}) }];
}
