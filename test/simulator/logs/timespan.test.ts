import { expect, it } from 'vitest';
import { readTimespan } from '../../../src/simulator/logs/timespan.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const at = (text: string) => Date.parse(`2026-11-22T${text}Z`);

const cases: [text: string, range: [from: number, to: number] | undefined][] = [
  ['PT1H', [at('11:00:00'), now]],
  ['PT1M30.5S', [at('11:58:29.500'), now]],
  ['P1D', [now - 86_400_000, now]],
  ['P1W', [now - 604_800_000, now]],
  ['2026-11-22T10:00:00Z/2026-11-22T11:00:00Z', [at('10:00:00'), at('11:00:00')]],
  ['2026-11-22T10:00:00Z/PT30M', [at('10:00:00'), at('10:30:00')]],
  ['PT30M/2026-11-22T10:00:00Z', [at('09:30:00'), at('10:00:00')]],
  ['', undefined],
  ['P', undefined],
  ['PT', undefined],
  ['1h', undefined],
  ['PT1H/PT2H', undefined],
  ['2026-11-22T10:00:00Z', undefined],
  ['a/b/c', undefined],
];

it.each(cases)('%j', (text, range) => {
  expect(readTimespan(text, now)).toEqual(range && { from: range[0], to: range[1] });
});
