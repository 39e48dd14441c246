import { UserError } from '../../../errors.ts';

const DURATION = /^P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** ISO 8601 duration → ms. Throws UserError on an interval: what is followed has no end. */
export function spanMs(text: string): number {
  const found = text.length > 1 && !text.endsWith('T') ? DURATION.exec(text) : null;
  if (!found) throw new UserError(`"${text.slice(0, 60)}" is no length of time to begin with.`, 'Give one like PT15M.');
  const [days, hours, minutes, rest] = found.slice(1).map((part) => Number(part ?? 0));
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 + (rest ?? 0) * 1_000;
}
