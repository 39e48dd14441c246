import { operationsOn } from '../../model/azure/operations.ts';
import { dateAndClock } from '../../model/clock.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Check, Suspect } from '../check.ts';
import { names } from '../words.ts';
import { az, clusterRef, managedCluster, poolRef } from './managed.ts';

type Unfinished = Suspect & { state: string; pool: string };

export const clusterNotSucceeded: Check<Unfinished> = {
  id: 'azure/cluster-not-succeeded',
  title: 'Last operation on the cluster did not succeed',
  why: 'Azure stopped in the middle of changing the cluster or a pool. What runs goes on running, but half of the change may be in place, and further operations may be refused until the cluster is reconciled.',
  severity: 'warning',
  needs: ['arm'],
  uses: ['activity'],
  anyNetwork: true,
  look(snapshot) {
    const cluster = managedCluster(snapshot);
    if (cluster === undefined) return [];
    const whole = { object: clusterRef(cluster), state: cluster.provisioningState, pool: '' };
    const pools = cluster.pools.map((pool) => ({
      object: poolRef(pool),
      state: pool.provisioningState,
      pool: pool.name,
    }));
    return [whole, ...pools].filter(({ state }) => /^(failed|cancell?ed)$/i.test(state));
  },
  tell(suspects, snapshot) {
    const cluster = managedCluster(snapshot);
    const pools = suspects.flatMap(({ pool }) => (pool === '' ? [] : [pool]));
    const state = suspects[0]?.state.toLowerCase() ?? '';
    const where = pools.length === 0 ? 'the cluster' : `${pools.length === 1 ? 'pool' : 'pools'} ${names(pools)}`;
    return [
      {
        title: `the last operation on ${where} ${state === 'failed' ? 'failed' : 'was canceled'}`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          ...suspects.map(({ object, state }) => `${object.kind} ${object.name}: provisioningState ${state}`),
          ...lastFailure(snapshot),
        ],
        reach: pools.length === 0 ? 'the cluster' : `${pools.length} ${pools.length === 1 ? 'pool' : 'pools'}`,
        next: `Mend what the operation's error names, then let Azure bring the cluster to what it should be: ${az(cluster, 'aks update')}`,
      },
    ];
  },
};

function lastFailure(snapshot: Snapshot): string[] {
  const operations = operationsOn(snapshot.facts.activity?.value ?? [], managedCluster(snapshot)?.id ?? '');
  const failed = operations.find(({ status }) => /^failed$/i.test(status));
  if (!failed) return [];
  return [
    `${dateAndClock(failed.began)} ${failed.title}${failed.caller && ` by ${failed.caller}`}: failed (activity log)`,
  ];
}
