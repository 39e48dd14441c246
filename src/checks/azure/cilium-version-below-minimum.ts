import { agents, isOlderThan } from '../../model/agents.ts';
import { aksMode } from '../../model/azure/aks-mode.ts';
import { runningOperation } from '../../model/azure/running-operation.ts';
import { agentRollout } from '../../model/rollout.ts';
import { minimumFor, minorOf, versionRulesDated } from '../../model/versions.ts';
import { type AgentSuspect, agentSuspect, wantedAgents } from '../agents/sick-agents.ts';
import type { Check } from '../check.ts';
import { count, names } from '../words.ts';
import { az, managedCluster, versionOf } from './managed.ts';

export const ciliumVersionBelowMinimum: Check<AgentSuspect> = {
  id: 'azure/cilium-version-below-minimum',
  title: 'Cilium older than Azure documents for this Kubernetes',
  why: 'Azure names a least Cilium for each Kubernetes version and brings it along itself. Agents below it have been left behind by an upgrade, or somebody has put another image in.',
  severity: 'warning',
  needs: ['arm', 'nodes', 'systemPods', 'daemonSets'],
  uses: ['controllerRevisions', 'activity'],
  clock: true,
  everyMs: 5_000,
  // The same agents, judged by what Azure says instead of by what the API server says of itself.
  explains: [{ id: 'agents/version-below-minimum', where: 'objects' }],
  look(snapshot, now) {
    const cluster = managedCluster(snapshot);
    if (cluster === undefined || aksMode(cluster).network !== 'managed-cilium') return [];
    const least = minimumFor(versionOf(cluster));
    // An upgrade brings the control plane first and the agents soon after.
    if (least === undefined || runningOperation(snapshot) !== undefined) return [];
    const all = agents(snapshot, now);
    if (agentRollout(snapshot, all, now)?.state === 'under-way') return [];
    return all
      .filter((agent) => isOlderThan(agent, least))
      .flatMap(agentSuspect)
      .map(({ since: _, ...suspect }) => suspect);
  },
  tell(suspects, snapshot, now) {
    const cluster = managedCluster(snapshot);
    if (cluster === undefined) return [];
    const least = minimumFor(versionOf(cluster)) ?? '';
    const all = count(wantedAgents(agents(snapshot, now)), 'agent');
    const versions = [...Map.groupBy(suspects, ({ agent }) => agent.version)];
    return [
      {
        title: `${suspects.length} of ${all} below ${least}: ${names(versions.map(([version, some]) => `${version} ×${some.length}`))}`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          `Azure runs Kubernetes ${versionOf(cluster)}; ${minorOf(versionOf(cluster))} asks for Cilium ${least} or later (${versionRulesDated})`,
          `on ${names(
            suspects.map(({ agent }) => agent.node),
            4,
          )}`,
        ],
        reach: count(suspects.length, 'node'),
        next: `Delete one such agent pod and see what image its DaemonSet gives the new one; where it is the old one, reconcile: ${az(cluster, 'aks update')}`,
      },
    ];
  },
};
