import { expect, test } from 'vitest';
import { createLagMeter, lagBounds } from '../../src/model/lag.ts';

test('durations are spread over the columns of the histogram', () => {
  const meter = createLagMeter();
  for (const ms of [0, 50, 400, 1_500, 4_000, 8_000, 20_000, 45_000, 90_000, 600_000]) meter.add(ms, 1_000);
  expect(meter.read(1_000).spread).toEqual([2, 1, 0, 1, 1, 1, 1, 1, 2]);
  expect(lagBounds.length).toBe(8);
  // After five minutes they are forgotten.
  expect(meter.read(400_000)).toMatchObject({ count: 0, spread: [0, 0, 0, 0, 0, 0, 0, 0, 0] });
});
