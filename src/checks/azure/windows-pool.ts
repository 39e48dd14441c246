import { aksMode } from '../../model/azure/aks-mode.ts';
import type { Check, Suspect } from '../check.ts';
import { count, names } from '../words.ts';
import { managedCluster, poolRef } from './managed.ts';

type WindowsPool = Suspect & { pool: string; nodes: number };

export const windowsPool: Check<WindowsPool> = {
  id: 'azure/windows-pool',
  title: 'Windows pool in a Cilium cluster',
  why: 'The Cilium data plane is for Linux only. Pods of a Windows pool have no Cilium endpoint and no network policy holds for them, and while the pool is there the data plane of a cluster cannot be changed to Cilium.',
  severity: 'warning',
  needs: ['arm'],
  uses: ['nodes'],
  anyNetwork: true,
  explains: [{ id: 'nodes/windows', where: 'node' }],
  look(snapshot) {
    const cluster = managedCluster(snapshot);
    if (cluster === undefined || aksMode(cluster).network !== 'managed-cilium') return [];
    return cluster.pools
      .filter(({ osType }) => /^windows$/i.test(osType))
      .flatMap((pool) => {
        const one = { object: poolRef(pool), pool: pool.name, nodes: pool.count };
        const nodes = [...snapshot.tables.nodes.rows.values()].filter((node) => node.pool === pool.name);
        return nodes.length === 0 ? [one] : nodes.map(({ name }) => ({ ...one, node: name, key: name }));
      });
  },
  tell(suspects) {
    const pools = new Map(suspects.map((suspect) => [suspect.pool, suspect]));
    const nodes = [...pools.values()].reduce((sum, one) => sum + one.nodes, 0);
    return [
      {
        title: `${count(pools.size, 'Windows pool')} in a Cilium cluster: ${names(pools.keys())}`,
        objects: [...pools.values()].map(({ object }) => object),
        evidence: [...pools.values()].map(({ pool, nodes }) => `pool ${pool}: osType Windows, ${count(nodes, 'node')}`),
        reach: count(nodes, 'node'),
        next: 'Move what runs there to a cluster of its own and delete the pool; until then keep pods that need policies on Linux.',
      },
    ];
  },
};
