import type { Lag } from './churn.ts';

/** Durations of the last five minutes, kept as a histogram of 9 % steps: a storm brings a million of them. */
export type LagMeter = {
  add(ms: number, at: number): void;
  read(now: number): Lag;
};

/** Bounds of the columns of a histogram, ms. A minute is abnormal (domain §2.2). */
export const lagBounds = [100, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000] as const;

const SLOT_MS = 10_000;
const SLOTS = 30;
const STEPS = 200;
const STEP = Math.log(1.09);

export function createLagMeter(): LagMeter {
  const slots = new Map<number, Uint32Array>();

  const forget = (now: number): void => {
    const oldest = Math.floor(now / SLOT_MS) - SLOTS;
    for (const slot of slots.keys()) if (slot <= oldest) slots.delete(slot);
  };

  return {
    add: (ms, at) => {
      const slot = Math.floor(at / SLOT_MS);
      const counts = slots.get(slot) ?? new Uint32Array(STEPS);
      slots.set(slot, counts);
      const step = stepOf(ms);
      counts[step] = (counts[step] ?? 0) + 1;
    },
    read: (now) => {
      forget(now);
      const sums = new Uint32Array(STEPS);
      for (const counts of slots.values())
        for (let step = 0; step < STEPS; step++) sums[step] = (sums[step] ?? 0) + (counts[step] ?? 0);
      const total = sums.reduce((sum, one) => sum + one, 0);
      return {
        p50: quantile(sums, total, 0.5),
        p99: quantile(sums, total, 0.99),
        count: total,
        spread: spreadOf(sums),
      };
    },
  };
}

function spreadOf(sums: Uint32Array): readonly number[] {
  const spread = new Array<number>(lagBounds.length + 1).fill(0);
  for (const [step, count] of sums.entries()) {
    const ms = step === 0 ? 0 : Math.exp((step - 1) * STEP);
    const column = lagBounds.findIndex((bound) => ms < bound);
    const place = column === -1 ? lagBounds.length : column;
    spread[place] = (spread[place] ?? 0) + count;
  }
  return spread;
}

/** Step 0 is 0 ms; the last step is everything above four hours. */
function stepOf(ms: number): number {
  return ms < 1 ? 0 : Math.min(STEPS - 1, 1 + Math.round(Math.log(ms) / STEP));
}

function quantile(sums: Uint32Array, total: number, share: number): number {
  let left = Math.ceil(total * share);
  if (left === 0) return 0;
  for (let step = 0; step < STEPS; step++) {
    left -= sums[step] ?? 0;
    if (left <= 0) return step === 0 ? 0 : Math.round(Math.exp((step - 1) * STEP));
  }
  return 0;
}
