import { age } from '../checks/words.ts';
import { operator } from '../model/operator.ts';
import type { ObjectRef } from '../model/ref.ts';
import { classifiedLog } from './last-words.ts';
import { mustRead, speaksAgainst, speaksFor } from './look.ts';
import type { Evidence, LookAsks, RunState } from './runbook.ts';

/** Whether an operator leads, by its lease. Throws a UserError where lease or pods may not be read. */
export function operatorLeads(state: Pick<RunState, 'snapshot' | 'now'>): {
  leads: boolean;
  evidence: Evidence;
  /** `0 of 2 ready`. */
  words: string;
  object: ObjectRef | undefined;
} {
  mustRead(state, ['leases', 'deployments', 'systemPods']);
  const { lease, ready, desired, workload } = operator(state.snapshot, state.now);
  const object = workload && { kind: 'Deployment', namespace: 'kube-system', name: workload.name };
  const source = 'lease cilium-operator-resource-lock';
  const words = `${ready} of ${desired} ready`;
  if (lease !== undefined && !lease.expired) {
    const text = `${lease.holder} leads, its lease renewed ${age(lease.age)} ago; ${words}`;
    return { leads: true, evidence: speaksAgainst(text, source, object), words, object };
  }
  const how = lease === undefined ? 'there is no lease' : `the lease was last renewed ${age(lease.age)} ago`;
  return { leads: false, evidence: speaksFor(`no operator leads: ${how}; ${words}`, source, object), words, object };
}

/** The log of the operator that leads, or of any; of one that has ended its last run. Undefined where there is no pod of it. */
export async function operatorLog(
  { snapshot, now }: Pick<RunState, 'snapshot' | 'now'>,
  asks: Pick<LookAsks, 'logs'>,
  signal: AbortSignal,
  tailLines = 500,
) {
  const { workload, lease } = operator(snapshot, now);
  const pods = workload?.pods.filter(({ deleting }) => deleting === 0) ?? [];
  const pod = pods.find(({ name }) => name === lease?.holderPod) ?? pods[0];
  if (pod === undefined) return undefined;
  const previous = pod.containers.some(({ last, ready }) => last !== undefined && !ready);
  const from = { namespace: pod.namespace, pod: pod.name, container: 'cilium-operator', tailLines };
  const log = await classifiedLog(asks, { ...from, program: 'operator', previous }, signal);
  return { ...log, object: { kind: 'Pod', namespace: pod.namespace, name: pod.name } };
}
