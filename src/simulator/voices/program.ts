import type { StoreEvent } from '../cluster.ts';
import { chance } from './chance.ts';

export type Line = { at: number; line: string };

/** Something a program says again and again. */
export type Habit = {
  /** Milliseconds between two times, on average. */
  every: number;
  /** Undefined: nothing to say this time. */
  say(at: number, turn: number): string | undefined;
};

/** How a program talks: everything it writes to its log follows from one of these. */
export type Program = {
  /** What it says as it starts, the first at `at`. */
  opening(at: number): Line[];
  habits: readonly Habit[];
  /** What it has said, since then, about things that can still be read off the objects. In no order. */
  recall?(since: number): Line[];
  /** What it says to a change in the cluster as it happens. */
  hear?(event: StoreEvent, at: number): string[];
  /** Its last words, made of what the container's status says they were. */
  closing(at: number, words: string, exitCode: number): string[];
};

/** What habits make a program say from a time on, in order and without end. The same `seed` and `start` say the same. */
export function* habitLines(habits: readonly Habit[], seed: string, start: number, from: number): Generator<Line> {
  const turns = habits.map((habit) => Math.max(0, Math.floor((from - start) / habit.every)));
  const times = habits.map((_, which) => timeOfTurn(habits, turns, which, seed, start));
  while (habits.length > 0) {
    let next = 0;
    for (let which = 1; which < times.length; which++) if ((times[which] ?? 0) < (times[next] ?? 0)) next = which;
    const at = times[next] ?? 0;
    const turn = turns[next] ?? 0;
    turns[next] = turn + 1;
    times[next] = timeOfTurn(habits, turns, next, seed, start);
    // Also a silent turn is yielded, as an empty line: the reader must be able to stop at the present.
    if (at >= from) yield { at, line: habits[next]?.say(at, turn) ?? '' };
  }
}

function timeOfTurn(
  habits: readonly Habit[],
  turns: readonly number[],
  which: number,
  seed: string,
  start: number,
): number {
  const turn = turns[which] ?? 0;
  return start + Math.floor((turn + 0.05 + 0.9 * chance(`${seed} ${which} ${turn}`)) * (habits[which]?.every ?? 1));
}

/** Lines a little apart, as a program writes them while it starts. */
export function spread(at: number, gap: number, lines: readonly ((at: number) => string)[]): Line[] {
  return lines.map((say, index) => ({ at: at + index * gap, line: say(at + index * gap) }));
}
