import type { Link, SourceId } from '../../model/link.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { linkState, type PaneState } from '../pane-state.ts';

/** Where the pods of a namespace come from. */
export function podSource(namespace: string): SourceId {
  return namespace === 'kube-system' ? 'systemPods' : 'pods';
}

/** How a source is doing as far as this namespace is concerned: who may read it alone reads all there is to see here. */
function linkIn(snapshot: Pick<Snapshot, 'links'>, source: SourceId, namespace: string): Link | undefined {
  const link = snapshot.links.get(source);
  if (link?.only === undefined) return link;
  const { only, problem, ...rest } = link;
  if (only === namespace) return rest;
  const asked = problem ?? `Only namespace ${only} was read.`;
  return { ...rest, phase: 'forbidden', problem: `Nothing of ${namespace} is known. ${asked}` };
}

/** Undefined where what is held of a source can be believed; else what stands in its place, in a few words. */
export function unread(snapshot: Snapshot, source: SourceId, namespace: string, now: number): PaneState | undefined {
  const link = linkIn(snapshot, source, namespace);
  if (link?.phase === 'live' || link?.phase === 'stale') return undefined;
  return linkState(source, link, 1, now);
}

export function namespaceState(snapshot: Snapshot, namespace: string, now: number): PaneState {
  const { namespaces, pods } = snapshot.tables;
  const source = podSource(namespace);
  const state = linkState(source, linkIn(snapshot, source, namespace), 1, now);
  const isThere = namespaces.named('', namespace) !== undefined || pods.by('namespace', namespace).length > 0;
  const listed = snapshot.links.get('namespaces')?.phase === 'live';
  if (isThere || !listed || state.phase !== 'live') return state;
  return {
    phase: 'none',
    glyph: 'unknown',
    text: 'not there',
    tone: 'unknown',
    sentence: `There is no namespace ${namespace}. :ns lists those there are, :ns all widens the screens again.`,
    old: false,
  };
}
