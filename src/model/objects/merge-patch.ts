import { isDeepStrictEqual } from 'node:util';
import { record } from './raw.ts';
import type { RawObject } from './row.ts';

/** The JSON merge patch (RFC 7386) that puts back what `patch` changes of `before`, and nothing else. */
export function inversePatch(patch: RawObject, before: RawObject): RawObject {
  return Object.fromEntries(
    Object.entries(patch).map(([key, value]) => {
      const was = before[key];
      if (isObject(value) && isObject(was)) return [key, inversePatch(value, was)];
      return [key, was ?? null];
    }),
  );
}

/** Applied, it would change nothing. An empty list is none: the server leaves such a field out. */
export function isPatched(patch: RawObject, object: RawObject): boolean {
  return Object.entries(patch).every(([key, value]) => {
    const is = object[key];
    if (isNone(value)) return isNone(is);
    return isObject(value) ? isPatched(value, record(is)) : isDeepStrictEqual(value, is);
  });
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function isObject(value: unknown): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
