import { agents, isWanted } from './agents.ts';
import { operator } from './operator.ts';
import type { Snapshot } from './snapshot.ts';

/** A pod of the network that can be asked for its metrics. */
export type NetworkPod = { name: string; node: string; role: 'agent' | 'operator'; port: number; isSick: boolean };

/** Agents and operators that run, the sick first. Ports as Cilium and AKS set them (domain §6). */
export function networkPods(snapshot: Snapshot, now: number): readonly NetworkPod[] {
  const found: NetworkPod[] = [];
  for (const pod of operator(snapshot, now).workload?.pods ?? []) {
    if (pod.phase === 'Running') {
      found.push({ name: pod.name, node: pod.node, role: 'operator', port: 9963, isSick: !pod.ready });
    }
  }
  for (const agent of agents(snapshot, now)) {
    const { pod, node, state } = agent;
    if (pod?.phase !== 'Running' || !isWanted(agent)) continue;
    found.push({ name: pod.name, node, role: 'agent', port: 9962, isSick: state !== 'ready' });
  }
  return found;
}
