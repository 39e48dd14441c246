import type { Pool } from '../../model/pools.ts';
import { number, width } from '../../ui/text.ts';
import type { Glyphs, Span, Tone } from '../../ui/theme.ts';
import { shortImage } from '../short-image.ts';
import { cell, type Spans, span, spansWidth } from '../spans.ts';
import type { Vital } from '../vitals.ts';
import type { Block, BlockLine } from './block.ts';

export type PoolsOptions = {
  /** Those the filter left. */
  pools: readonly Pool[];
  vitals: readonly Vital[];
  /** What stands in the title after its name: the mode, or the state while it is not read. */
  about: Spans;
  /** What a line has. */
  columns: number;
  glyphs: Glyphs;
};

/** Pools, and under them the cluster's organs in one line (two where they do not fit). */
export function poolsBlock({ pools, vitals, about, columns, glyphs }: PoolsOptions): Block {
  const organs = vitalLines(vitals, glyphs, columns).map((spans): BlockLine => ({ spans }));
  const sick = pools.filter(isSick);
  const unwell = vitals.some((vital) => vital.glyph !== 'ok');
  const widths = { ...widthsOf(pools), gap: columns < 70 ? ' ' : '  ' };
  return {
    id: 'pools',
    title: [span('1', 'accent'), span(' Pools', 'strong'), ...about],
    heading: () => headingOf(widths),
    want: pools.length + organs.length,
    least: Math.min(3, sick.length + 1, pools.length) + organs.length,
    sick: sick.length > 0 || unwell,
    draw(_columns, rows) {
      const room = Math.max(0, rows - organs.length);
      // Sick pools first where not all fit; else by name, so that a pool is always found in its place.
      const shown =
        pools.length <= room
          ? pools
          : [...sick, ...pools.filter((pool) => !isSick(pool))].slice(0, Math.max(0, room - 1));
      const lines = shown.map(
        (pool): BlockLine => ({ id: `pool:${pool.pool}`, spans: poolLine(pool, widths, glyphs, columns) }),
      );
      const hidden = pools.length - shown.length;
      if (hidden > 0 && room > 0)
        lines.push({
          spans: [span(`  ${glyphs.ellipsis} and ${number(hidden)} more pools, ${hiddenWords(shown, pools)}`, 'dim')],
        });
      return [...lines, ...organs].slice(0, rows);
    },
  };
}

export function isSick(pool: Pool): boolean {
  return (
    pool.nodesReady < pool.nodes ||
    pool.agentsReady < pool.agents ||
    pool.cnsReady < pool.cns ||
    pool.stuck > 0 ||
    pool.upgrade.state === 'standing-still'
  );
}

function hiddenWords(shown: readonly Pool[], all: readonly Pool[]): string {
  const hiddenSick = all.filter((pool) => isSick(pool) && !shown.includes(pool)).length;
  return hiddenSick === 0 ? 'all well' : `${hiddenSick} of them sick`;
}

type Widths = { pool: number; nodes: number; agents: number; cns: number; stuck: number; kubelet: number; gap: string };

function widthsOf(pools: readonly Pool[]): Omit<Widths, 'gap'> {
  const widest = (title: string, texts: readonly string[], most = 99) =>
    Math.min(most, Math.max(title.length, ...texts.map(width)));
  return {
    pool: Math.max(11, widest('', pools.map(nameOf), 16)),
    nodes: widest(
      'NODES',
      pools.map((pool) => `${pool.nodesReady}/${pool.nodes} x`),
    ),
    agents: widest(
      'AGENTS',
      pools.map((pool) => `${pool.agentsReady}/${pool.agents} x`),
    ),
    cns: widest(
      'CNS',
      pools.map((pool) => (pool.cns === 0 ? '' : `${pool.cnsReady}/${pool.cns} x`)),
    ),
    stuck: widest(
      'STUCK',
      pools.map((pool) => number(pool.stuck)),
    ),
    kubelet: widest(
      'K8S',
      pools.map((pool) => mixed(pool.kubelets.map((one) => one.value.replace(/^v/, '')))),
      18,
    ),
  };
}

function headingOf(widths: Widths): string {
  const right = (text: string, columns: number) => cell(text, columns, { align: 'right' });
  return [
    ' '.repeat(widths.pool),
    right('NODES', widths.nodes),
    right('AGENTS', widths.agents),
    right('CNS', widths.cns),
    right('STUCK', widths.stuck),
    cell('K8S', widths.kubelet),
    'IMAGE',
  ].join(widths.gap);
}

function poolLine(pool: Pool, widths: Widths, glyphs: Glyphs, columns: number): Spans {
  const spans: Span[] = [
    span(cell(nameOf(pool), widths.pool, { ellipsis: glyphs.ellipsis })),
    ...count(pool.nodesReady, pool.nodes, widths.nodes, widths.gap, glyphs),
    ...count(pool.agentsReady, pool.agents, widths.agents, widths.gap, glyphs),
    ...count(pool.cnsReady, pool.cns, widths.cns, widths.gap, glyphs),
    span(
      `${widths.gap}${cell(number(pool.stuck), widths.stuck, { align: 'right' })}`,
      pool.stuck > 0 ? 'error' : 'dim',
    ),
    span(`${widths.gap}${cell(mixed(pool.kubelets.map((one) => one.value.replace(/^v/, ''))), widths.kubelet)}`),
    span(`${widths.gap}${mixed(pool.images.map((one) => shortImage(one.value)))}`),
  ];
  const note = noteOf(pool);
  if (note === undefined) return spans;
  const room = columns - spansWidth(spans) - 2;
  return room > 3 ? [...spans, span('  '), span(note.text, note.tone)] : spans;
}

function count(ready: number, all: number, columns: number, gap: string, glyphs: Glyphs): Spans {
  if (all === 0) return [span(`${gap}${cell('–', columns, { align: 'right' })}`, 'dim')];
  const tone: Tone = ready === all ? 'ok' : 'error';
  return [
    span(`${gap}${cell(`${ready}/${all} `, columns - 1, { align: 'right' })}`),
    span(glyphs[ready === all ? 'ok' : 'error'], tone),
  ];
}

function noteOf({ upgrade, cordoned, windows }: Pool): { text: string; tone: Tone } | undefined {
  if (upgrade.state === 'standing-still') return { text: 'upgrade stands still', tone: 'warning' };
  if (upgrade.state === 'under-way') return { text: 'upgrading', tone: 'progress' };
  if (cordoned > 0) return { text: `${cordoned} cordoned`, tone: 'dim' };
  return windows > 0 ? { text: 'Windows', tone: 'dim' } : undefined;
}

function nameOf({ pool }: Pool): string {
  return pool === '' ? '(no pool)' : pool;
}

/** One value, or the most frequent one and how many others there are. */
function mixed(values: readonly string[]): string {
  const [first = '', ...others] = values;
  return others.length === 0 ? first : `${first} +${others.length}`;
}

/** ` operator ● 2/2 lease 4s  dns ● 3/3  …`, on as many lines as it takes. */
export function vitalLines(vitals: readonly Vital[], glyphs: Glyphs, columns: number): Spans[] {
  const lines: Span[][] = [];
  for (const { id, glyph, text } of vitals) {
    const part: Span[] = [span(`${id} `, 'dim'), span(glyphs[glyph], glyph), span(` ${text}`)];
    const last = lines.at(-1);
    if (last !== undefined && spansWidth(last) + 2 + spansWidth(part) <= columns) last.push(span('  '), ...part);
    else lines.push(part);
  }
  return lines;
}
