import type { Link, SourceId } from '../model/link.ts';
import { shortNameOf } from './pane-state.ts';

/** What is still arriving, the one that takes longest first: `endpoints 34%`, `connecting`; '' when all have settled. */
export function progressText(links: ReadonlyMap<SourceId, Link>): string {
  if (links.size === 0) return 'connecting';
  const loading = [...links]
    .filter(([, link]) => link.phase === 'loading')
    .sort((a, b) => (b[1].expected ?? 0) - (a[1].expected ?? 0));
  const [first] = loading;
  if (first !== undefined) {
    const [source, { loaded, expected }] = first;
    return loaded !== undefined && expected !== undefined && expected > 0
      ? `${shortNameOf(source)} ${Math.min(99, Math.floor((100 * loaded) / expected))}%`
      : `${shortNameOf(source)} loading`;
  }
  const connecting = [...links].filter(([, link]) => link.phase === 'connecting');
  const [next] = connecting;
  if (next === undefined) return '';
  return connecting.length === links.size ? 'connecting' : `${shortNameOf(next[0])} connecting`;
}
