import { clock } from '../../model/clock.ts';
import { operator } from '../../model/operator.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Check, Suspect } from '../check.ts';
import { system } from '../installation.ts';
import { age } from '../words.ts';

const lease = { kind: 'Lease', namespace: system, name: 'cilium-operator-resource-lock' };

export const operatorWithoutLeader: Check<Suspect> = {
  id: 'agents/operator-without-leader',
  title: 'Nobody leads the operators',
  why: 'Operators work only while one of them renews its lease every few seconds. Without a leader no slice is written, no identity collected and no taint lifted, whatever their pods say.',
  severity: 'error',
  needs: ['leases', 'deployments', 'systemPods'],
  clock: true,
  graceMs: 60_000,
  explains: [
    { id: 'endpoints/slice-lag', where: 'all' },
    { id: 'endpoints/missing-from-slices', where: 'all', onlyAfter: true },
    { id: 'endpoints/stale-slice-entry', where: 'all', onlyAfter: true },
    { id: 'endpoints/slice-identity-differs', where: 'all', onlyAfter: true },
    { id: 'endpoints/slice-address-differs', where: 'all', onlyAfter: true },
    { id: 'endpoints/slice-empty', where: 'all' },
  ],
  look(snapshot, now) {
    const { workload, ready, lease: held } = operator(snapshot, now);
    if (!workload || (held && !held.expired)) return [];
    // Our clock and the cluster's differ. A lease that is renewed while we watch is another suspect at every look, so
    // none of them ever stands long enough; its own time counts only where something bears it out.
    const key = held ? `${held.holder} ${held.row.renewed}` : 'none';
    const renewed = held?.row.renewed ?? 0;
    const since = renewed > 0 && (ready === 0 || clocksAgree(snapshot, now)) ? { since: renewed } : {};
    return [{ object: lease, key, ...since, reread: [{ kind: 'leases', namespace: system, name: lease.name }] }];
  },
  tell(suspects, snapshot, now) {
    const { lease: held, workload, desired, ready } = operator(snapshot, now);
    const renewed = held?.row.renewed ?? 0;
    const how = held
      ? held.holder
        ? `lease not renewed for ${age(now - renewed)}`
        : 'nobody holds the lease'
      : 'there is no lease';
    return [
      {
        title: `no operator leads: ${how}`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          held
            ? `Lease kube-system/${lease.name}: holder ${held.holder || 'none'}, renewed ${renewed ? clock(renewed) : 'never'}, lasts ${held.row.durationSeconds || 15}s`
            : `Lease kube-system/${lease.name} does not exist`,
          `Deployment kube-system/${workload?.name}: ${ready} of ${desired} ready`,
        ],
        ...(renewed > 0 ? { since: renewed } : {}),
        reach: 'the cluster',
        next:
          ready > 0
            ? 'Read the operator log for "Failed to update lock"; delete the pod that held the lease.'
            : 'Bring an operator back; it takes the lease by itself.',
      },
    ];
  },
};

/** Another lease of kube-system, an API server's say, was renewed a moment ago by our clock too. */
function clocksAgree({ tables }: Snapshot, now: number): boolean {
  const momentMs = 30_000;
  return [...tables.leases.rows.values()].some(
    ({ name, renewed }) => name !== lease.name && Math.abs(now - renewed) < momentMs,
  );
}
