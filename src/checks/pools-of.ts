import type { NodeRow } from '../model/objects/node.ts';
import { names } from './words.ts';

/** The pools these nodes belong to, with their counts: `pool np2 ×3`; `no pool` where nodes carry no pool label. */
export function poolsOf(nodes: readonly NodeRow[]): string {
  const byPool = Map.groupBy(nodes, ({ pool }) => pool);
  const parts = [...byPool]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([pool, rows]) => `${pool || 'no pool'} ×${rows.length}`);
  return `${byPool.size === 1 ? 'pool' : 'pools'} ${names(parts, 4)}`;
}
