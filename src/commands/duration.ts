import { UserError } from '../errors.ts';

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * `30s`, `2m`, `500ms`, `1m30s`, `0` → milliseconds, at most a day. Throws UserError on anything else: a bare number could mean
 * seconds or minutes, so it is refused rather than guessed.
 */
export function parseDuration(text: string, flag: string): number {
  if (text === '0') return 0;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) {
    throw new UserError(`${flag} is "${text.slice(0, 40)}", which is no duration.`, 'Give one like 30s, 2m or 500ms.');
  }
  const total = parts.reduce((sum, [, value, unit]) => sum + Number(value) * (units[unit ?? ''] ?? 0), 0);
  if (total > 24 * 3_600_000) throw new UserError(`${flag} is "${text}", more than a day.`, 'Give one like 30s or 2m.');
  return total;
}
