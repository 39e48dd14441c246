// A small generator of our own, so that the same seed gives the same cluster on every machine (mulberry32).

/** Kubernetes' alphabet for generated names: no vowels, no look-alikes. */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789';
/** Cilium names its slices from a slightly different one. */
const SLICE = 'bcdfghjklmnpqrstvwxyz2456789';
const HEX = '0123456789abcdef';

export type Random = {
  /** [0, 1) */
  next(): number;
  /** Whole number in [low, high]. */
  between(low: number, high: number): number;
  pick<T>(choices: readonly T[]): T;
  /** As in `web-5d4f8-x2x9k`. */
  suffix(length: number): string;
  sliceName(): string;
  uid(): string;
  hex(length: number): string;
};

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const from = (alphabet: string, length: number) => {
    let out = '';
    for (let i = 0; i < length; i++) out += alphabet[Math.floor(next() * alphabet.length)];
    return out;
  };
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick<T>(choices: readonly T[]): T {
      return choices[Math.floor(next() * choices.length)] as T;
    },
    suffix: (length) => from(SAFE, length),
    sliceName: () => `ces-${from(SLICE, 9)}-${from(SLICE, 5)}`,
    uid: () => `${from(HEX, 8)}-${from(HEX, 4)}-4${from(HEX, 3)}-${from('89ab', 1)}${from(HEX, 3)}-${from(HEX, 12)}`,
    hex: (length) => from(HEX, length),
  };
}

/** A hash of a template in the alphabet of generated names, as pod-template-hash is, whatever the order of its keys. */
export function templateHash(value: unknown): string {
  const text = JSON.stringify(value, sorted);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return String(hash)
    .split('')
    .map((digit) => SAFE[Number(digit) + 6])
    .join('');
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
