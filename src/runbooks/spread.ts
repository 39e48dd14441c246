import type { Agent } from '../model/agents.ts';

/** Some of each pool, in their order: what one pool alone has is then among them. */
export function spread(all: readonly Agent[], most: number): readonly Agent[] {
  const pools = [...Map.groupBy(all, ({ pool }) => pool).values()];
  const longest = Math.max(0, ...pools.map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) => pools.flatMap((pool) => pool[at] ?? []))
    .flat()
    .slice(0, most);
}
