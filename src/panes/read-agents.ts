import { type Agent, agents } from '../model/agents.ts';
import { agentDaemonSet } from '../model/cluster-mode.ts';
import type { SourceId } from '../model/link.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** Whether a source has been read whole at least once: what it does not hold is then really not there. */
export function isRead({ links }: Pick<Snapshot, 'links'>, source: SourceId): boolean {
  const phase = links.get(source)?.phase;
  return phase === 'live' || phase === 'stale';
}

/** Agents are expected: their DaemonSet and kube-system's pods have been read, and there is such a DaemonSet. */
export function areAgentsExpected(snapshot: Snapshot): boolean {
  return isRead(snapshot, 'systemPods') && isRead(snapshot, 'daemonSets') && agentDaemonSet(snapshot) !== undefined;
}

/** The agents as far as they are known: while pods arrive, or where Cilium is not installed, none is called missing. */
export function readAgents(snapshot: Snapshot, now: number): readonly Agent[] {
  const all = agents(snapshot, now);
  return areAgentsExpected(snapshot) ? all : all.filter((agent) => agent.pod !== undefined);
}
