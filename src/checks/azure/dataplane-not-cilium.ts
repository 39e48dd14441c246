import { aksMode } from '../../model/azure/aks-mode.ts';
import type { ManagedCluster } from '../../model/azure/managed-cluster.ts';
import type { Check } from '../check.ts';
import { az, managedCluster, suspectCluster } from './managed.ts';

export const dataplaneNotCilium: Check = {
  id: 'azure/dataplane-not-cilium',
  title: 'Azure runs another network than Cilium here',
  why: 'The data plane of this cluster is not Cilium, so there is nothing of it to look at. It can be changed in place: every node pool is reimaged at once, and policies hold only when the last node is done.',
  severity: 'warning',
  needs: ['arm'],
  anyNetwork: true,
  explains: [{ id: 'cluster/not-cilium', where: 'all' }],
  look: (snapshot) => suspectCluster(snapshot, (cluster) => aksMode(cluster).network === 'other'),
  tell(suspects, snapshot) {
    const cluster = managedCluster(snapshot);
    if (cluster === undefined) return [];
    const { text, evidence } = aksMode(cluster);
    return [
      {
        title: `the network of this cluster is not Cilium: ${text}`,
        objects: suspects.map(({ object }) => object),
        evidence: [evidence, ...inTheWay(cluster)],
        reach: 'the cluster',
        next:
          cluster.network.plugin === 'azure'
            ? `${az(cluster, 'aks update', '--network-dataplane cilium')} (reimages all pools); or choose another cluster with :ctx.`
            : `First to Azure CNI overlay, then the data plane: ${az(cluster, 'aks update', '--network-plugin azure --network-plugin-mode overlay')}; or choose another cluster with :ctx.`,
      },
    ];
  },
};

/** What must go before the data plane can be changed (domain §1.4). */
function inTheWay(cluster: ManagedCluster): string[] {
  const windows = cluster.pools.filter(({ osType }) => /^windows$/i.test(osType)).map(({ name }) => name);
  return windows.length === 0 ? [] : [`Windows pools stand in the way: ${windows.join(', ')}`];
}
