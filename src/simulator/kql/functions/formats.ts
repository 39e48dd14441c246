import { semanticError } from '../kql-error.ts';
import { dateOfTicks, fractionOf, mod, ticksPer } from '../values/ticks.ts';

/** `yyyy-MM-dd HH:mm:ss.fffffff` and the like, with the delimiters `/-:,._[] `. */
export function formatDatetime(ticks: bigint, format: string): string {
  const date = dateOfTicks(ticks);
  const hour = date.getUTCHours();
  return written(format, [
    ['y', (length) => padded(length <= 2 ? date.getUTCFullYear() % 100 : date.getUTCFullYear(), length)],
    ['M', (length) => padded(date.getUTCMonth() + 1, length)],
    ['d', (length) => padded(date.getUTCDate(), length)],
    ['H', (length) => padded(hour, length)],
    ['h', (length) => padded(hour % 12 || 12, length)],
    ['m', (length) => padded(date.getUTCMinutes(), length)],
    ['s', (length) => padded(date.getUTCSeconds(), length)],
    ['f', (length) => fraction(ticks).slice(0, length)],
    ['F', (length) => fraction(ticks).slice(0, length).replace(/0+$/, '')],
    ['t', () => (hour < 12 ? 'AM' : 'PM')],
  ]);
}

/** `d.hh:mm:ss` and the like. */
export function formatTimespan(ticks: bigint, format: string): string {
  const span = ticks < 0n ? -ticks : ticks;
  const of = (size: bigint, within: bigint) => Number(mod(span / size, within));
  return written(format, [
    ['d', (length) => padded(Number(span / ticksPer.day), length)],
    ['H', (length) => padded(of(ticksPer.hour, 24n), length)],
    ['h', (length) => padded(of(ticksPer.hour, 24n), length)],
    ['m', (length) => padded(of(ticksPer.minute, 60n), length)],
    ['s', (length) => padded(of(ticksPer.second, 60n), length)],
    ['f', (length) => fraction(span).slice(0, length)],
    ['F', (length) => fraction(span).slice(0, length).replace(/0+$/, '')],
  ]);
}

function written(
  format: string,
  letters: readonly (readonly [letter: string, write: (length: number) => string])[],
): string {
  return format.replace(/([A-Za-z])\1*|[^A-Za-z]/g, (run) => {
    const letter = run[0] as string;
    if (/[/\-:,._[\] ]/.test(letter)) return run;
    const write = letters.find(([own]) => own === letter)?.[1];
    if (!write) throw semanticError('SEM0238', `'${format}' is no valid format: '${letter}'`);
    return write(run.length);
  });
}

const padded = (value: number, length: number) => String(value).padStart(length, '0');
const fraction = (ticks: bigint) => String(fractionOf(ticks)).padStart(7, '0');
