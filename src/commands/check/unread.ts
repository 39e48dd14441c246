import type { SourceId } from '../../model/link.ts';
import type { Snapshot } from '../../model/snapshot.ts';

/** Without these three nothing can be said of a cluster. */
const indispensable: readonly (readonly [SourceId, string])[] = [
  ['nodes', 'nodes'],
  ['pods', 'pods'],
  ['systemPods', 'agents'],
];

/** Why there can be no verdict, in one sentence; '' when nodes, pods and agents have been read. */
export function unreadText(snapshot: Snapshot): string {
  const unread = indispensable.filter(([source]) => {
    const link = snapshot.links.get(source);
    return link?.phase !== 'live' || link.only !== undefined;
  });
  if (unread.length === 0) return '';
  const problems = unread.map(([source, name]) => {
    const link = snapshot.links.get(source);
    return `${name}: ${link?.problem?.replace(/\.$/, '') ?? `${link?.phase ?? 'not asked'}, not read in time`}`;
  });
  return `nodes, pods and agents must be read for a verdict. ${problems.join('; ')}`;
}
