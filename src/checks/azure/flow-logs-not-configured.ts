import { aksMode } from '../../model/azure/aks-mode.ts';
import type { ManagedCluster } from '../../model/azure/managed-cluster.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { isAtLeast } from '../../model/versions.ts';
import type { Check } from '../check.ts';
import { names } from '../words.ts';
import { az, managedCluster, suspectCluster, versionOf } from './managed.ts';

export const flowLogsNotConfigured: Check = {
  id: 'azure/flow-logs-not-configured',
  title: 'Flow logs are not stored',
  why: 'Advanced Container Networking Services watch the flows, but something on their way to the workspace is missing. Who was denied what, and when, cannot be looked up afterwards.',
  severity: 'note',
  needs: ['arm', 'containerNetworkLogs'],
  noneIfMissing: ['containerNetworkLogs'],
  look: (snapshot) =>
    suspectCluster(
      snapshot,
      (cluster) =>
        aksMode(cluster).network === 'managed-cilium' &&
        cluster.acns.observability &&
        missing(cluster, snapshot).length > 0,
    ),
  tell(suspects, snapshot) {
    const cluster = managedCluster(snapshot);
    if (cluster === undefined) return [];
    const lacks = missing(cluster, snapshot);
    const failed = failedLogs(snapshot);
    return [
      {
        // Somebody wants them and does not get them.
        ...(failed.length > 0 ? { severity: 'warning' as const } : {}),
        title: `flow logs are not stored: ${lacks[0]?.what ?? ''}`,
        objects: [
          ...failed.map((name) => ({ kind: 'ContainerNetworkLog', name })),
          ...suspects.map(({ object }) => object),
        ],
        evidence: lacks.map(({ what }) => what),
        reach: 'the logs pane',
        next: lacks[0]?.next ?? '',
      },
    ];
  },
};

type Lack = { what: string; next: string };

/** What is missing of all that stored flow logs need (domain §1.3, §9), in the order in which to mend it. */
function missing(cluster: ManagedCluster, snapshot: Snapshot): readonly Lack[] {
  const { monitoring } = cluster;
  const version = versionOf(cluster);
  const lacks: Lack[] = [];
  if (isAtLeast(version, '1.33') === false)
    lacks.push({ what: `Kubernetes ${version} is below 1.33`, next: 'Upgrade to Kubernetes 1.33 or later first.' });
  if (!monitoring.containerInsights)
    lacks.push({
      what: 'Container Insights is off',
      next: `First the add-on: ${az(cluster, 'aks enable-addons', '--addons monitoring')}`,
    });
  if (!monitoring.flowLogs)
    lacks.push({
      what: 'the add-on is not set to collect flow logs',
      next: az(cluster, 'aks update', '--enable-acns --enable-container-network-logs'),
    });
  const failed = failedLogs(snapshot);
  if (failed.length > 0)
    lacks.push({
      what: `ContainerNetworkLog ${names(failed)} FAILED`,
      next: `kubectl describe containernetworklog ${failed[0]} says what is wrong with it.`,
    });
  if (snapshot.tables.containerNetworkLogs.rows.size === 0)
    lacks.push({
      what: 'there is no ContainerNetworkLog that says which flows to keep',
      next: 'Apply a ContainerNetworkLog with the flows to keep: ciliscope plan enable-flow-logs prints one.',
    });
  return lacks;
}

function failedLogs(snapshot: Snapshot): string[] {
  return [...snapshot.tables.containerNetworkLogs.rows.values()]
    .filter(({ state }) => /^failed$/i.test(state))
    .map(({ name }) => name);
}
