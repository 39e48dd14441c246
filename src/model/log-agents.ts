import { loopingContainer } from './looping.ts';
import type { WorkloadRow } from './objects/others.ts';
import type { PodRow } from './objects/pod.ts';
import type { Snapshot } from './snapshot.ts';

/** What collects logs on the nodes: the monitoring add-on's own pods. */
export type LogAgents = {
  /** Undefined: the add-on put nothing on this cluster, or it was not read. */
  set: WorkloadRow | undefined;
  desired: number;
  /** Ready to stay: one that crash-loops does not count while it is up for a moment. */
  ready: number;
  pods: readonly PodRow[];
};

/** Their DaemonSet's name; the Deployment beside it asks the API server for inventory and events. */
export const logAgentSet = 'ama-logs';

export function logAgents({ tables }: Snapshot, now: number): LogAgents {
  const set = tables.daemonSets.named('kube-system', logAgentSet);
  const pods = set
    ? tables.pods.by('owner', `DaemonSet/kube-system/${logAgentSet}`).filter(({ deleting }) => deleting === 0)
    : [];
  const ready = pods.filter((pod) => pod.ready && loopingContainer(pod, now) === undefined).length;
  return { set, desired: set?.desired ?? 0, ready, pods };
}
