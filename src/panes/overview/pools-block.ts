import type { Pool } from '../../model/pools.ts';
import { number } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import { isSickPool, type PoolsRead, poolHeading, poolLine, poolWidths } from '../pool-line.ts';
import { type Spans, span } from '../spans.ts';
import { vitalLines } from '../vital-lines.ts';
import type { Vital } from '../vitals.ts';
import type { Block, BlockLine } from './block.ts';

export type PoolsOptions = {
  /** Those the filter left. */
  pools: readonly Pool[];
  read: PoolsRead;
  vitals: readonly Vital[];
  /** What stands in the title after its name: the mode, or the state while it is not read. */
  about: Spans;
  /** What a line has. */
  columns: number;
  glyphs: Glyphs;
};

/** Pools, and under them the cluster's organs in one line (two where they do not fit). */
export function poolsBlock({ pools, read, vitals, about, columns, glyphs }: PoolsOptions): Block {
  const organs = vitalLines(vitals, glyphs, columns).map((spans): BlockLine => ({ spans }));
  const sick = pools.filter((pool) => isSickPool(pool, read));
  const unwell = vitals.some((vital) => vital.glyph !== 'ok');
  const widths = poolWidths(pools, columns);
  return {
    id: 'pools',
    title: [span('1', 'accent'), span(' Pools', 'strong'), ...about],
    heading: () => poolHeading(widths),
    want: pools.length + organs.length,
    least: Math.min(3, sick.length + 1, pools.length) + organs.length,
    sick: sick.length > 0 || unwell,
    draw(_columns, rows) {
      // However low the screen, one line is the pools'.
      const room = Math.max(Math.min(1, rows), rows - organs.length);
      // Sick pools first where not all fit; else by name, so that a pool is always found in its place.
      const shown =
        pools.length <= room
          ? pools
          : [...sick, ...pools.filter((pool) => !isSickPool(pool, read))].slice(0, Math.max(0, room - 1));
      const lines = shown.map(
        (pool): BlockLine => ({ id: `pool:${pool.pool}`, spans: poolLine(pool, widths, glyphs, columns, read) }),
      );
      const hidden = pools.length - shown.length;
      if (hidden > 0 && room > 0)
        lines.push({
          spans: [
            span(`  ${glyphs.ellipsis} and ${number(hidden)} more pools, ${hiddenWords(shown, pools, read)}`, 'dim'),
          ],
        });
      return [...lines, ...organs].slice(0, rows);
    },
  };
}

function hiddenWords(shown: readonly Pool[], all: readonly Pool[], read: PoolsRead): string {
  const hiddenSick = all.filter((pool) => isSickPool(pool, read) && !shown.includes(pool)).length;
  return hiddenSick === 0 ? 'all well' : `${hiddenSick} of them sick`;
}
