import type { Agent } from './agents.ts';
import { isWanted } from './agents.ts';
import type { LeaseRow } from './objects/others.ts';
import type { Snapshot } from './snapshot.ts';
import { type SystemWorkload, steadyReady, systemDeployment } from './system-workload.ts';
import { versionOfImage } from './versions.ts';

/** The operator: it alone writes slices, collects identities and lifts taints. */
export type Operator = {
  workload: SystemWorkload | undefined;
  desired: number;
  /** Ready to stay: one that crash-loops does not count while it is up for a moment. */
  ready: number;
  version: string;
  /** Two replicas exclude each other, so on a cluster of one node the second stays Pending, which is normal. */
  pendingIsNormal: boolean;
  lease: OperatorLease | undefined;
};

export type OperatorLease = {
  row: LeaseRow;
  holder: string;
  /** Milliseconds since it was renewed, never negative (clocks differ). */
  age: number;
  /** Not renewed for longer than it lasts, plus 10 s for the watch and the clocks; or nobody holds it. */
  expired: boolean;
  /** The pod of the holder's name, if it still exists. */
  holderPod: string;
};

const LEASE = 'cilium-operator-resource-lock';
const SLACK_MS = 10_000;

export function operator(snapshot: Snapshot, now: number): Operator {
  const found = systemDeployment(snapshot, 'cilium-operator', 'io.cilium/app=operator');
  const lease = snapshot.tables.leases.named('kube-system', LEASE);
  const linux = [...snapshot.tables.nodes.rows.values()].filter((node) => node.os !== 'windows').length;
  return {
    workload: found,
    desired: found?.desired ?? 0,
    ready: found ? steadyReady(found, now) : 0,
    version: versionOfImage(found?.image ?? '')?.version ?? '',
    pendingIsNormal: found !== undefined && linux < found.desired,
    lease: lease && leaseOf(lease, found, now),
  };
}

/** Operator and agents of different minors: a rollout under way or stuck (AKS has shipped that for a while, too). */
export function operatorSkew(operator: Operator, agents: readonly Agent[]): string {
  const minor = operator.version.split('.').slice(0, 2).join('.');
  const others = new Set(agents.filter(isWanted).map((agent) => agent.version.split('.').slice(0, 2).join('.')));
  others.delete('');
  if (minor === '' || others.size === 0 || others.has(minor)) return '';
  return `operator ${operator.version}, agents ${[...others].join(', ')}`;
}

function leaseOf(row: LeaseRow, found: SystemWorkload | undefined, now: number): OperatorLease {
  const lasts = (row.durationSeconds || 15) * 1_000;
  const age = Math.max(0, now - row.renewed);
  // The holder is `<pod's node or name>-<random>`.
  const pod = found?.pods.find(
    (one) => row.holder.startsWith(one.name) || (one.node !== '' && row.holder.startsWith(`${one.node}-`)),
  );
  return {
    row,
    holder: row.holder,
    age,
    expired: row.holder === '' || age > lasts + SLACK_MS,
    holderPod: pod?.name ?? '',
  };
}
