import { count, list, record } from './objects/raw.ts';

export type SliceRate = { perSecond: number; burst: number; told: boolean };

/** What the operator uses where nothing is configured: its chart's default (domain §2.2). */
const byDefault = [
  { nodes: 0, limit: 10, burst: 20 },
  { nodes: 100, limit: 50, burst: 100 },
];

/** How fast the operator may write slices: the entry of `ces-rate-limits` for so many nodes, never above 50/s and 100 at once. */
export function sliceRate(config: string | undefined, nodes: number): SliceRate {
  const configured = entriesOf(config);
  const entries = configured.length > 0 ? configured : byDefault;
  const fitting = entries.filter((one) => one.nodes <= nodes).sort((a, b) => b.nodes - a.nodes)[0] ?? entries[0];
  return {
    perSecond: Math.min(50, fitting?.limit ?? 10),
    burst: Math.min(100, fitting?.burst ?? 20),
    told: configured.length > 0,
  };
}

function entriesOf(config: string | undefined): { nodes: number; limit: number; burst: number }[] {
  try {
    return list(JSON.parse(config ?? ''))
      .map(record)
      .map((one) => ({ nodes: count(one['nodes']), limit: count(one['limit']), burst: count(one['burst']) }))
      .filter(({ limit }) => limit > 0);
  } catch {
    return [];
  }
}
