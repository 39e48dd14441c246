import type { Agent } from '../../model/agents.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { minimumFor } from '../../model/versions.ts';
import { findingsAbout } from '../agent-words.ts';

/** Agents older than this Kubernetes asks for, by node, and what it asks for: as the verdict has it. */
export type BelowMinimum = { nodes: ReadonlySet<string>; least: string };

export function belowMinimum(
  { judgement, cluster }: Pick<Snapshot, 'judgement' | 'cluster'>,
  agents: readonly Agent[],
): BelowMinimum {
  const about = judgement.findings.filter(({ id }) => id === 'agents/version-below-minimum');
  const least = minimumFor(cluster.kubernetesVersion);
  if (about.length === 0 || least === undefined) return { nodes: new Set(), least: '' };
  const old = agents.filter((agent) => findingsAbout(about, agent).length > 0);
  return { nodes: new Set(old.map(({ node }) => node)), least };
}

/** Those too old come after the sick and before the well. */
export function oldOnesUp(agents: readonly Agent[], { nodes }: BelowMinimum): readonly Agent[] {
  if (nodes.size === 0) return agents;
  const well = agents.findIndex(({ state }) => state === 'ready');
  if (well < 0) return agents;
  const rest = agents.slice(well);
  return [
    ...agents.slice(0, well),
    ...rest.filter(({ node }) => nodes.has(node)),
    ...rest.filter(({ node }) => !nodes.has(node)),
  ];
}
