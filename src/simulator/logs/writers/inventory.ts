// KubePodInventory and KubeNodeInventory: the cluster once a minute, a row for each container and each node.
import { azurePlace, clusterId } from '../../azure/azure-settings.ts';
import { listOf } from '../../voices/scene.ts';
import { type ContainerStatus, type Node, type Pod, timeOf } from '../../voices/shapes.ts';
import { type Observed, seenPods, workloadOf } from '../observed.ts';
import { datetimeText, type Writer, type Written } from '../row.ts';

export const minuteMs = 60_000;
/** Restarts further back than the last are taken to have come after this long each: the kubelet's longest back-off. */
const backOffMs = 320_000;

export function writePodInventory(observed: Observed): Writer {
  return function* (from, to, budget) {
    if (!observed.settings.now().monitoring) return;
    const pods = seenPods(observed);
    const count = pods.reduce((sum, pod) => sum + (pod.status?.containerStatuses?.length ?? 0), 0);
    const times = minutes(from, to, budget, count);
    if (times.length === 0) return;
    const rows = pods.flatMap((pod) => (pod.status?.containerStatuses ?? []).map((status) => podRow(pod, status)));
    for (const at of times) for (const { created, row } of rows) if (created <= at) yield row(at);
  };
}

export function writeNodeInventory({ scene, settings }: Observed): Writer {
  return function* (from, to, budget) {
    if (!settings.now().monitoring) return;
    const nodes = listOf<Node>(scene, 'Node');
    const times = minutes(from, to, budget, nodes.length);
    if (times.length === 0) return;
    const rows = nodes.map(nodeRow);
    for (const at of times) for (const { created, row } of rows) if (created <= at) yield row(at);
  };
}

/** Full minutes in (from, to], of the past only as many as make `budget` rows. */
export function minutes(from: number, to: number, budget: number, rowsEach: number): number[] {
  const since = Math.max(from, to - Math.floor(budget / Math.max(1, rowsEach)) * minuteMs);
  const list: number[] = [];
  for (let at = Math.floor(since / minuteMs + 1) * minuteMs; at <= to; at += minuteMs) list.push(at);
  return list;
}

export const cluster = { ClusterId: clusterId(), ClusterName: azurePlace.cluster };

/** Made once for all minutes, and of what the row needs: rows are kept for long, and the pod would be with them. */
type Snapshot = { created: number; row(at: number): Written };

function podRow(pod: Pod, status: ContainerStatus): Snapshot {
  const { metadata } = pod;
  const uid = metadata.uid ?? '';
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  const created = timeText(metadata.creationTimestamp);
  const { restartCount = 0, state = {} } = status;
  const lastStart = timeOf(state.running?.startedAt ?? status.lastState?.terminated?.finishedAt);
  const reason = state.waiting?.reason ?? state.terminated?.reason ?? '';
  const columns = {
    ...cluster,
    Computer: pod.spec?.nodeName ?? '',
    Name: metadata.name,
    Namespace: metadata.namespace,
    PodUid: uid,
    PodStatus: reason === 'CrashLoopBackOff' ? reason : (pod.status?.phase ?? 'Unknown'),
    PodIp: pod.status?.podIP ?? '',
    PodLabel: JSON.stringify([metadata.labels ?? {}]),
    ControllerKind: owner?.kind ?? '',
    ControllerName: owner?.name ?? '',
    ContainerName: `${uid}/${status.name}`,
    ContainerID: (status as { containerID?: string }).containerID?.replace('containerd://', '') ?? '',
    ContainerStatus: state.running ? 'running' : state.waiting ? 'waiting' : 'terminated',
    ContainerStatusReason: reason,
    ContainerLastStatus: JSON.stringify(status.lastState ?? {}),
    ServiceName: owner === undefined ? '' : workloadOf(metadata.name, owner.kind).name,
    InstanceName: `${metadata.namespace}/${metadata.name}`,
    PodCreationTimeStamp: created,
    PodStartTime: created,
    ContainerCreationTimeStamp: created,
    ContainerStartTime: timeText(state.running?.startedAt ?? state.terminated?.startedAt),
  };
  return {
    created: timeOf(metadata.creationTimestamp),
    row: (at) => ({
      table: 'KubePodInventory',
      at,
      key: `${columns.ContainerName} ${at}`,
      batch: `inventory ${at}`,
      by: 'agent',
      values() {
        const restarts = restartsAt(restartCount, lastStart, at);
        return { ...columns, PodRestartCount: restarts, ContainerRestartCount: restarts };
      },
    }),
  };
}

/** Of the past only the last restart is known; those before it followed one another as the kubelet lets them. */
function restartsAt(restarts: number, lastStart: number, at: number): number {
  if (restarts === 0 || lastStart === 0 || at >= lastStart) return restarts;
  return Math.max(0, restarts - 1 - Math.floor((lastStart - at) / backOffMs));
}

function nodeRow(node: Node): Snapshot {
  const { metadata } = node;
  const conditions = (node.status as { conditions?: Condition[] } | undefined)?.conditions ?? [];
  const ready = conditions.find(({ type }) => type === 'Ready');
  const columns = {
    ...cluster,
    Computer: metadata.name,
    KubeletVersion: node.status?.nodeInfo?.kubeletVersion ?? '',
    KubeProxyVersion: '',
    KubernetesProviderID: (node.spec as { providerID?: string } | undefined)?.providerID ?? '',
    DockerVersion: 'containerd://2.1.4',
    OperatingSystem: 'linux',
    Labels: JSON.stringify([metadata.labels ?? {}]),
    Status: conditions
      .filter(({ status }) => status === 'True')
      .map(({ type }) => type)
      .join(','),
    CreationTimeStamp: timeText(metadata.creationTimestamp),
    LastTransitionTimeReady: timeText(ready?.lastTransitionTime),
  };
  return {
    created: timeOf(metadata.creationTimestamp),
    row: (at) => ({
      table: 'KubeNodeInventory',
      at,
      key: `${columns.Computer} ${at}`,
      batch: `inventory ${at}`,
      by: 'agent',
      values: () => columns,
    }),
  };
}

type Condition = { type: string; status: string; lastTransitionTime?: string };

function timeText(text: string | undefined): string | null {
  const at = timeOf(text);
  return at === 0 ? null : datetimeText(at);
}
