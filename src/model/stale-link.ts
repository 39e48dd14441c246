import type { Link } from './link.ts';
import type { Snapshot } from './snapshot.ts';

/** The links on which every picture of the cluster rests. */
const core = ['systemPods', 'nodes', 'pods'] as const;

/** The core link that was heard of the longest ago, where one is stale: then all that is known is only as new as it. */
export function staleLink(links: Snapshot['links']): Link | undefined {
  const late = core.flatMap((source) => {
    const link = links.get(source);
    return link?.phase === 'stale' && link.heard > 0 ? [link] : [];
  });
  return late.toSorted((a, b) => a.heard - b.heard)[0];
}
