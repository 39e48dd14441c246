// The parts of the objects that the controllers read and write. Everything else in them passes through untouched.
import type { KubeObject } from '../cluster.ts';

export type Labels = Record<string, string>;
export type Toleration = {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
  tolerationSeconds?: number;
};
export type Port = { name?: string; containerPort: number; hostPort?: number; protocol?: string };
export type Container = { name: string; image: string; ports?: Port[]; [field: string]: unknown };
export type Expression = { key: string; operator: string; values?: string[] };
export type Affinity = {
  nodeAffinity?: {
    requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms: { matchExpressions?: Expression[] }[] };
  };
  [field: string]: unknown;
};

export type PodSpec = {
  nodeName?: string;
  hostNetwork?: boolean;
  serviceAccountName?: string;
  terminationGracePeriodSeconds?: number;
  nodeSelector?: Labels;
  affinity?: Affinity;
  tolerations?: Toleration[];
  initContainers?: Container[];
  containers: Container[];
  [field: string]: unknown;
};

export type PodTemplate = { metadata: { labels: Labels; annotations?: Labels }; spec: PodSpec };

export type Ended = {
  exitCode: number;
  reason: string;
  message?: string;
  startedAt: string;
  finishedAt: string;
  containerID?: string;
};
export type ContainerState = {
  waiting?: { reason: string; message?: string };
  running?: { startedAt: string };
  terminated?: Ended;
};
export type ContainerStatus = {
  name: string;
  image: string;
  imageID: string;
  containerID?: string;
  ready: boolean;
  started?: boolean;
  restartCount: number;
  state: ContainerState;
  lastState: ContainerState;
};

export type Condition = {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastHeartbeatTime?: string;
  lastProbeTime?: string | null;
  lastUpdateTime?: string;
  observedGeneration?: number;
};

export type PodStatus = {
  phase: string;
  conditions?: Condition[];
  hostIP?: string;
  hostIPs?: { ip: string }[];
  podIP?: string;
  podIPs?: { ip: string }[];
  startTime?: string;
  reason?: string;
  qosClass?: string;
  initContainerStatuses?: ContainerStatus[];
  containerStatuses?: ContainerStatus[];
  [field: string]: unknown;
};

export type Pod = KubeObject & { spec: PodSpec; status: PodStatus };

export type Taint = { key: string; value?: string; effect: string; timeAdded?: string };
export type Node = KubeObject & {
  spec: { podCIDR?: string; podCIDRs?: string[]; providerID?: string; unschedulable?: boolean; taints?: Taint[] };
  status: {
    conditions: Condition[];
    addresses: { type: string; address: string }[];
    capacity: Labels;
    allocatable: Labels;
    nodeInfo: Labels;
    [field: string]: unknown;
  };
};

export type Selector = { matchLabels?: Labels; matchExpressions?: Expression[] };
export type DaemonSet = KubeObject & {
  spec: {
    selector: Selector;
    template: PodTemplate;
    minReadySeconds?: number;
    updateStrategy?: { type: string; rollingUpdate?: { maxUnavailable?: number | string } };
    revisionHistoryLimit?: number;
  };
  status: Record<string, number>;
};
export type Deployment = KubeObject & {
  spec: {
    replicas?: number;
    paused?: boolean;
    selector: Selector;
    template: PodTemplate;
    strategy?: { type: string; rollingUpdate?: { maxUnavailable?: number | string; maxSurge?: number | string } };
    revisionHistoryLimit?: number;
    progressDeadlineSeconds?: number;
  };
  status: { conditions?: Condition[]; [field: string]: unknown };
};
export type ReplicaSet = KubeObject & {
  spec: { replicas?: number; selector: Selector; template: PodTemplate };
  status: { [field: string]: unknown };
};
export type StatefulSet = KubeObject & {
  spec: {
    replicas?: number;
    serviceName: string;
    selector: Selector;
    template: PodTemplate;
    podManagementPolicy?: string;
  };
  status: { [field: string]: unknown };
};
export type JobSpec = {
  completions?: number;
  parallelism?: number;
  backoffLimit?: number;
  suspend?: boolean;
  selector?: Selector;
  template: PodTemplate;
};
export type JobStatus = {
  active?: number;
  ready?: number;
  succeeded?: number;
  terminating?: number;
  startTime?: string;
  completionTime?: string;
  conditions?: Condition[];
  uncountedTerminatedPods?: object;
};
export type Job = KubeObject & { spec: JobSpec; status?: JobStatus };
export type CronJob = KubeObject & {
  spec: {
    schedule: string;
    suspend?: boolean;
    concurrencyPolicy?: string;
    successfulJobsHistoryLimit?: number;
    failedJobsHistoryLimit?: number;
    jobTemplate: { metadata?: { labels?: Labels }; spec: JobSpec };
  };
  status?: { active?: object[]; lastScheduleTime?: string; lastSuccessfulTime?: string };
};
export type Service = KubeObject & {
  spec: {
    clusterIP?: string;
    type?: string;
    selector?: Labels;
    ports?: { name?: string; port: number; targetPort?: number | string; protocol?: string; nodePort?: number }[];
  };
};

export type CiliumEndpoint = KubeObject & {
  status?: {
    id?: number;
    state?: string;
    identity?: { id: number; labels: string[] };
    networking?: { addressing: { ipv4?: string; ipv6?: string }[]; node?: string };
    [field: string]: unknown;
  };
};
export type SliceEntry = {
  name: string;
  id: number;
  networking: { addressing: { ipv4?: string; ipv6?: string }[]; node: string };
  encryption: { key?: number };
  'named-ports'?: { name: string; port: number; protocol: string }[];
};
export type CiliumEndpointSlice = KubeObject & { namespace: string; endpoints: SliceEntry[] };

/** metav1.Time: whole seconds. By hand, because a settled cluster of 100,000 pods has millions of them. */
export function timeOf(at: number): string {
  const seconds = Math.floor(at / 1000);
  const days = Math.floor(seconds / 86_400);
  const rest = seconds - days * 86_400;
  // Civil date of a day number, after Hinnant: years begin in March, so that leap days come last.
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const year = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const month = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * month + 2) / 5) + 1;
  const civil = month < 10 ? month + 3 : month - 9;
  const hours = Math.floor(rest / 3_600);
  const minutes = Math.floor((rest % 3_600) / 60);
  const civilYear = year + era * 400 + (civil <= 2 ? 1 : 0);
  return `${civilYear}-${two(civil)}-${two(day)}T${two(hours)}:${two(minutes)}:${two(rest % 60)}Z`;
}

function two(number: number): string {
  return number < 10 ? `0${number}` : `${number}`;
}

/** metav1.MicroTime, as leases carry it. */
export function microTimeOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 23)}000Z`;
}
