// Reading an object of which nothing is certain: every access answers with something harmless. The object is raw, so
// this is also where its text becomes inert: keys and values alike.
import { sanitiseLine } from '../model/sanitise.ts';

type Fields = Record<string, unknown>;

export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Scalars as inert text of one line, '' for everything else. */
export function text(value: unknown): string {
  return sanitiseLine(value);
}

/** `at(pod, 'status', 'phase')` */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => fields(inner)[key], value);
}

/** A timestamp as milliseconds, 0 when it is none. */
export function time(value: unknown): number {
  const parsed = Date.parse(text(value));
  return Number.isNaN(parsed) ? 0 : parsed;
}

/** `a=1, b=2`; '' for no labels. */
export function pairs(value: unknown, separator = '='): string {
  return Object.entries(fields(value))
    .map(([key, inner]) => (text(inner) === '' ? text(key) : `${text(key)}${separator}${text(inner)}`))
    .join(', ');
}
