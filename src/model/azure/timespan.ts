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
