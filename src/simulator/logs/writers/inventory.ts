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
    const each = pods.flatMap((pod) => (pod.status?.containerStatuses ?? []).map((status) => ({ pod, status })));
    for (const at of minutes(from, to, budget, each.length)) {
      for (const { pod, status } of each) {
        if (timeOf(pod.metadata.creationTimestamp) <= at) yield podRow(pod, status, at);
      }
    }
  };
}

export function writeNodeInventory({ scene, settings }: Observed): Writer {
  return function* (from, to, budget) {
    if (!settings.now().monitoring) return;
    const nodes = listOf<Node>(scene, 'Node');
    for (const at of minutes(from, to, budget, nodes.length)) {
      for (const node of nodes) if (timeOf(node.metadata.creationTimestamp) <= at) yield nodeRow(node, at);
    }
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

function podRow(pod: Pod, status: ContainerStatus, at: number): Written {
  const { metadata } = pod;
  const uid = metadata.uid ?? '';
  return {
    table: 'KubePodInventory',
    at,
    key: `${uid} ${status.name} ${at}`,
    batch: `inventory ${at}`,
    by: 'agent',
    values: () => {
      const restarts = restartsAt(status, at);
      const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
      const created = timeText(metadata.creationTimestamp);
      const { state = {} } = status;
      const reason = state.waiting?.reason ?? state.terminated?.reason ?? '';
      return {
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
        PodRestartCount: restarts,
        ContainerRestartCount: restarts,
        PodCreationTimeStamp: created,
        PodStartTime: created,
        ContainerCreationTimeStamp: created,
        ContainerStartTime: timeText(state.running?.startedAt ?? state.terminated?.startedAt),
      };
    },
  };
}

/** Of the past only the last restart is known; those before it followed one another as the kubelet lets them. */
function restartsAt({ restartCount = 0, state = {}, lastState = {} }: ContainerStatus, at: number): number {
  const last = timeOf(state.running?.startedAt ?? lastState.terminated?.finishedAt);
  if (restartCount === 0 || last === 0 || at >= last) return restartCount;
  return Math.max(0, restartCount - 1 - Math.floor((last - at) / backOffMs));
}

function nodeRow(node: Node, at: number): Written {
  const { metadata } = node;
  return {
    table: 'KubeNodeInventory',
    at,
    key: `${metadata.uid} ${at}`,
    batch: `inventory ${at}`,
    by: 'agent',
    values: () => {
      const conditions = (node.status as { conditions?: Condition[] } | undefined)?.conditions ?? [];
      const ready = conditions.find(({ type }) => type === 'Ready');
      return {
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
    },
  };
}

type Condition = { type: string; status: string; lastTransitionTime?: string };

function timeText(text: string | undefined): string | null {
  const at = timeOf(text);
  return at === 0 ? null : datetimeText(at);
}
