import { pad } from '../text.ts';
import type { Theme, Tone } from '../theme.ts';

/** The last `columns` values as one character each, from 0 to the greatest of them (or `most`). */
export function sparkline(theme: Theme, values: readonly number[], columns: number, most?: number): string {
  const last = values.slice(-columns);
  const top = Math.max(most ?? 0, ...last);
  const { levels } = theme.glyphs;
  const drawn = last.map((value) => {
    if (top <= 0 || value <= 0) return levels[0];
    // Whatever happened at all is drawn at least as the lowest step.
    return levels[Math.max(1, Math.round((value / top) * (levels.length - 1)))];
  });
  return drawn.join('').padStart(columns, levels[0]);
}

/** A share of a whole as a bar: `████░░░░`. `share` is between 0 and 1; outside it is cut. */
export function bar(theme: Theme, share: number, columns: number): string {
  const full = Math.round(Math.max(0, Math.min(1, Number.isFinite(share) ? share : 0)) * columns);
  return theme.glyphs.full.repeat(full) + theme.glyphs.empty.repeat(columns - full);
}

/** A bar with its percentage and how bad that is: from `warnAt` on a warning, from `errorAt` on an error. */
export function meter(
  theme: Theme,
  share: number,
  columns: number,
  limits: { warnAt: number; errorAt: number } = { warnAt: 0.8, errorAt: 0.95 },
): { text: string; tone: Tone } {
  const tone = share >= limits.errorAt ? 'error' : share >= limits.warnAt ? 'warning' : 'ok';
  const percent = pad(`${Math.floor(share * 100)}%`, 4, 'right');
  return { text: columns > 5 ? `${bar(theme, share, columns - 5)} ${percent}` : percent, tone };
}
