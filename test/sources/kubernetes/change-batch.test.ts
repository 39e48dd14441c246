import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Change } from '../../../src/model/change.ts';
import { createChangeBatch } from '../../../src/sources/kubernetes/change-batch.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 10_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a clock that is set back holds nothing up', () => {
  const delivered: Change[] = [];
  const sink = createChangeBatch((changes) => delivered.push(...changes), Date.now);
  const latency = (ms: number): Change => ({ type: 'cluster', cluster: { latency: ms } });
  sink.change(latency(1));
  sink.flush();
  vi.setSystemTime(Date.now() - 3_600_000);
  sink.change(latency(2));
  vi.advanceTimersByTime(100);
  expect(delivered).toEqual([latency(1), latency(2)]);
});
