import type { Snapshot } from '../model/snapshot.ts';

/** The links on which every screen's picture of the cluster rests. */
const core = ['systemPods', 'nodes'] as const;

/** Whether the picture as a whole is older than it looks, so that it is drawn dimmed. */
export function isAnythingOld(links: Snapshot['links']): boolean {
  return core.some((source) => links.get(source)?.phase === 'stale');
}
