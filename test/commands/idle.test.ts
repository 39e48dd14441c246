import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createIdle } from '../../src/commands/idle.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells once that nobody presses a key, and once that somebody does again', () => {
  const told: boolean[] = [];
  const idle = createIdle(1_000, (now) => told.push(now));
  vi.advanceTimersByTime(900);
  idle.press();
  vi.advanceTimersByTime(900);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual([true]);
  idle.press();
  idle.press();
  expect(told).toEqual([true, false]);
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([true, false, true]);
  idle.stop();
});
