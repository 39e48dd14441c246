import type { KubeObject } from '../cluster.ts';
import { ageSince, at, listAt, none, numberAt, textAt } from './cells.ts';
import { age, builtIn, name, text } from './define.ts';

export const pods = builtIn('/v1', 'Pod', 'pods', {
  shortNames: ['po'],
  categories: ['all'],
  subresources: [
    'attach',
    'binding',
    'ephemeralcontainers',
    'eviction',
    'exec',
    'log',
    'portforward',
    'proxy',
    'resize',
    'status',
  ],
  columns: [
    name,
    text('Ready', (pod) => `${readyContainers(pod)}/${containerCount(pod)}`),
    text('Status', (pod) => podStatus(pod)),
    text('Restarts', (pod, now) => tellRestarts(pod, now)),
    age,
    text('IP', (pod) => textAt(pod, 'status', 'podIPs', 0, 'ip') || textAt(pod, 'status', 'podIP') || none, 1),
    text('Node', (pod) => textAt(pod, 'spec', 'nodeName') || none, 1),
    text('Nominated Node', (pod) => textAt(pod, 'status', 'nominatedNodeName') || none, 1),
    text('Readiness Gates', (pod) => tellGates(pod), 1),
  ],
});

function containerCount(pod: KubeObject): number {
  return listAt(pod, 'spec', 'containers').length + sidecars(pod).size;
}

function readyContainers(pod: KubeObject): number {
  const sidecar = sidecars(pod);
  const ready = listAt(pod, 'status', 'containerStatuses').filter(
    (status) => status['ready'] === true && running(status),
  );
  const readySidecars = listAt(pod, 'status', 'initContainerStatuses').filter(
    (status) => sidecar.has(String(status['name'])) && status['ready'] === true,
  );
  return ready.length + readySidecars.length;
}

/** Init containers that stay: they count as containers. */
function sidecars(pod: KubeObject): Set<string> {
  const always = listAt(pod, 'spec', 'initContainers').filter((container) => container['restartPolicy'] === 'Always');
  return new Set(always.map((container) => String(container['name'])));
}

function running(status: Record<string, unknown>): boolean {
  return at(status, 'state', 'running') !== undefined;
}

/** The STATUS column, as printPod works it out: reasons of containers over the phase, init containers first. */
function podStatus(pod: KubeObject): string {
  const deleted = pod.metadata.deletionTimestamp !== undefined;
  const lost = textAt(pod, 'status', 'reason') === 'NodeLost';
  if (deleted && lost) return 'Unknown';
  const phase = textAt(pod, 'status', 'phase');
  const finished = phase === 'Succeeded' || phase === 'Failed';
  if (deleted && !finished) return 'Terminating';
  const gated = listAt(pod, 'status', 'conditions').some(
    (condition) => condition['type'] === 'PodScheduled' && condition['reason'] === 'SchedulingGated',
  );
  return (
    initStatus(pod) ?? containerStatus(pod) ?? (gated ? 'SchedulingGated' : textAt(pod, 'status', 'reason') || phase)
  );
}

function initStatus(pod: KubeObject): string | undefined {
  const sidecar = sidecars(pod);
  const statuses = listAt(pod, 'status', 'initContainerStatuses');
  for (const [index, status] of statuses.entries()) {
    if (at(status, 'state', 'terminated', 'exitCode') === 0) continue;
    if (sidecar.has(String(status['name'])) && status['started'] === true) continue;
    const terminated = at(status, 'state', 'terminated');
    if (terminated !== undefined) return `Init:${tellEnd(terminated)}`;
    const reason = textAt(status, 'state', 'waiting', 'reason');
    if (reason !== '' && reason !== 'PodInitializing') return `Init:${reason}`;
    return `Init:${index}/${listAt(pod, 'spec', 'initContainers').length}`;
  }
  return undefined;
}

function containerStatus(pod: KubeObject): string | undefined {
  const statuses = listAt(pod, 'status', 'containerStatuses');
  let told: string | undefined;
  let anyRunning = false;
  for (const status of [...statuses].reverse()) {
    const waiting = textAt(status, 'state', 'waiting', 'reason');
    const terminated = at(status, 'state', 'terminated');
    if (waiting !== '') told = waiting;
    else if (terminated !== undefined) told = tellEnd(terminated);
    else if (status['ready'] === true && running(status)) anyRunning = true;
  }
  if (told === 'Completed' && anyRunning) {
    const ready = listAt(pod, 'status', 'conditions').find((condition) => condition['type'] === 'Ready');
    return ready?.['status'] === 'True' ? 'Running' : 'NotReady';
  }
  return told;
}

function tellEnd(terminated: unknown): string {
  const reason = textAt(terminated, 'reason');
  if (reason !== '') return reason;
  const signal = numberAt(terminated, 'signal');
  return signal !== 0 ? `Signal:${signal}` : `ExitCode:${numberAt(terminated, 'exitCode')}`;
}

function tellRestarts(pod: KubeObject, now: number): string {
  const sidecar = sidecars(pod);
  const init = listAt(pod, 'status', 'initContainerStatuses');
  // While it initialises, the init containers' restarts are the ones that count.
  const stillInit = initStatus(pod) !== undefined;
  const counted = stillInit
    ? init
    : [...listAt(pod, 'status', 'containerStatuses'), ...init.filter((status) => sidecar.has(String(status['name'])))];
  const restarts = counted.reduce((sum, status) => sum + numberAt(status, 'restartCount'), 0);
  const ends = counted
    .map((status) => textAt(status, 'lastState', 'terminated', 'finishedAt'))
    .filter((time) => time !== '')
    .sort();
  const last = ends[ends.length - 1];
  return restarts > 0 && last !== undefined ? `${restarts} (${ageSince(last, now)} ago)` : String(restarts);
}

function tellGates(pod: KubeObject): string {
  const gates = listAt(pod, 'spec', 'readinessGates');
  if (gates.length === 0) return none;
  const passed = gates.filter((gate) =>
    listAt(pod, 'status', 'conditions').some(
      (condition) => condition['type'] === gate['conditionType'] && condition['status'] === 'True',
    ),
  );
  return `${passed.length}/${gates.length}`;
}
