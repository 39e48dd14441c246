/** A number in [0, 1) that depends on nothing but the text: the same cluster says the same things. FNV-1a, then mixed. */
export function chance(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

/** A whole number in [low, high] that depends on nothing but the text. */
export function chanceBetween(text: string, low: number, high: number): number {
  return low + Math.floor(chance(text) * (high - low + 1));
}

export function pick<T>(text: string, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(chance(text) * choices.length)] ?? choices[0];
}

/** `digits` hexadecimal digits. */
export function hex(text: string, digits: number): string {
  let out = '';
  for (let i = 0; out.length < digits; i++) {
    out += Math.floor(chance(`${text} ${i}`) * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  }
  return out.slice(0, digits);
}
