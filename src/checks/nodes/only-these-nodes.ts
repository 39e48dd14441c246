import { type Agent, agents } from '../../model/agents.ts';
import { onlyTheyShare, traitsEvidence } from '../../model/only-sick.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Suspect } from '../check.ts';

/** What the nodes of all of these have in common and no node that is well in this respect has, as one line or none. */
export function onlyTheseNodes(
  suspects: readonly Suspect[],
  snapshot: Snapshot,
  now: number,
  isWell: (agent: Agent) => boolean,
): readonly string[] {
  const sick = new Set(suspects.flatMap(({ node }) => node ?? []));
  const all = agents(snapshot, now).filter(({ nodeRow }) => nodeRow !== undefined);
  const well = all.filter((agent) => !sick.has(agent.node) && agent.os !== '' && isWell(agent));
  return traitsEvidence(
    onlyTheyShare(
      all.filter(({ node }) => sick.has(node)),
      well,
    ),
  );
}
