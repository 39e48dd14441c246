import type { ManagedCluster, ManagedPool } from '../../model/azure/managed-cluster.ts';
import type { ObjectRef } from '../../model/ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { isAtLeast } from '../../model/versions.ts';
import type { Check, Suspect } from '../check.ts';
import { az, clusterRef, managedCluster, poolRef, versionOf } from './managed.ts';

type Obstacle = Suspect & { text: string };

export const hostRoutingUnsupported: Check<Obstacle> = {
  id: 'azure/host-routing-unsupported',
  title: 'eBPF host routing where it does not work',
  why: 'With eBPF host routing packets go past iptables and the host’s network stack. It needs the same new images on all nodes, and what relies on iptables rules or an egress gateway is bypassed.',
  severity: 'warning',
  needs: ['arm', 'nodes', 'ciliumNodes'],
  look(snapshot) {
    const cluster = managedCluster(snapshot);
    if (cluster === undefined || !/^bpfveth$/i.test(cluster.acns.acceleration)) return [];
    return obstacles(cluster, snapshot).map(({ object, text }) => ({ object, text, key: text }));
  },
  tell: (suspects, snapshot) => [
    {
      title: `eBPF host routing is on, but ${suspects[0]?.text}`,
      objects: suspects.map(({ object }) => object),
      evidence: ['performance.accelerationMode BpfVeth', ...suspects.map(({ text }) => text)],
      reach: 'pod traffic',
      next: `Mend it, or switch host routing off: ${az(managedCluster(snapshot), 'aks update', '--acns-datapath-acceleration-mode None')}`,
    },
  ],
};

/** Domain §9: K8s 1.33, Ubuntu 24.04 or Azure Linux 3 everywhere, no sandboxing, no egress gateway, no own iptables rules. */
function obstacles(cluster: ManagedCluster, snapshot: Snapshot): { object: ObjectRef; text: string }[] {
  const version = versionOf(cluster);
  return [
    ...(isAtLeast(version, '1.33') === false
      ? [{ object: clusterRef(cluster), text: `Kubernetes ${version} is below 1.33` }]
      : []),
    ...(cluster.network.staticEgressGateway
      ? [{ object: clusterRef(cluster), text: 'the static egress gateway is on' }]
      : []),
    ...cluster.pools.flatMap((pool) => {
      const text = poolObstacle(pool, snapshot);
      return text === '' ? [] : [{ object: poolRef(pool), text: `pool ${pool.name} ${text}` }];
    }),
    ...[...snapshot.tables.ciliumNodes.rows.values()]
      .filter(({ labels }) => labels['kubernetes.azure.com/user-iptables-rules'] === 'true')
      .map(({ name }) => ({ object: { kind: 'Node', name }, text: `node ${name} has iptables rules of its own` })),
  ];
}

function poolObstacle({ name, osSku, workloadRuntime }: ManagedPool, snapshot: Snapshot): string {
  if (/kata/i.test(workloadRuntime)) return 'runs pods in sandboxes';
  // `Ubuntu` alone is whatever the Kubernetes version brings: then the nodes say which it is.
  const images = [...snapshot.tables.nodes.rows.values()]
    .filter((node) => node.pool === name)
    .map(({ osImage }) => osImage);
  const old = images.find((image) => image !== '' && !/24\.04|azure ?linux 3|azurelinux 3/i.test(image));
  if (old !== undefined) return `runs ${old}`;
  return images.length === 0 && /^(ubuntu2204|cblmariner)$/i.test(osSku) ? `is of osSKU ${osSku}` : '';
}
