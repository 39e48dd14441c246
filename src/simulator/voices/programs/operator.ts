// cilium-operator. Only the leader works; the other waits for its lease.
import type { StoreEvent } from '../../cluster.ts';
import { tooMany } from '../../crowded.ts';
import { chance, hex } from '../chance.ts';
import { type Line, type Program, spread } from '../program.ts';
import type { Run } from '../run.ts';
import { ciliumConfig, lately, operatorLease, type Scene, versionOf } from '../scene.ts';
import { type Lease, type Pod, timeOf } from '../shapes.ts';
import { backlog, writeLimit } from '../slice-backlog.ts';
import type { Say } from './say.ts';
import { fatalLines, logLine } from './slog.ts';

export function operatorProgram(scene: Scene, pod: Pod, run: Run): Program {
  const version = versionOf(run.image);
  const queue = lately(scene, () => (leads(scene, pod) ? { ...backlog(scene), now: scene.now() } : undefined));
  const say: Say = (at, level, message, module, fields) => logLine(version, at, level, message, module, fields);
  return {
    opening: (at) => [
      ...spread(at, 60, [
        (t) =>
          say(
            t,
            'info',
            `Cilium Operator ${version} ${hex(`commit ${version}`, 8)} go version go1.24.6 linux/amd64`,
            'operator',
          ),
        (t) =>
          say(t, 'info', 'Establishing connection to apiserver', 'operator.operator-infra.k8s-client', {
            host: 'https://10.0.0.1:443',
          }),
        (t) => say(t, 'info', 'Connected to apiserver', 'operator.operator-infra.k8s-client'),
        (t) =>
          say(t, 'info', 'attempting to acquire leader lease kube-system/cilium-operator-resource-lock...', 'klog'),
      ]),
      ...(leads(scene, pod)
        ? leaderLines(scene, pod, say, Math.max(at + 300, timeOf(operatorLease(scene)?.spec?.acquireTime)))
        : []),
    ],
    habits: [
      { every: 20_000, say: (at, turn) => sliceTrouble(queue(), pod, at, turn, say) },
      ...(scene.causes.now().busyClient === undefined
        ? []
        : [{ every: 45_000, say: (at: number) => leaseTrouble(scene, pod, at, say) }]),
    ],
    hear: (event, at) => hear(scene, pod, event, at, say),
    closing(at, words, exitCode) {
      if (words !== '') return fatalLines(version, at, words, 'operator');
      return exitCode === 0
        ? [
            say(at, 'info', 'Leader election lost', 'operator', { 'operator-id': identity(pod) }),
            say(at, 'info', 'Stopped', 'operator'),
          ]
        : [];
    },
  };
}

/** Whether this pod holds the lease: the holder is the host's name and a suffix, or the pod's. */
function leads(scene: Scene, pod: Pod, lease: Lease | undefined = operatorLease(scene)): boolean {
  const holder = lease?.spec?.holderIdentity ?? '';
  const node = pod.spec?.nodeName ?? '';
  return (
    holder !== '' &&
    (holder.startsWith(pod.metadata.name) || (node !== '' && (holder === node || holder.startsWith(`${node}-`))))
  );
}

function leaderLines(scene: Scene, pod: Pod, say: Say, at: number): Line[] {
  const config = ciliumConfig(scene);
  return spread(at, 40, [
    (t) => say(t, 'info', 'successfully acquired lease kube-system/cilium-operator-resource-lock', 'klog'),
    (t) => say(t, 'info', 'Leading the operator HA deployment', 'operator'),
    (t) =>
      say(t, 'info', 'Leader re-election complete', 'operator', {
        newLeader: identity(pod),
        operatorID: identity(pod),
      }),
    (t) => say(t, 'info', 'Bootstrap ces controller', 'operator.operator-controlplane.leader-lifecycle.ces-controller'),
    (t) =>
      say(
        t,
        'info',
        'CES controller workqueue configuration',
        'operator.operator-controlplane.leader-lifecycle.ces-controller',
        {
          workQueueQPSLimit: writeLimit(scene).limit,
          workQueueBurstLimit: writeLimit(scene).burst,
        },
      ),
    (t) =>
      say(
        t,
        'info',
        'Starting to synchronize CiliumNode custom resources',
        'operator.operator-controlplane.leader-lifecycle',
        { ipam: config.ipam },
      ),
    (t) =>
      say(
        t,
        'info',
        'Starting CiliumEndpoint garbage collector',
        'operator.operator-controlplane.leader-lifecycle.endpoint-gc',
        { interval: config['cilium-endpoint-gc-interval'] ?? '5m0s' },
      ),
  ]);
}

