import type { Check, Suspect } from '../check.ts';
import { count, names } from '../words.ts';
import { managedCluster, poolRef } from './managed.ts';

type FipsPool = Suspect & { pool: string; nodes: number };

export const wireguardWithFips: Check<FipsPool> = {
  id: 'azure/wireguard-with-fips',
  title: 'WireGuard on pools that must be FIPS compliant',
  why: 'WireGuard’s ciphers are not FIPS compliant. What goes between these nodes is encrypted, but not in the way a FIPS pool promises.',
  severity: 'warning',
  needs: ['arm'],
  look(snapshot) {
    const cluster = managedCluster(snapshot);
    if (cluster === undefined || !/^wireguard$/i.test(cluster.acns.encryption)) return [];
    return cluster.pools
      .filter(({ fips }) => fips)
      .map((pool) => ({ object: poolRef(pool), pool: pool.name, nodes: pool.count }));
  },
  tell: (suspects) => [
    {
      title: `WireGuard on ${count(suspects.length, 'FIPS pool')}: ${names(suspects.map(({ pool }) => pool))}`,
      objects: suspects.map(({ object }) => object),
      evidence: suspects.map(({ pool }) => `pool ${pool}: enableFIPS; transitEncryption WireGuard`),
      reach: count(
        suspects.reduce((sum, { nodes }) => sum + nodes, 0),
        'node',
      ),
      next: 'Encrypt in the applications (TLS with FIPS modules), or make the pool without FIPS.',
    },
  ],
};
