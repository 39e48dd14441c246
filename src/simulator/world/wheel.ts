// Everything that will happen: one wheel of slots instead of a timer for each of 100,000 pods.

/** Milliseconds of one slot. */
export const STEP = 50;
const SLOTS = 4096;

type Task = { step: number; run: () => void };

export type Wheel = {
  /** Runs at or shortly after the time given; tasks of one step run in the order they were set. */
  at(when: number, run: () => void): void;
  /** Runs all that is due, step by step; `entered` is told the time of each step. */
  advance(to: number, entered: (at: number) => void): void;
  /** As `advance`, until `over` says so. False: something is left for the next time. */
  advanceUntil(to: number, over: () => boolean): boolean;
};

export function createWheel(start: number): Wheel {
  const slots: Task[][] = Array.from({ length: SLOTS }, () => []);
  let current = Math.floor(start / STEP);
  /** What is left of the current step. */
  let left: Task[] = [];

  const enter = () => {
    current++;
    const tasks = slots[current % SLOTS] ?? [];
    if (tasks.length === 0) return;
    // Tasks more than one turn away share the slot and wait for theirs.
    slots[current % SLOTS] = tasks.filter((task) => task.step > current);
    left = tasks.filter((task) => task.step <= current).reverse();
  };

  return {
    at(when, run) {
      const step = Math.max(current + 1, Math.ceil(when / STEP));
      slots[step % SLOTS]?.push({ step, run });
    },
    advance(to, entered) {
      const last = Math.floor(to / STEP);
      while (current < last) {
        entered((current + 1) * STEP);
        enter();
        while (left.length > 0) left.pop()?.run();
      }
    },
    advanceUntil(to, over) {
      const last = Math.floor(to / STEP);
      for (;;) {
        while (left.length > 0) {
          left.pop()?.run();
          if (over()) return left.length === 0 && current >= last;
        }
        if (current >= last) return true;
        enter();
      }
    },
  };
}
