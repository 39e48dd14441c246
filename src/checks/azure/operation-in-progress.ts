import { runningOperation } from '../../model/azure/running-operation.ts';
import type { Check } from '../check.ts';
import { age, names, sinceText } from '../words.ts';
import { az, managedCluster, suspectCluster } from './managed.ts';

/** The longest operations, upgrades of many pools, are done by then. */
const longMs = 6 * 3_600_000;

export const operationInProgress: Check = {
  id: 'azure/operation-in-progress',
  title: 'Azure is changing the cluster',
  why: 'An operation is under way: nodes may be drained and replaced, and what looks broken may only be on its way. Azure refuses other changes until it ends.',
  severity: 'note',
  needs: ['arm'],
  uses: ['activity', 'nodes'],
  anyNetwork: true,
  clock: true,
  everyMs: 5_000,
  look: (snapshot) => {
    const operation = runningOperation(snapshot);
    return suspectCluster(snapshot, () => operation !== undefined).map((suspect) => ({
      ...suspect,
      ...(operation && operation.since > 0 ? { since: operation.since } : {}),
    }));
  },
  tell(suspects, snapshot, now) {
    const operation = runningOperation(snapshot);
    if (operation === undefined) return [];
    const { state, by, since, title, pools, progress } = operation;
    const isLong = since > 0 && now - since > longMs;
    const done = progress ? `, ${progress.done} of ${progress.of} nodes on ${progress.version}` : '';
    return [
      {
        ...(isLong ? { severity: 'warning' as const } : {}),
        title: `Azure is ${isLong ? 'still ' : ''}${state.toLowerCase()}${by === '' ? '' : ` for ${by}`}${done}`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          `provisioningState ${state}${pools.length === 0 ? '' : `, pools at work: ${names(pools)}`}`,
          ...(title === '' ? [] : [`activity log: ${title}${by && ` by ${by}`}${sinceText(since, now)}`]),
        ],
        ...(since > 0 ? { since } : {}),
        reach: pools.length === 0 ? 'the cluster' : `pools ${names(pools)}`,
        next: isLong
          ? `It has run for ${age(now - since)}: see whether a pod disruption budget or a quota holds it, or stop it: ${az(managedCluster(snapshot), 'aks operation-abort')}`
          : 'Wait until it has ended before changing anything in Azure.',
      },
    ];
  },
};
