import type { Integer } from './value.ts';

// Whole numbers are numbers while they are exact and bigints beyond, so that what is common is fast and nothing is rounded.

/** In 64 bits, wrapping around as the service does. */
export const toLong = (value: bigint): Integer => exact(BigInt.asIntN(64, value));

/** In 32 bits; what does not fit is null. */
export const toInt = (value: Integer): Integer | null =>
  value >= -2147483648 && value <= 2147483647 ? Number(value) : null;

/** A real without its fraction; null beyond 64 bits and for NaN. */
export function truncate(value: number): Integer | null {
  if (Number.isSafeInteger(value)) return value;
  const whole = Math.trunc(value);
  if (Number.isNaN(whole) || whole < -(2 ** 63) || whole >= 2 ** 63) return null;
  return exact(BigInt(whole));
}

export const add = arithmetic(
  (a, b) => a + b,
  (a, b) => a + b,
);
export const subtract = arithmetic(
  (a, b) => a - b,
  (a, b) => a - b,
);
export const multiply = arithmetic(
  (a, b) => a * b,
  (a, b) => a * b,
);

/** Towards zero; by zero is null. */
export function divide(a: Integer, b: Integer): Integer | null {
  if (b === 0) return null;
  return typeof a === 'number' && typeof b === 'number' ? Math.trunc(a / b) + 0 : toLong(BigInt(a) / BigInt(b));
}

/** Never negative, whatever the signs; by zero is null. */
export function modulo(a: Integer, b: Integer): Integer | null {
  if (b === 0) return null;
  if (typeof a === 'number' && typeof b === 'number') {
    const rest = a % b;
    return rest < 0 ? rest + Math.abs(b) : rest + 0;
  }
  const rest = BigInt(a) % BigInt(b);
  return exact(rest < 0n ? rest + (BigInt(b) < 0n ? -BigInt(b) : BigInt(b)) : rest);
}

/** The largest multiple of `size` that is not larger; null for a size that is not positive. */
export function floorTo(value: Integer, size: Integer): Integer | null {
  if (size <= 0) return null;
  return subtract(value, modulo(value, size) ?? 0);
}

function exact(value: bigint): Integer {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function arithmetic(fast: (a: number, b: number) => number, slow: (a: bigint, b: bigint) => bigint) {
  return (a: Integer, b: Integer): Integer => {
    if (typeof a === 'number' && typeof b === 'number') {
      const result = fast(a, b);
      // + 0 makes of the -0 of doubles the only zero that integers have.
      if (Number.isSafeInteger(result)) return result + 0;
    }
    return toLong(slow(BigInt(a), BigInt(b)));
  };
}
