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
};

export function createWheel(start: number): Wheel {
  const slots: Task[][] = Array.from({ length: SLOTS }, () => []);
  let current = Math.floor(start / STEP);
  return {
    at(when, run) {
      const step = Math.max(current + 1, Math.ceil(when / STEP));
      slots[step % SLOTS]?.push({ step, run });
    },
    advance(to, entered) {
      const last = Math.floor(to / STEP);
      while (current < last) {
        current++;
        entered(current * STEP);
        const tasks = slots[current % SLOTS] ?? [];
        if (tasks.length === 0) continue;
        // Tasks more than one turn away share the slot and wait for theirs.
        slots[current % SLOTS] = tasks.filter((task) => task.step > current);
        for (const task of tasks) if (task.step <= current) task.run();
      }
    },
  };
}
