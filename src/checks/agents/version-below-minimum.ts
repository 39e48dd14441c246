import { agents, isOlderThan } from '../../model/agents.ts';
import { agentRollout } from '../../model/rollout.ts';
import { minimumFor, minorOf, versionRulesDated } from '../../model/versions.ts';
import type { Check } from '../check.ts';
import { isManaged } from '../installation.ts';
import { count, names } from '../words.ts';
import { type AgentSuspect, agentSuspect, wantedAgents } from './sick-agents.ts';

export const versionBelowMinimum: Check<AgentSuspect> = {
  id: 'agents/version-below-minimum',
  title: 'Agent older than this Kubernetes asks for',
  why: 'AKS names a least Cilium version for each Kubernetes version. An older agent may not know what the newer API server sends, and is not supported there.',
  severity: 'warning',
  needs: ['nodes', 'systemPods', 'daemonSets', 'configMaps'],
  uses: ['controllerRevisions'],
  clock: true,
  everyMs: 5_000,
  needsVersion: true,
  look(snapshot, now) {
    const least = minimumFor(snapshot.cluster.kubernetesVersion);
    if (least === undefined || !isManaged(snapshot)) return [];
    const all = agents(snapshot, now);
    // An upgrade brings the control plane first and the agents soon after.
    if (agentRollout(snapshot, all, now)?.state === 'under-way') return [];
    return all
      .filter((agent) => isOlderThan(agent, least))
      .flatMap(agentSuspect)
      .map(({ since: _, ...suspect }) => suspect);
  },
  tell(suspects, snapshot, now) {
    const least = minimumFor(snapshot.cluster.kubernetesVersion) ?? '';
    const versions = [...Map.groupBy(suspects, ({ agent }) => agent.version)].map(
      ([version, all]) => `${version} ×${all.length}`,
    );
    return [
      {
        title: `${suspects.length} of ${count(wantedAgents(agents(snapshot, now)), 'agent')} below ${least}: ${names(versions)}`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          `Kubernetes ${minorOf(snapshot.cluster.kubernetesVersion)} asks for Cilium ${least} or later (${versionRulesDated})`,
          `on ${names(
            suspects.map(({ agent }) => agent.node),
            4,
          )}`,
        ],
        reach: count(suspects.length, 'node'),
        next: 'Delete such an agent pod: its DaemonSet makes a new one, and the image that one gets tells the rest.',
      },
    ];
  },
};
