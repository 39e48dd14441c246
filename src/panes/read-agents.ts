import { type Agent, agents } from '../model/agents.ts';
import type { SourceId } from '../model/link.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** Whether a source has been read whole at least once: what it does not hold is then really not there. */
export function isRead({ links }: Pick<Snapshot, 'links'>, source: SourceId): boolean {
  const phase = links.get(source)?.phase;
  return phase === 'live' || phase === 'stale';
}

/** The agents as far as they are known: while kube-system's pods arrive, or are forbidden, none is called missing. */
export function readAgents(snapshot: Snapshot, now: number): readonly Agent[] {
  const all = agents(snapshot, now);
  return isRead(snapshot, 'systemPods') ? all : all.filter((agent) => agent.pod !== undefined);
}
