import type { Edit, Labels, Row } from './row.ts';

export type ContainerRow = {
  name: string;
  init: boolean;
  image: string;
  ready: boolean;
  restarts: number;
  state: 'running' | 'waiting' | 'terminated' | 'unknown';
  reason: string;
  message: string;
  exitCode: number;
  since: number;
  /** How it ended the time before, absent when it never did. */
  last?: { reason: string; message: string; exitCode: number; started: number; finished: number };
};

export type PodRow = Row & {
  node: string;
  ip: string;
  ips: readonly string[];
  hostNetwork: boolean;
  phase: string;
  /** What `kubectl get pods` prints under STATUS: Running, Init:CrashLoopBackOff, ContainerCreating, Terminating … */
  status: string;
  ready: boolean;
  readyCount: number;
  containerCount: number;
  restarts: number;
  /** When it was scheduled, became ready, was asked to end. */
  scheduled: number;
  readySince: number;
  deleting: number;
  labels: Labels;
  /** The controller: `DaemonSet`, `cilium`. Empty when the pod stands alone. */
  ownerKind: string;
  ownerName: string;
  serviceAccount: string;
  /** `name:hostPort/protocol`, for host port conflicts. */
  hostPorts: readonly string[];
  /** Full for pods of kube-system; elsewhere only containers that are not running as they should. */
  containers: readonly ContainerRow[];
  /** `unschedulable` text of PodScheduled=False, else ''. */
  unscheduled: string;
  edits: readonly Edit[];
};
