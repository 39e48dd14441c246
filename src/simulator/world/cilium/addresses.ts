// Addresses as Azure CNS hands them out: a /24 a node in overlay, batches of 16 from one subnet otherwise.
import type { KubeObject } from '../../cluster.ts';
import type { Core } from '../core.ts';
import { timeOf } from '../shapes.ts';
import type { NodeRecord } from '../view.ts';

const BATCH = 16;
/** Size of the pod subnet 10.241.0.0/16 without what Azure keeps. */
const SUBNET = 65_531;

/** `fresh`: the first number of the node's own range that nobody has had yet. */
type Pool = { free: string[]; fresh: number; used: Set<string>; assigned: number };

export type Addresses = {
  /** Undefined: the node has none left and CNS gets no more. */
  take(node: NodeRecord): string | undefined;
  give(node: string, ip: string): void;
  assigned(node: string): number;
  used(node: string): number;
  forget(node: string): void;
  /** Writes the node's NodeNetworkConfig as it is. */
  publish(node: NodeRecord): void;
  /** Writes the state of the subnet. */
  publishSubnet(): void;
};

export function createAddresses(core: Core): Addresses {
  const pools = new Map<string, Pool>();
  let handed = 0;
  const dynamic = core.options.mode === 'pod-subnet';

  const poolOf = (node: NodeRecord) => {
    const known = pools.get(node.name);
    if (known !== undefined) return known;
    const pool: Pool = { free: [], fresh: 1, used: new Set(), assigned: dynamic ? 0 : 256 };
    pools.set(node.name, pool);
    return pool;
  };

  const grow = (pool: Pool): boolean => {
    if (!dynamic || core.causes().subnetFull || handed + BATCH > SUBNET) return false;
    for (let i = 0; i < BATCH; i++) {
      const number = 4 + handed++;
      pool.free.push(`10.241.${number >> 8}.${number & 255}`);
    }
    pool.assigned += BATCH;
    return true;
  };

  const addresses: Addresses = {
    take(node) {
      const pool = poolOf(node);
      if (!dynamic && pool.fresh < 255) {
        const ip = `${node.prefix}.${pool.fresh++}`;
        pool.used.add(ip);
        return ip;
      }
      if (pool.free.length === 0) {
        if (!grow(pool)) return undefined;
        if (core.get('NodeNetworkConfig', 'kube-system', node.name) !== undefined) addresses.publish(node);
      }
      const ip = pool.free.shift();
      if (ip !== undefined) pool.used.add(ip);
      return ip;
    },
    // To the end of the row: an address rests before it is given to another pod.
    give(node, ip) {
      const pool = pools.get(node);
      if (pool?.used.delete(ip)) pool.free.push(ip);
    },
    assigned: (node) => pools.get(node)?.assigned ?? 0,
    used: (node) => pools.get(node)?.used.size ?? 0,
    forget: (node) => void pools.delete(node),
    publish(node) {
      if (!core.serves('NodeNetworkConfig')) return;
      const object = networkConfig(core, node, poolOf(node).assigned, dynamic);
      const written = core.edit('NodeNetworkConfig', 'kube-system', node.name, 'dnc-rc', undefined, (current) => {
        current['spec'] = object['spec'];
        current['status'] = object['status'];
        return undefined;
      });
      if (!written && core.get('NodeNetworkConfig', 'kube-system', node.name) === undefined)
        core.create(object, 'dnc-rc');
    },
    publishSubnet() {
      if (!dynamic || !core.serves('ClusterSubnetState')) return;
      const exhausted = core.causes().subnetFull || handed + BATCH > SUBNET;
      const status = { exhausted, timestamp: timeOf(core.now()) };
      const write = core.edit('ClusterSubnetState', 'kube-system', 'snet-pods', 'dnc-rc', undefined, (object) => {
        if ((object['status'] as { exhausted?: boolean } | undefined)?.exhausted === exhausted) return false;
        object['status'] = status;
        return undefined;
      });
      if (!write && core.get('ClusterSubnetState', 'kube-system', 'snet-pods') === undefined) {
        const metadata = { name: 'snet-pods', namespace: 'kube-system' };
        core.create({ apiVersion: 'acn.azure.com/v1alpha1', kind: 'ClusterSubnetState', metadata, status }, 'dnc-rc');
      }
    },
  };
  return addresses;
}

function networkConfig(core: Core, node: NodeRecord, assigned: number, dynamic: boolean): KubeObject {
  const full = dynamic && core.causes().subnetFull;
  const [space, subnet] = dynamic ? ['10.241.0.0/16', 'snet-pods'] : [`${node.prefix}.0/24`, 'routingdomain'];
  return {
    apiVersion: 'acn.azure.com/v1alpha',
    kind: 'NodeNetworkConfig',
    metadata: {
      name: node.name,
      namespace: 'kube-system',
      labels: { managed: 'true', owner: node.name },
      finalizers: ['finalizers.acn.azure.com/dnc-operations'],
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Node', name: node.name, uid: node.uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: { requestedIPCount: full ? assigned + BATCH : assigned, ipsNotInUse: [] },
    status: {
      assignedIPCount: assigned,
      status: full ? 'Error' : 'Updated',
      networkContainers: [
        {
          id: `${node.uid.slice(0, 24)}000000000000`,
          assignmentMode: dynamic ? 'dynamic' : 'static',
          type: dynamic ? 'vnet' : 'overlay',
          nodeIP: node.ip,
          primaryIP: dynamic ? '10.241.0.4' : space,
          subnetName: subnet,
          subnetAddressSpace: space,
          defaultGateway: dynamic ? '10.241.0.1' : '',
          status: full ? 'NCUpdateSubnetFullError' : 'NCUpdateSuccess',
          version: 0,
        },
      ],
      scaler: { batchSize: BATCH, maxIPCount: 250, releaseThresholdPercent: 150, requestThresholdPercent: 50 },
    },
  };
}
