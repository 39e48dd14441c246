import { UserError } from '../errors.ts';

const short = /^(\d{1,5})\s*(s|m|min|h|d|w)$/i;
const duration = /^P(?!$)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?$/;
const moment = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * What a person types as a span of time → what Log Analytics takes: `30m`, `6h`, `2d`, an ISO 8601 duration, or `from/to`
 * of two moments, or of one and a duration. Undefined for anything else.
 */
export function timespanOf(typed: string): string | undefined {
  const text = typed.trim();
  const [, count = '', unit = ''] = short.exec(text) ?? [];
  const letter = unit.slice(0, 1).toUpperCase();
  if (letter === 'W') return `P${Number(count) * 7}D`;
  if (letter === 'D') return `P${count}D`;
  if (letter !== '') return `PT${count}${letter}`;
  const parts = text.split('/');
  const isSpan = parts.length === 1 ? duration.test(text) : parts.length === 2 && isInterval(parts);
  return isSpan ? text : undefined;
}

function isInterval(parts: readonly string[]): boolean {
  const isMoment = (one: string) => moment.test(one) && !Number.isNaN(Date.parse(one));
  return parts.every((one) => isMoment(one) || duration.test(one)) && parts.some(isMoment);
}

const DURATION = /^P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** ISO 8601 duration → ms. Throws UserError on an interval: what is followed has no end. */
export function spanMs(text: string): number {
  const found = text.length > 1 && !text.endsWith('T') ? DURATION.exec(text) : null;
  if (!found) throw new UserError(`"${text.slice(0, 60)}" is no length of time to begin with.`, 'Give one like PT15M.');
  const [days, hours, minutes, rest] = found.slice(1).map((part) => Number(part ?? 0));
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 + (rest ?? 0) * 1_000;
}
