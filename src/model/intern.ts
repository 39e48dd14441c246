import type { Labels, RawObject } from './objects/row.ts';
import { sanitiseLine } from './sanitise.ts';

/** Keeps one copy of strings and label sets that thousands of rows share. One per connection; sanitises as it goes. */
export type Intern = {
  /** A string many rows share: namespace, node, state, image. Sanitised, one line. */
  line(value: unknown): string;
  /** A label or annotation map, sanitised, at most 200 entries; equal maps are one object. */
  labels(value: unknown): Labels;
};

const MOST_LINES = 100_000;
const MOST_LABEL_SETS = 50_000;
const MOST_LABELS = 200;
const NONE: Labels = Object.freeze({});

export function createIntern(): Intern {
  const lines = new Map<string, string>();
  const sets = new Map<string, Labels>();

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

  return { line, labels };
}
