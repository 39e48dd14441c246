import { semanticError } from '../kql-error.ts';
import type { Evaluate, Expression } from '../rows.ts';
import {
  dateOfTicks,
  fractionOf,
  inCalendar,
  lastTick,
  mod,
  ticksOfDate,
  ticksOfUnix,
  ticksPer,
} from '../values/ticks.ts';
import type { Value } from '../values/value.ts';
import { formatDatetime, formatTimespan } from './formats.ts';
import { converted, type KqlFunction, pure } from './kql-function.ts';

const now: KqlFunction = ({ args, now: moment }) => {
  const offset = args[0]?.run;
  return (row) => inCalendar(moment + ((offset?.(row) as bigint | null) ?? 0n));
};

const ago: KqlFunction = ({ args, now: moment }) => {
  const { run } = args[0] as Expression;
  return (row) => {
    const span = run(row) as bigint | null;
    return span === null ? null : inCalendar(moment - span);
  };
};

type Calendar =
  | 'year'
  | 'quarter'
  | 'month'
  | 'week'
  | 'day'
  | 'hour'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'microsecond'
  | 'nanosecond';

type Start = 'hour' | 'day' | 'week' | 'month' | 'year';

const starts: Readonly<Record<Start, (ticks: bigint) => bigint>> = {
  hour: (ticks) => ticks - mod(ticks, ticksPer.hour),
  day: (ticks) => ticks - mod(ticks, ticksPer.day),
  // Weeks begin on Sunday, and the calendar on a Monday.
  week: (ticks) => ticks - mod(ticks + ticksPer.day, ticksPer.day * 7n),
  month: (ticks) => firstOf(ticks, 'month'),
  year: (ticks) => firstOf(ticks, 'year'),
};

const startOf = (unit: Start): KqlFunction =>
  pure(['datetime', 'long'], (ticks, offset = 0) => startAfter(ticks, unit, Number(offset)));
const endOf = (unit: Start): KqlFunction =>
  pure(['datetime', 'long'], (ticks, offset = 0) => {
    const next = startAfter(ticks, unit, Number(offset) + 1);
    if (next !== null) return next - 1n;
    return startAfter(ticks, unit, Number(offset)) === null ? null : lastTick;
  });

const part = (read: (date: Date, ticks: bigint) => number): KqlFunction =>
  pure(['datetime'], (ticks) => read(dateOfTicks(ticks), ticks));

const parts: Readonly<Record<string, (date: Date, ticks: bigint) => number>> = {
  year: (date) => date.getUTCFullYear(),
  quarter: (date) => Math.floor(date.getUTCMonth() / 3) + 1,
  month: (date) => date.getUTCMonth() + 1,
  week_of_year: weekOfYear,
  day: (date) => date.getUTCDate(),
  dayofyear: dayOfYear,
  hour: (date) => date.getUTCHours(),
  minute: (date) => date.getUTCMinutes(),
  second: (date) => date.getUTCSeconds(),
  millisecond: (date) => date.getUTCMilliseconds(),
  microsecond: (_date, ticks) => Number(fractionOf(ticks) / 10n),
  nanosecond: (_date, ticks) => Number(fractionOf(ticks) * 100n),
};

const fromUnix = (ticksEach: bigint): KqlFunction =>
  pure(['real'], (value) => inCalendar(ticksOfUnix(0) + BigInt(Math.round(value * Number(ticksEach)))));

const makeTimespan: KqlFunction = ({ args }) => {
  const numbers = args.map(({ run }) => run);
  return (row) => {
    const values = numbers.map((run) => run(row));
    if (values.includes(null)) return null;
    const [days, hours, minutes, seconds] = values.length === 4 ? values : [0, ...values, 0];
    const ticks = (value: Value | undefined, each: bigint) => BigInt(Math.round(Number(value) * Number(each)));
    return (
      ticks(days, ticksPer.day) +
      ticks(hours, ticksPer.hour) +
      ticks(minutes, ticksPer.minute) +
      ticks(seconds, ticksPer.second)
    );
  };
};

export const datetimeFunctions: Readonly<Record<string, KqlFunction>> = {
  now,
  ago,
  startofhour: startOf('hour'),
  startofday: startOf('day'),
  startofweek: startOf('week'),
  startofmonth: startOf('month'),
  startofyear: startOf('year'),
  endofday: endOf('day'),
  endofweek: endOf('week'),
  endofmonth: endOf('month'),
  endofyear: endOf('year'),
  dayofweek: pure(['datetime'], (ticks) => mod(ticks / ticksPer.day + 1n, 7n) * ticksPer.day),
  dayofmonth: part(parts.day as Part),
  dayofyear: part(dayOfYear),
  hourofday: part(parts.hour as Part),
  monthofyear: part(parts.month as Part),
  getmonth: part(parts.month as Part),
  getyear: part(parts.year as Part),
  week_of_year: part(weekOfYear),
  datetime_part: pure(['string', 'datetime'], (name, ticks) =>
    (parts[name.toLowerCase()] ?? unknownPart(name))(dateOfTicks(ticks), ticks),
  ),
  datetime_add: pure(['string', 'long', 'datetime'], (unit, amount, ticks) =>
    addUnits(ticks, unitOf(unit), Number(amount)),
  ),
  datetime_diff: pure(
    ['string', 'datetime', 'datetime'],
    (unit, a, b) => boundaries(a, unitOf(unit)) - boundaries(b, unitOf(unit)),
  ),
  make_datetime: ({ args }) => makeDatetime(args),
  make_timespan: makeTimespan,
  unixtime_seconds_todatetime: fromUnix(ticksPer.second),
  unixtime_milliseconds_todatetime: fromUnix(ticksPer.millisecond),
  unixtime_microseconds_todatetime: fromUnix(ticksPer.microsecond),
  unixtime_nanoseconds_todatetime: pure(['long'], (value) => inCalendar(ticksOfUnix(0) + BigInt(value) / 100n)),
  format_datetime: pure(['datetime', 'string'], formatDatetime),
  format_timespan: pure(['timespan', 'string'], formatTimespan),
};

