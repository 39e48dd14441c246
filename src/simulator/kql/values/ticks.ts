// Datetimes and timespans as ticks of 100 ns: what the service counts in, and what a Date would drop.

export const ticksPer = {
  microsecond: 10n,
  millisecond: 10_000n,
  second: 10_000_000n,
  minute: 600_000_000n,
  hour: 36_000_000_000n,
  day: 864_000_000_000n,
} as const;

/** From 0001-01-01 to 1970-01-01. */
const epoch = 621_355_968_000_000_000n;
/** 9999-12-31T23:59:59.9999999Z. */
export const lastTick = 3_155_378_975_999_999_999n;

/** Outside of the years 1 to 9999 there is no datetime: null. */
export const inCalendar = (ticks: bigint): bigint | null => (ticks < 0n || ticks > lastTick ? null : ticks);

export const ticksOfDate = (date: Date) => BigInt(date.getTime()) * ticksPer.millisecond + epoch;
export const ticksOfUnix = (milliseconds: number) => BigInt(milliseconds) * ticksPer.millisecond + epoch;
/** Whole milliseconds, downwards. */
export const unixOfTicks = (ticks: bigint) =>
  Number((ticks - epoch - mod(ticks, ticksPer.millisecond)) / ticksPer.millisecond);
export const dateOfTicks = (ticks: bigint) => new Date(unixOfTicks(ticks));

/** The part below a second, in ticks. */
export const fractionOf = (ticks: bigint) => mod(ticks, ticksPer.second);

/** Never negative. */
export function mod(value: bigint, size: bigint): bigint {
  const rest = value % size;
  return rest < 0n ? rest + size : rest;
}

const isoDate =
  /^\s*(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T ]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d+))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?\s*$/i;

/** ISO 8601 and its shorter forms, else what the platform reads (RFC 822, `8/30/2021 1:02:03 PM`), in UTC; null for the rest. */
export function parseDatetime(text: string): bigint | null {
  return plainIso.test(text) ? parsePlain(text) : parseWritten(text);
}

// As tables have it, and many times: what Date reads by itself, and the digits beyond.
const plainIso = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z$/;

function parsePlain(text: string): bigint | null {
  const ms = Date.parse(`${text.slice(0, 19)}Z`);
  if (Number.isNaN(ms) || new Date(ms).getUTCDate() !== Number(text.slice(8, 10))) return null;
  const fraction = text.length > 20 ? BigInt(text.slice(20, -1).padEnd(7, '0')) : 0n;
  return ticksOfUnix(ms) + fraction;
}

function parseWritten(text: string): bigint | null {
  const match = isoDate.exec(text);
  if (!match) return parseOther(text);
  const [, year, month, day = '1', hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  const ms = Date.UTC(2000, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const date = new Date(ms);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const sane =
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day) &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60;
  if (!sane || Number(year) < 1) return null;
  return inCalendar(ticksOfDate(date) + BigInt(fraction.slice(0, 7).padEnd(7, '0')) - offset(zone));
}

/** With as many digits of the second as needed, as JSON answers have it. */
export function datetimeText(ticks: bigint): string {
  const fraction = fractionOf(ticks);
  const second = dateOfTicks(ticks).toISOString().slice(0, 19);
  return fraction === 0n ? `${second}Z` : `${second}.${digits(fraction).replace(/0+$/, '')}Z`;
}

/** With all seven digits, as tostring() writes it. */
export const datetimeFullText = (ticks: bigint) =>
  `${dateOfTicks(ticks).toISOString().slice(0, 19)}.${digits(fractionOf(ticks))}Z`;

/** `[-][d.]hh:mm:ss[.fffffff]`. */
export function timespanText(ticks: bigint): string {
  const rest = ticks < 0n ? -ticks : ticks;
  const days = rest / ticksPer.day;
  const of = (size: bigint, within: bigint) => String((rest / size) % within).padStart(2, '0');
  const clock = `${of(ticksPer.hour, 24n)}:${of(ticksPer.minute, 60n)}:${of(ticksPer.second, 60n)}`;
  const fraction = rest % ticksPer.second;
  return `${ticks < 0n ? '-' : ''}${days > 0n ? `${days}.` : ''}${clock}${fraction > 0n ? `.${digits(fraction)}` : ''}`;
}

const units: readonly [RegExp, bigint][] = [
  [/^(d|days?)$/, ticksPer.day],
  [/^(h|hrs?|hours?)$/, ticksPer.hour],
  [/^(m|min|minutes?)$/, ticksPer.minute],
  [/^(s|sec|seconds?)$/, ticksPer.second],
  [/^(ms|milli(s|sec|second|seconds)?)$/, ticksPer.millisecond],
  [/^(micro(s|sec|second|seconds)?)$/, ticksPer.microsecond],
  [/^(ticks?)$/, 1n],
];

/** `1.02:03:04.5`, `5m`, `1.5h`, or a bare number of days; null for the rest. */
export function parseTimespan(text: string): bigint | null {
  const clock = /^\s*(-?)(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?\s*$/.exec(text);
  if (clock) {
    const [, sign, days = '0', hours, minutes, seconds = '0', fraction = ''] = clock;
    const [h, m, s] = [BigInt(hours as string), BigInt(minutes as string), BigInt(seconds)];
    if (h > 23n || m > 59n || s > 59n) return null;
    const ticks =
      BigInt(days) * ticksPer.day +
      h * ticksPer.hour +
      m * ticksPer.minute +
      s * ticksPer.second +
      BigInt(fraction.padEnd(7, '0'));
    return sign ? -ticks : ticks;
  }
  const counted = /^\s*(-?)(\d+)(?:\.(\d+))?\s*([a-z]*)\s*$/i.exec(text);
  const unit =
    counted &&
    (counted[4] ? units.find(([name]) => name.test((counted[4] as string).toLowerCase()))?.[1] : ticksPer.day);
  if (!counted || !unit) return null;
  const fraction = counted[3] ?? '';
  const ticks = (BigInt(`${counted[2]}${fraction}`) * unit) / 10n ** BigInt(fraction.length);
  return counted[1] ? -ticks : ticks;
}

const digits = (fraction: bigint) => String(fraction).padStart(7, '0');

function offset(zone: string): bigint {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (!match) return 0n;
  const ticks = BigInt(match[2] as string) * ticksPer.hour + BigInt(match[3] as string) * ticksPer.minute;
  return match[1] === '-' ? -ticks : ticks;
}

// Without a zone it is UTC; Date would take the machine's own.
function parseOther(text: string): bigint | null {
  if (!/\d{4}/.test(text) || !/[a-z/]/i.test(text)) return null;
  const ms = Date.parse(/(GMT|UTC|Z|[+-]\d{4})\s*$/i.test(text) ? text : `${text} UTC`);
  return Number.isNaN(ms) ? null : inCalendar(ticksOfUnix(ms));
}
