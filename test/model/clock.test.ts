import { expect, it } from 'vitest';
import { clock, clockMinute, clockMoment, clockSecond, clockTime, dateAndClock } from '../../src/model/clock.ts';

const at = (text: string) => Date.parse(`${text}Z`);
const now = at('2026-11-22T12:00:30');

it.each<[what: string, said: string, reads: string]>([
  ['a minute', clock(at('2026-11-22T11:46:59')), '11:46Z'],
  ['a second', clockSecond(at('2026-11-22T11:46:59')), '11:46:59'],
  ['a day and a minute', dateAndClock(at('2026-01-02T03:04:05')), '2026-01-02 03:04Z'],
  ['a second of today', clockTime(at('2026-11-22T00:00:00'), now), '00:00:00'],
  ['of another day', clockTime(at('2026-11-02T23:59:59'), now), 'Nov  2'],
  ['of the same day a year ago', clockTime(at('2025-11-22T12:00:00'), now), 'Nov 22'],
  ['of no time', clockTime(0, now), ''],
  ['a minute of today', clockMinute(at('2026-11-22T09:05:00'), now), '09:05'],
  ['a minute of another day', clockMinute(at('2026-11-02T09:05:00'), now), 'Nov 2 09:05'],
  ['a moment of today', clockMoment(at('2026-11-22T09:05:07'), now), '09:05:07Z'],
  ['a moment of another day', clockMoment(at('2026-11-02T09:05:07'), now), 'Nov 2 09:05:07Z'],
  ['no moment', clockMoment(0, now), ''],
  ['no minute', clockMinute(0, now), ''],
])('%s', (_what, said, reads) => expect(said).toBe(reads));
