import { clusterMode } from '../../model/cluster-mode.ts';
import type { Check } from '../check.ts';

export const notCilium: Check = {
  id: 'cluster/not-cilium',
  title: 'The network is not Cilium',
  why: 'There is no Cilium agent and no Cilium configuration in this cluster. What this program judges is not there, so only what holds on any cluster was looked at.',
  severity: 'warning',
  needs: ['daemonSets', 'configMaps', 'systemPods'],
  uses: ['ciliumNodes'],
  anyNetwork: true,
  everyMs: 5_000,
  explains: [{ id: '*', where: 'all' }],
  look(snapshot) {
    if (clusterMode(snapshot).cni !== 'not-cilium') return [];
    // Agents without their DaemonSet, or nodes that had agents: Cilium that lost its objects, which is another trouble.
    if (snapshot.tables.pods.by('app', 'k8s-app=cilium').length > 0 || snapshot.tables.ciliumNodes.rows.size > 0)
      return [];
    return [{ object: { kind: 'Namespace', name: 'kube-system' } }];
  },
  tell(suspects, snapshot) {
    const served = snapshot.links.get('ciliumEndpoints')?.phase === 'live';
    return [
      {
        title: 'the network of this cluster is not Cilium',
        objects: suspects.map(({ object }) => object),
        evidence: [
          ...clusterMode(snapshot).evidence,
          ...(served ? ["Cilium's resource definitions are installed, but no agent runs"] : []),
        ],
        reach: 'the cluster',
        next: 'Check the context: is this the cluster you meant? AKS takes to Cilium with az aks update --network-dataplane cilium.',
      },
    ];
  },
};
