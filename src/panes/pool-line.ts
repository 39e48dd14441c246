import type { Pool } from '../model/pools.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { number, width } from '../ui/text.ts';
import type { Glyphs, Span, Tone } from '../ui/theme.ts';
import { areAgentsExpected, isRead } from './read-agents.ts';
import { shortImage } from './short-image.ts';
import { cell, type Spans, span, spansWidth } from './spans.ts';

/** Which of a pool's columns rest on something that has been read; the others are neither well nor sick. */
export type PoolsRead = { agents: Reading; cns: Reading; stuck: boolean; azureUpgrades: boolean };
type Reading = 'read' | 'arriving' | 'unread';

export function poolsRead(snapshot: Snapshot): PoolsRead {
  const both = isRead(snapshot, 'systemPods') && isRead(snapshot, 'daemonSets');
  const phases = [snapshot.links.get('systemPods')?.phase, snapshot.links.get('daemonSets')?.phase];
  const arriving = phases.every((phase) => !['forbidden', 'missing', 'failed'].includes(phase ?? ''));
  const cns: Reading = both ? 'read' : arriving ? 'arriving' : 'unread';
  // Where there is no DaemonSet there is nothing to count.
  return {
    agents: both && !areAgentsExpected(snapshot) ? 'unread' : cns,
    cns,
    stuck: isRead(snapshot, 'pods'),
    azureUpgrades: azureUpgrades(snapshot),
  };
}

/** Azure says just now that it is at it: nodes may wait for their turn, or for a drain. */
function azureUpgrades({ facts: { arm } }: Snapshot): boolean {
  if (arm?.value === undefined || arm.link.phase !== 'live') return false;
  return [arm.value, ...arm.value.pools].some(({ provisioningState }) => /^upgrading/i.test(provisioningState));
}

export function isSickPool(pool: Pool, read: PoolsRead): boolean {
  return (
    pool.nodesReady < pool.nodes - pool.moving ||
    (read.agents === 'read' && pool.agentsReady < pool.agents - pool.moving) ||
    (read.cns === 'read' && pool.cnsReady < pool.cns - pool.moving) ||
    pool.stuck > 0 ||
    (pool.upgrade.state === 'standing-still' && !read.azureUpgrades)
  );
}

export type PoolWidths = {
  pool: number;
  nodes: number;
  agents: number;
  cns: number;
  stuck: number;
  kubelet: number;
  gap: string;
};

/** Columns that fit these pools, so that what differs stands below each other; narrow where there are few `columns`. */
export function poolWidths(pools: readonly Pool[], columns: number): PoolWidths {
  const widest = (title: string, texts: readonly string[], most = 99) =>
    Math.min(most, Math.max(title.length, ...texts.map(width)));
  return {
    gap: columns < 70 ? ' ' : '  ',
    pool: Math.max(12, widest('', pools.map(nameOf), 16)),
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

export function poolHeading(widths: PoolWidths): string {
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

export function poolLine(pool: Pool, widths: PoolWidths, glyphs: Glyphs, columns: number, read: PoolsRead): Spans {
  const spans: Span[] = [
    span(cell(nameOf(pool), widths.pool, { ellipsis: glyphs.ellipsis })),
    ...count(pool.nodesReady, pool.nodes, pool, widths.nodes, widths.gap, 'read', glyphs),
    ...count(pool.agentsReady, pool.agents, pool, widths.agents, widths.gap, read.agents, glyphs),
    ...count(pool.cnsReady, pool.cns, pool, widths.cns, widths.gap, read.cns, glyphs),
    span(
      `${widths.gap}${cell(read.stuck || pool.stuck > 0 ? number(pool.stuck) : '–', widths.stuck, { align: 'right' })}`,
      pool.stuck > 0 ? 'error' : 'dim',
    ),
    span(`${widths.gap}${cell(mixed(pool.kubelets.map((one) => one.value.replace(/^v/, ''))), widths.kubelet)}`),
  ];
  const image = span(`${widths.gap}${mixed(pool.images.map((one) => shortImage(one.value)))}`);
  const note = noteOf(pool, read);
  if (note === undefined) return [...spans, image];
  // Where both do not fit, what is going on says more than which image it is.
  const both = [...spans, image, span('  '), span(note.text, note.tone)];
  return spansWidth(both) <= columns ? both : [...spans, span(widths.gap), span(note.text, note.tone)];
}

function count(
  ready: number,
  all: number,
  { moving }: Pool,
  columns: number,
  gap: string,
  read: Reading,
  glyphs: Glyphs,
): Spans {
  if (all === 0 || read === 'unread') return [span(`${gap}${cell('–', columns, { align: 'right' })}`, 'dim')];
  const glyph = ready === all ? 'ok' : read === 'read' && ready < all - moving ? 'error' : 'progress';
  return [span(`${gap}${cell(`${ready}/${all} `, columns - 1, { align: 'right' })}`), span(glyphs[glyph], glyph)];
}

/** What an operator would add by hand. */
function noteOf({ upgrade, cordoned, windows }: Pool, read: PoolsRead): { text: string; tone: Tone } | undefined {
  if (upgrade.state === 'standing-still' && read.azureUpgrades) return { text: 'Azure is upgrading', tone: 'progress' };
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