/** With more changes than it may write, the operator's queue grows and its writes are told as late or failed. */
function sliceTrouble(
  queue: (ReturnType<typeof backlog> & { now: number }) | undefined,
  pod: Pod,
  at: number,
  turn: number,
  say: Say,
): string | undefined {
  if (queue === undefined || queue.oldestSeconds < 30) return undefined;
  const { now, waiting, oldestSeconds } = queue;
  // The queue began to grow with the change that has waited longest.
  if (at < now - oldestSeconds * 1000) return undefined;
  const fields = {
    ceSliceName: `ces-${hex(`${at}`, 9)}-${hex(`${turn}`, 5)}`,
    queueLength: waiting,
    delay: `${oldestSeconds}s`,
  };
  const module = 'operator.operator-controlplane.leader-lifecycle.ces-controller';
  if (chance(`${pod.metadata.uid} ${turn}`) < 0.3) {
    return say(at, 'warn', 'Error processing CES, retrying', module, {
      ...fields,
      error: 'client rate limiter Wait returned an error: context deadline exceeded',
    });
  }
  return say(at, 'info', 'Unable to update CiliumEndpointSlice in k8s-apiserver', module, {
    ...fields,
    error: 'client rate limiter Wait returned an error: context deadline exceeded',
  });
}

/** The lease is renewed at every other try: the leader stays, and says how hard it was. */
function leaseTrouble(scene: Scene, pod: Pod, at: number, say: Say): string | undefined {
  const { causes } = scene;
  if (at < causes.since('busyClient') || !leads(scene, pod)) return undefined;
  const message = `Failed to update lock: ${tooMany} (put leases.coordination.k8s.io cilium-operator-resource-lock)`;
  return say(at, 'error', message, 'klog');
}

function hear(scene: Scene, pod: Pod, event: StoreEvent, at: number, say: Say): string[] {
  const { kind } = event.resource;
  if (kind === 'Lease' && event.object.metadata.name === 'cilium-operator-resource-lock') {
    const is = leads(scene, pod, event.object as Lease);
    const was = leads(scene, pod, (event.previous ?? event.object) as Lease);
    return is && !was ? leaderLines(scene, pod, say, at).map((line) => line.line) : [];
  }
  if (!leads(scene, pod)) return [];
  const module = 'operator.operator-controlplane.leader-lifecycle';
  if (kind === 'CiliumIdentity' && event.type === 'DELETED') {
    return [
      say(at, 'info', 'Garbage collected identity', `${module}.identity-gc`, { identity: event.object.metadata.name }),
    ];
  }
  if (kind === 'CiliumEndpointSlice' && event.type === 'DELETED') {
    return [
      say(at, 'info', 'CiliumEndpointSlice was deleted', `${module}.ces-controller`, {
        ceSliceName: event.object.metadata.name,
      }),
    ];
  }
  if (kind === 'Node' && event.type === 'MODIFIED') return taintLines(event, at, say, module);
  return [];
}

function taintLines(event: StoreEvent, at: number, say: Say, module: string): string[] {
  const has = (object: unknown) =>
    ((object as { spec?: { taints?: { key: string }[] } } | undefined)?.spec?.taints ?? []).some(
      (taint) => taint.key === 'node.cilium.io/agent-not-ready',
    );
  const [is, was] = [has(event.object), has(event.previous)];
  if (is === was) return [];
  return [
    say(at, 'info', is ? 'Set node taint' : 'Removed node taint', `${module}.taint-sync`, {
      node: event.object.metadata.name,
      taint: 'node.cilium.io/agent-not-ready',
    }),
  ];
}

function identity(pod: Pod): string {
  return `${pod.spec?.nodeName ?? pod.metadata.name}-${hex(pod.metadata.uid ?? '', 10)}`;
}
