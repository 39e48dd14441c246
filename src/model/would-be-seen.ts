import type { KindId } from './kinds.ts';
import type { Link, SourceId } from './link.ts';

/** Whether a row that is not in the table is not on the cluster: a watch that cannot tell shows nobody, too. */
export function wouldBeSeen(
  { links }: { links: ReadonlyMap<SourceId, Link> },
  kind: KindId,
  namespace: string,
): boolean {
  const link = links.get(sourceOf(kind, namespace));
  return link?.phase === 'live' && (link.only === undefined || link.only === namespace);
}

/** Pods of kube-system are asked for on their own, first. */
export function sourceOf(kind: KindId, namespace: string): SourceId {
  return kind === 'pods' && namespace === 'kube-system' ? 'systemPods' : kind;
}
