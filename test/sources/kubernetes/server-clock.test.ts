import { describe, expect, it } from 'vitest';
import { createServerClock } from '../../../src/sources/kubernetes/server-clock.ts';

const noon = Date.parse('2026-11-22T12:00:00Z');

/** Our clock stands at noon; each answer says what the server's clock shows, so many ms ahead, and took so long. */
function hearing(...answers: readonly (readonly [aheadMs: number, ms?: number])[]) {
  const told: number[] = [];
  const clock = createServerClock(
    (skew) => told.push(skew),
    () => noon,
  );
  for (const [ahead, ms = 20] of answers) clock.hear(new Date(noon + ahead - ms / 2).toUTCString(), ms);
  return { skew: clock.skew(), now: clock.now() - noon, told };
}

describe('the server’s clock', () => {
  it.each([
    ['agrees within the second a Date tells', [[400]], 0],
    ['agrees within some seconds: nobody would notice', [[-4_000]], 0],
    ['is ten minutes ahead from the first answer on', [[600_000]], 600_000],
    ['is five minutes behind', [[-300_000]], -300_000],
    ['is not told by an answer that took long', [[600_000, 9_000]], 0],
    ['is not set by one odd answer', [[0], [600_000], [0], [600_000]], 0],
    ['was set when two answers say so', [[0], [600_000], [601_000]], 601_000],
    ['does not follow what a Date rounds', [[600_000], [601_500], [598_900], [600_400]], 600_000],
    ['was mended', [[600_000], [0], [300]], 0],
  ] as const)('%s', (_, answers, skew) => {
    const found = hearing(...(answers as readonly (readonly [number, number?])[]));
    expect(Math.abs(found.skew - skew)).toBeLessThanOrEqual(1_000);
    expect(found.now).toBe(found.skew);
  });

  it('is told of when it changes, and only then', () => {
    expect(hearing([600_000], [600_200], [600_100]).told).toHaveLength(1);
    expect(hearing([100], [200]).told).toEqual([]);
  });

  it.each([[undefined], ['yesterday']])('is not told by a Date of %s', (date) => {
    const clock = createServerClock(() => {});
    clock.hear(date, 1);
    expect(clock.skew()).toBe(0);
  });
});
