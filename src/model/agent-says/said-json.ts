import { list, record } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';

/**
 * The JSON in what a command printed; undefined where there is none. Warnings, also such that are JSON themselves, may
 * stand before it and after it. Only what begins a line counts as its beginning: within an answer that was cut short
 * everything is indented, and a part must not be taken for the whole.
 */
export function saidJson(output: string): unknown {
  const whole = parsed(output);
  if (whole !== undefined) return whole;
  const end = Math.max(output.lastIndexOf('}'), output.lastIndexOf(']')) + 1;
  const lastLine = [...output.matchAll(/^[\]}].*$/gm)].at(-1);
  const ends = new Set([end, ...(lastLine === undefined ? [] : [lastLine.index + 1])]);
  for (const { index } of [...output.matchAll(/^[[{]/gm)].slice(0, 20)) {
    for (const to of ends) {
      const part = parsed(output.slice(index, to));
      if (part !== undefined) return part;
    }
  }
  return undefined;
}

/**
 * What a command told as a list: a list of one where it is a single object, empty where Go wrote null. Undefined where
 * nothing of it is in a known form: what could not be read must not count as what is not there.
 */
export function saidList<T>(
  output: string,
  most: number,
  read: (one: RawObject) => T | undefined,
): readonly T[] | undefined {
  const said = saidJson(output);
  if (said === null) return [];
  if (typeof said !== 'object') return undefined;
  const all = Array.isArray(said) ? list(said, most) : [said];
  const known = all.flatMap((one) => read(record(one)) ?? []);
  return known.length === 0 && all.length > 0 ? undefined : known;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