type Part = (date: Date, ticks: bigint) => number;

function makeDatetime(args: readonly Expression[]): Evaluate {
  const [first] = args;
  if (first && args.length === 1) return converted('make_datetime', first, 'datetime');
  const numbers = args.map((one) => converted('make_datetime', one, 'real'));
  return (row) => {
    const [year, month, day, hour = 0, minute = 0, second = 0] = numbers.map((run) => Number(run(row)));
    if (!year || !month || !day || month > 12 || day > 31 || hour > 23 || minute > 59 || second >= 60) return null;
    const date = new Date(Date.UTC(2000, 0, 1, hour, minute));
    date.setUTCFullYear(year, month - 1, day);
    if (date.getUTCDate() !== day) return null;
    return inCalendar(ticksOfDate(date) + BigInt(Math.round(second * Number(ticksPer.second))));
  };
}

function firstOf(ticks: bigint, unit: 'month' | 'year'): bigint {
  const date = dateOfTicks(ticks);
  date.setUTCHours(0, 0, 0, 0);
  date.setUTCMonth(unit === 'year' ? 0 : date.getUTCMonth(), 1);
  return ticksOfDate(date);
}

function startAfter(ticks: bigint, unit: Start, count: number): bigint | null {
  const later = addUnits(starts[unit](ticks), unit, count);
  return later === null ? null : starts[unit](later);
}

const lengths: Partial<Record<Calendar, bigint>> = {
  week: ticksPer.day * 7n,
  day: ticksPer.day,
  hour: ticksPer.hour,
  minute: ticksPer.minute,
  second: ticksPer.second,
  millisecond: ticksPer.millisecond,
  microsecond: ticksPer.microsecond,
};

function addUnits(ticks: bigint, unit: Calendar, amount: number): bigint | null {
  if (unit === 'nanosecond') return inCalendar(ticks + BigInt(Math.trunc(amount / 100)));
  const each = lengths[unit];
  if (each) return inCalendar(ticks + each * BigInt(Math.trunc(amount)));
  const months = unit === 'year' ? amount * 12 : unit === 'quarter' ? amount * 3 : amount;
  const date = dateOfTicks(ticks);
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() + months, 1);
  // 31 January and one month is the last of February.
  const last = new Date(Date.UTC(2000, 0, 1));
  last.setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth() + 1, 0);
  date.setUTCDate(Math.min(day, last.getUTCDate()));
  return inCalendar(ticksOfDate(date) + mod(ticks, ticksPer.millisecond));
}

// How many borders of this unit lie before: the difference of two is what datetime_diff() counts.
function boundaries(ticks: bigint, unit: Calendar): number {
  const date = dateOfTicks(ticks);
  if (unit === 'year') return date.getUTCFullYear();
  if (unit === 'quarter') return date.getUTCFullYear() * 4 + Math.floor(date.getUTCMonth() / 3);
  if (unit === 'month') return date.getUTCFullYear() * 12 + date.getUTCMonth();
  if (unit === 'week') return Number((ticks + ticksPer.day) / (ticksPer.day * 7n));
  if (unit === 'nanosecond') return Number(ticks * 100n);
  return Number(ticks / (lengths[unit] as bigint));
}

function unitOf(word: string): Calendar {
  const unit = word.toLowerCase();
  if (unit in lengths || ['year', 'quarter', 'month', 'nanosecond'].includes(unit)) return unit as Calendar;
  return unknownPart(word);
}

function unknownPart(word: string): never {
  throw semanticError('SEM0237', `'${word}' is no part of a datetime`);
}

function dayOfYear(date: Date): number {
  return (
    Math.floor((Date.UTC(2000, date.getUTCMonth(), date.getUTCDate()) - Date.UTC(2000, 0, 1)) / 86_400_000) +
    1 -
    (afterFebruary(date) ? 1 : 0)
  );
}

// 2000 has a 29 February, the year in question perhaps not.
function afterFebruary(date: Date): boolean {
  const year = date.getUTCFullYear();
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return !leap && date.getUTCMonth() > 1;
}

/** ISO 8601: the week with the year's first Thursday is 1. */
function weekOfYear(date: Date): number {
  const thursday = new Date(date.getTime());
  thursday.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  return Math.ceil(dayOfYear(thursday) / 7);
}
