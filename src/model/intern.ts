import type { Labels, RawObject } from './objects/row.ts';
import { sanitiseLine } from './sanitise.ts';

/** Keeps one copy of strings and label sets that thousands of rows share. One per connection; sanitises as it goes. */
export type Intern = {
  /** A string many rows share: namespace, node, state, image. Sanitised, one line. */
  line(value: unknown): string;
  /** A label or annotation map, sanitised, at most 200 entries; equal maps are one object. */
  labels(value: unknown): Labels;
  /** The first value that came under the key: for small things that are equal where their keys are. */
  same<T>(key: string, value: T): T;
  /** Labels written as a list of `key=value`. Those under one number are mostly the same, and compared before they are read. */
  labelList(number: number, value: unknown): Labels;
};

const MOST_LINES = 100_000;
const MOST_LABEL_SETS = 50_000;
const MOST_LABELS = 200;
const MOST_SAME = 20_000;
const NONE: Labels = Object.freeze({});

export function createIntern(): Intern {
  const lines = new Map<string, string>();
  const sets = new Map<string, Labels>();
  const small = new Map<string, unknown>();
  const lists = new Map<number, { written: readonly unknown[]; labels: Labels }>();

  const line = (value: unknown): string => {
    if (typeof value !== 'string') return sanitiseLine(value, 512);
    const known = lines.get(value);
    if (known !== undefined) return known;
    const clean = sanitiseLine(value, 512);
    // A text longer than that is no key worth keeping.
    if (value.length <= 512) {
      if (lines.size >= MOST_LINES) lines.clear();
      lines.set(value, clean);
    }
    return clean;
  };

  const labels = (value: unknown): Labels => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return NONE;
    const raw = value as RawObject;
    const made: Record<string, string> = {};
    let key = '';
    let count = 0;
    for (const name in raw) {
      if (count++ >= MOST_LABELS) break;
      const label = line(name);
      // Plain assignment would call the setter of the prototype.
      if (label === '__proto__') continue;
      const content = line(raw[name]);
      made[label] = content;
      key += `${label}\n${content}\n`;
    }
    if (count === 0) return NONE;
    const known = sets.get(key);
    if (known) return known;
    if (sets.size >= MOST_LABEL_SETS) sets.clear();
    sets.set(key, made);
    return made;
  };

  const same = <T>(key: string, value: T): T => {
    const known = small.get(key);
    if (known !== undefined) return known as T;
    if (small.size >= MOST_SAME) small.clear();
    small.set(key, value);
    return value;
  };

  const labelList = (number: number, value: unknown): Labels => {
    if (!Array.isArray(value) || value.length === 0) return NONE;
    const known = lists.get(number);
    if (known && isSame(known.written, value)) return known.labels;
    const made = labels(Object.fromEntries(value.slice(0, MOST_LABELS).map(splitLabel)));
    if (lists.size >= MOST_LABEL_SETS) lists.clear();
    lists.set(number, { written: value, labels: made });
    return made;
  };

  return { line, labels, same, labelList };
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

function splitLabel(value: unknown): [string, string] {
  const label = typeof value === 'string' ? value : '';
  const equals = label.indexOf('=');
  return equals < 0 ? [label, ''] : [label.slice(0, equals), label.slice(equals + 1)];
}
