import type { Decimal } from './value.ts';

const mostDigits = 34;

/** null for what is no number. */
export function parseDecimal(text: string): Decimal | null {
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\s*$/.exec(text);
  if (!match || (!match[2] && !match[3])) return null;
  const fraction = match[3] ?? '';
  const digits = BigInt(`${match[2]}${fraction}`) * (match[1] === '-' ? -1n : 1n);
  const scale = fraction.length - Number(match[4] ?? 0);
  return shorten(scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale });
}

export function decimalText({ digits, scale }: Decimal): string {
  if (scale === 0) return String(digits);
  const sign = digits < 0n ? '-' : '';
  const all = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  return `${sign}${all.slice(0, -scale)}.${all.slice(-scale)}`;
}

export const decimalNumber = (value: Decimal) => Number(decimalText(value));

export function compareDecimals(a: Decimal, b: Decimal): number {
  const [left, right] = aligned(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const [left, right, scale] = aligned(a, b);
  return shorten({ digits: left + right, scale });
}

export const negateDecimal = (a: Decimal): Decimal => ({ digits: -a.digits, scale: a.scale });

export const multiplyDecimals = (a: Decimal, b: Decimal) =>
  shorten({ digits: a.digits * b.digits, scale: a.scale + b.scale });

/** By zero is null. */
export function divideDecimals(a: Decimal, b: Decimal): Decimal | null {
  if (b.digits === 0n) return null;
  const [left, right] = aligned(a, b);
  return shorten({ digits: (left * 10n ** BigInt(mostDigits)) / right, scale: mostDigits });
}

function aligned(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.digits * 10n ** BigInt(scale - a.scale), b.digits * 10n ** BigInt(scale - b.scale), scale];
}

// One number has one form: no zeros at the end of the fraction, and no more digits than the type has.
function shorten({ digits, scale }: Decimal): Decimal {
  const surplus = Math.min(scale, String(digits).replace('-', '').length - mostDigits);
  let [rest, left] = surplus > 0 ? [digits / 10n ** BigInt(surplus), scale - surplus] : [digits, scale];
  while (left > 0 && rest % 10n === 0n) {
    rest /= 10n;
    left--;
  }
  return { digits: rest, scale: left };
}
