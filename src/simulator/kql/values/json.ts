import type { Dynamic } from './value.ts';

/** Text that is no JSON is itself a dynamic value: a string. Numbers beyond 2^53 keep their digits. */
export function parseJson(text: string): Dynamic {
  try {
    return /\d{16}/.test(text) ? (JSON.parse(text, exactly) as Dynamic) : (JSON.parse(text) as Dynamic);
  } catch {
    return text;
  }
}

/** JSON without spaces; a string as it is, null as nothing: what tostring() makes of dynamic. */
export function dynamicText(value: Dynamic): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : json(value);
}

export function json(value: Dynamic): string {
  try {
    return JSON.stringify(value);
  } catch {
    // bigint: the only thing in here that JSON does not know by itself.
    return JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? rawNumber(part) : part));
  }
}

/** Written by JSON.stringify with all its digits. */
export function rawNumber(value: bigint): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(String(value));
}

export const isArray = (value: unknown): value is readonly Dynamic[] => Array.isArray(value);
export const isBag = (value: unknown): value is { readonly [key: string]: Dynamic } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function exactly(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source ?? '';
  return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d{16,19}$/.test(source)
    ? BigInt.asIntN(64, BigInt(source))
    : value;
}
