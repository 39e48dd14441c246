import type { Intern } from '../intern.ts';
import { containerPorts, type PodPort } from './container-ports.ts';
import { printPod } from './print-pod.ts';
import { count, edits, flag, head, list, owner, record, text, time } from './raw.ts';
import type { Edit, Labels, RawObject, Row } from './row.ts';

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
  /** When the Ready condition became False, 0 while it is True or absent. */
  notReadySince: number;
  deleting: number;
  labels: Labels;
  /** The controller: `DaemonSet`, `cilium`. Empty when the pod stands alone. */
  ownerKind: string;
  ownerName: string;
  /** '' where none is written: it is `default` then. */
  serviceAccount: string;
  /** Pods that declare the same ports share one list. */
  ports: readonly PodPort[];
  /** `name:hostPort/protocol`, for host port conflicts. */
  hostPorts: readonly string[];
  /** Full for pods of kube-system; elsewhere only containers that are not running as they should. */
  containers: readonly ContainerRow[];
  /** `unschedulable` text of PodScheduled=False, else ''. */
  unscheduled: string;
  edits: readonly Edit[];
};

export function projectPod(raw: RawObject, intern: Intern): PodRow {
  const metadata = record(raw.metadata);
  const spec = record(raw.spec);
  const status = record(raw.status);
  const { uid, namespace, name, created, version } = head(raw, intern.line);
  const printed = printPod(raw);
  const controller = owner(metadata);
  const system = namespace === 'kube-system';
  const ready = condition(status, 'Ready');
  const scheduled = condition(status, 'PodScheduled');
  const containers = projectContainers(spec, status, intern);
  return {
    uid,
    namespace,
    name,
    created,
    version,
    node: intern.line(spec.nodeName),
    ip: text(status.podIP, 60),
    ips: podIPs(status),
    hostNetwork: flag(spec.hostNetwork),
    phase: intern.line(status.phase),
    status: intern.line(printed.status),
    ready: ready.status === 'True',
    readyCount: printed.ready,
    containerCount: printed.containers,
    restarts: printed.restarts,
    scheduled: scheduled.status === 'True' ? time(scheduled.lastTransitionTime) : 0,
    readySince: ready.status === 'True' ? time(ready.lastTransitionTime) : 0,
    notReadySince: ready.status === 'False' ? time(ready.lastTransitionTime) : 0,
    deleting: time(metadata.deletionTimestamp),
    labels: intern.labels(metadata.labels),
    ownerKind: intern.line(controller.kind),
    ownerName: intern.line(controller.name),
    serviceAccount: intern.line(spec.serviceAccountName) || intern.line(spec.serviceAccount),
    ports: containerPorts(spec, intern),
    hostPorts: hostPorts(spec, intern),
    containers: system ? containers : kept(containers.filter(isTroubled)),
    unscheduled: scheduled.status === 'False' ? text(scheduled.message ?? scheduled.reason, 300) : '',
    edits: system ? edits(metadata) : NO_EDITS,
  };
}

const NO_EDITS: readonly Edit[] = Object.freeze([]);
const NO_CONTAINERS: readonly ContainerRow[] = Object.freeze([]);
const NO_TEXTS: readonly string[] = Object.freeze([]);

function kept(containers: readonly ContainerRow[]): readonly ContainerRow[] {
  return containers.length === 0 ? NO_CONTAINERS : containers;
}

function condition(status: RawObject, type: string): RawObject {
  return record(list(status.conditions, 50).find((one) => record(one).type === type));
}

function podIPs(status: RawObject): readonly string[] {
  const ips = list(status.podIPs, 10)
    .map((one) => text(record(one).ip, 60))
    .filter((ip) => ip !== '');
  return ips.length === 0 ? NO_TEXTS : ips;
}

function hostPorts(spec: RawObject, intern: Intern): readonly string[] {
  const found = list(spec.containers, 100)
    .map(record)
    .flatMap((container) =>
      list(container.ports, 100)
        .map(record)
        .filter((port) => count(port.hostPort) > 0)
        .map((port) => intern.line(`${text(container.name)}:${count(port.hostPort)}/${text(port.protocol) || 'TCP'}`)),
    );
  return found.length === 0 ? NO_TEXTS : found;
}

/** Not running as it should: waiting, ended with an error, not ready, or restarted. An init container that ended well is fine. */
function isTroubled(container: ContainerRow): boolean {
  if (container.state === 'terminated') return container.exitCode !== 0;
  return container.restarts > 0 || !container.ready || container.state !== 'running';
}

function projectContainers(spec: RawObject, status: RawObject, intern: Intern): readonly ContainerRow[] {
  return [
    ...containersOf(spec.initContainers, status.initContainerStatuses, true, intern),
    ...containersOf(spec.containers, status.containerStatuses, false, intern),
  ];
}

/** In the order of the spec, which is the order in which init containers run; statuses may lack some or come alone. */
function containersOf(specs: unknown, statuses: unknown, init: boolean, intern: Intern): ContainerRow[] {
  const told = new Map(list(statuses, 100).map((one) => [record(one).name, record(one)]));
  const wanted = list(specs, 100).map(record);
  const named = wanted.length > 0 ? wanted : [...told.values()];
  return named.map((one) => projectContainer(one, told.get(one.name) ?? record(undefined), init, intern));
}

function projectContainer(spec: RawObject, status: RawObject, init: boolean, intern: Intern): ContainerRow {
  const state = record(status.state);
  const running = state.running;
  const waiting = state.waiting;
  const terminated = state.terminated;
  const now = record(terminated ?? waiting ?? running);
  const last = record(record(status.lastState).terminated);
  const row: ContainerRow = {
    name: intern.line(spec.name ?? status.name),
    init,
    image: intern.line(spec.image ?? status.image),
    ready: flag(status.ready),
    restarts: count(status.restartCount),
    state: terminated ? 'terminated' : waiting ? 'waiting' : running ? 'running' : 'unknown',
    reason: intern.line(now.reason),
    message: text(now.message, 1_024),
    exitCode: count(now.exitCode),
    since: time(now.finishedAt ?? now.startedAt),
  };
  if (Object.keys(last).length === 0) return row;
  return {
    ...row,
    last: {
      reason: intern.line(last.reason),
      message: text(last.message, 1_024),
      exitCode: count(last.exitCode),
      started: time(last.startedAt),
      finished: time(last.finishedAt),
    },
  };
}
