import { clock } from '../../model/clock.ts';
import { operator } from '../../model/operator.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Check, Suspect } from '../check.ts';
import { system } from '../installation.ts';
import { count } from '../words.ts';
import { earliest } from './sick-agents.ts';
import { downSince, lastScale, lastWords, podLines, scaledAt } from './workload-lines.ts';

export const operatorUnavailable: Check<Suspect> = {
  id: 'agents/operator-unavailable',
  title: 'No operator runs',
  why: 'Nobody writes endpoint slices, collects identities or lifts taints from new nodes. Existing traffic goes on, but other nodes do not learn of new pods.',
  severity: 'error',
  needs: ['deployments', 'systemPods'],
  graceMs: 60_000,
  explains: [
    { id: 'agents/operator-without-leader', where: 'all' },
    { id: 'agents/operator-without-standby', where: 'all' },
    { id: 'endpoints/slice-lag', where: 'all' },
    { id: 'endpoints/missing-from-slices', where: 'all', onlyAfter: true },
    { id: 'endpoints/stale-slice-entry', where: 'all', onlyAfter: true },
    { id: 'endpoints/slice-identity-differs', where: 'all', onlyAfter: true },
    { id: 'endpoints/slice-address-differs', where: 'all', onlyAfter: true },
    { id: 'endpoints/address-conflict', where: 'all', onlyAfter: true },
    { id: 'endpoints/slice-empty', where: 'all' },
  ],
  look(snapshot, now) {
    const { workload, desired, ready } = operator(snapshot, now);
    if (!workload || ready > 0) return [];
    const object = { kind: 'Deployment', namespace: system, name: workload.name };
    const since = desired === 0 ? scaledAt(workload.row) : downSince(workload, now);
    return [{ object, ...(since > 0 ? { since } : {}), reread: [reread] }];
  },
  tell: (suspects, snapshot, now) => [
    {
      title: title(snapshot, now),
      objects: suspects.map(({ object }) => object),
      evidence: evidence(snapshot, now),
      ...earliest(suspects),
      reach: 'the cluster',
      next:
        operator(snapshot, now).desired === 0
          ? 'Scale it up again: kubectl -n kube-system scale deploy cilium-operator --replicas=2'
          : nextStep(operator(snapshot, now).workload?.pods.some((pod) => lastWords(pod) !== '') ?? false),
    },
  ],
};

function nextStep(saidWhy: boolean): string {
  return saidWhy
    ? 'Mend what the last words name, then kubectl -n kube-system rollout restart deploy cilium-operator.'
    : 'Read why its pods do not run: kubectl -n kube-system describe pod -l io.cilium/app=operator';
}

const reread = { kind: 'deployments' as const, namespace: system, name: 'cilium-operator' };

function title(snapshot: Snapshot, now: number): string {
  const { desired } = operator(snapshot, now);
  return desired === 0 ? 'no operator: scaled to 0' : `no operator: 0 of ${count(desired, 'replica')} ready`;
}

function evidence(snapshot: Snapshot, now: number): string[] {
  const { workload, ready, lease } = operator(snapshot, now);
  if (!workload) return [];
  const scale = workload.desired === 0 ? lastScale(workload.row) : undefined;
  return [
    // Why before how many: the title has counted them, and the overview shows one line.
    ...(scale ? [`scaled at ${clock(scale.at)} by ${scale.manager || 'somebody'}`] : []),
    ...podLines(workload.pods, now),
    `Deployment kube-system/${workload.name}: ${ready} of ${workload.desired} ready`,
    ...(lease?.holder ? [`lease last held by ${lease.holder}`] : []),
  ];
}
