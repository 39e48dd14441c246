import { UserError } from '../../errors.ts';
import { sanitiseLine } from '../../model/sanitise.ts';

const SHORT = /^(\d+)([smhdw])$/;
const DURATION = /^P(?!$)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?$/;

/**
 * `30m`, `6h`, `2d`, an ISO 8601 duration, or `from/to` of two moments (or one and a duration) → what the service takes.
 * Throws UserError on anything else.
 */
export function parseTimespan(text: string): string {
  const short = SHORT.exec(text);
  if (short) {
    const count = Number(short[1]);
    const unit = short[2] as string;
    if (unit === 'w') return `P${count * 7}D`;
    return unit === 'd' ? `P${count}D` : `PT${count}${unit.toUpperCase()}`;
  }
  const parts = text.split('/');
  const isSpan = parts.length === 1 ? DURATION.test(text) : parts.length === 2 && isInterval(parts);
  if (isSpan) return text;
  throw new UserError(
    `--timespan is "${sanitiseLine(text, 60)}", which is no span of time.`,
    'Give one like 30m, 6h, 2d, or 2026-11-22T10:00Z/2026-11-22T11:00Z.',
  );
}

function isInterval(parts: readonly string[]): boolean {
  const kinds = parts.map((part) => (DURATION.test(part) ? 'span' : isMoment(part) ? 'moment' : 'none'));
  return !kinds.includes('none') && kinds.includes('moment');
}

function isMoment(text: string): boolean {
  return (
    /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text) && !Number.isNaN(Date.parse(text))
  );
}
