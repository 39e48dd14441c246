import type { Where } from '../causes.ts';
import type { Core } from '../core.ts';
import type { Recorder } from '../events.ts';
import { setCondition } from '../pod-object.ts';
import { type Node, type Pod, type Taint, timeOf } from '../shapes.ts';
import type { Symptoms } from '../symptoms.ts';
import { end } from './rollout.ts';

export type Silence = { isSilent(node: string): boolean; lacksCni(node: string): boolean };

/** What the kubelet says as long as /etc/cni/net.d is empty. */
export const NO_CNI =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';

/** After this long without word from its kubelet a node is Unknown (node-monitor-grace-period). */
const GRACE = 40_000;
const STOPPED = 'Kubelet stopped posting node status.';
const CONDITIONS = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'];

/** Which kubelets say nothing. `reconsider` follows the causes. */
export function runNodeLifecycle(
  core: Core,
  record: Recorder,
  symptoms: () => Symptoms,
): Silence & { reconsider(): void } {
  const { view } = core;
  const silent = new Set<string>();
  const bare = new Set<string>();

  const lost = (name: string) => {
    if (!silent.has(name)) return;
    core.edit<Node>('Node', '', name, 'kube-controller-manager', 'status', (node) => {
      for (const type of CONDITIONS) {
        setCondition(
          node.status,
          { type, status: 'Unknown', reason: 'NodeStatusUnknown', message: STOPPED },
          core.now(),
        );
      }
      return undefined;
    });
    core.edit<Node>('Node', '', name, 'kube-controller-manager', undefined, (node) => {
      taint(node, { key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule', timeAdded: timeOf(core.now()) });
      taint(node, { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', timeAdded: timeOf(core.now()) });
      return undefined;
    });
    tell(name, 'NodeNotReady');
    setReady(name, false);
  };

  const found = (name: string) => {
    core.edit<Node>('Node', '', name, 'kubelet', 'status', (node) => {
      const fine: [string, string, string][] = [
        ['MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
        ['DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
        ['PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
      ];
      for (const [type, reason, message] of fine)
        setCondition(node.status, { type, status: 'False', reason, message }, core.now());
      setCondition(
        node.status,
        { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
        core.now(),
      );
      return undefined;
    });
    core.edit<Node>('Node', '', name, 'kube-controller-manager', undefined, (node) => {
      untaint(node, 'node.kubernetes.io/unreachable');
      untaint(node, 'node.kubernetes.io/not-ready');
      return undefined;
    });
    tell(name, 'NodeReady');
    setReady(name, true);
  };

  /** Reimaged: its pods went elsewhere before, and what comes waits. */
  const uninitialised = (name: string) => {
    core.edit<Node>('Node', '', name, 'kubelet', 'status', (node) => {
      const ready = { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: NO_CNI };
      setCondition(node.status, ready, core.now());
      return undefined;
    });
    core.edit<Node>('Node', '', name, 'kube-controller-manager', undefined, (node) => {
      taint(node, { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule', timeAdded: timeOf(core.now()) });
      return undefined;
    });
    tell(name, 'NodeNotReady');
    for (const pod of [...(view.nodes.get(name)?.pods ?? [])])
      if (!pod.hostNetwork && !pod.deleting) end(core, pod, 'aks-node-drainer');
  };

  const setReady = (name: string, ready: boolean) => {
    for (const pod of [...(view.nodes.get(name)?.pods ?? [])]) {
      core.edit<Pod>('Pod', pod.namespace, pod.name, 'kube-controller-manager', 'status', (object) => {
        const all = (object.status.containerStatuses ?? []).every((status) => status.ready);
        const why = ready ? {} : { reason: 'NodeNotReady' };
        return setCondition(
          object.status,
          { type: 'Ready', status: ready && all ? 'True' : 'False', ...why },
          core.now(),
        )
          ? undefined
          : false;
      });
    }
  };

  const tell = (name: string, reason: string) => {
    const uid = view.nodes.get(name)?.uid ?? '';
    const message = `Node ${name} status is now: ${reason}`;
    record(
      { kind: 'Node', namespace: '', name, uid },
      { type: 'Normal', reason, message, component: 'node-controller' },
    );
  };

  const cordoned = (event: { object: unknown; previous?: unknown }) => {
    const node = event.object as Node;
    const before = event.previous as Node | undefined;
    if (before === undefined || (before.spec.unschedulable === true) === (node.spec.unschedulable === true)) return;
    const { name } = node.metadata;
    core.after(50, () =>
      core.edit<Node>('Node', '', name, 'kube-controller-manager', undefined, (current) => {
        if (current.spec.unschedulable) {
          taint(current, {
            key: 'node.kubernetes.io/unschedulable',
            effect: 'NoSchedule',
            timeAdded: timeOf(core.now()),
          });
        } else untaint(current, 'node.kubernetes.io/unschedulable');
        return undefined;
      }),
    );
    const reason = node.spec.unschedulable ? 'NodeNotSchedulable' : 'NodeSchedulable';
    const message = `Node ${name} status is now: ${reason}`;
    record(
      { kind: 'Node', namespace: '', name, uid: node.metadata.uid ?? '' },
      { type: 'Normal', reason, message, component: 'kubelet', host: name },
    );
  };

  core.listen((event) => {
    if (event.resource.kind !== 'Node') return;
    if (event.type === 'MODIFIED') cordoned(event);
    if (event.type !== 'DELETED') return;
    const { name } = event.object.metadata;
    // The pod collector removes what a node that is no more cannot end itself.
    core.after(1_000, () => {
      for (const pod of [...view.pods.values()]) {
        if (pod.node === name && !view.nodes.has(name)) core.remove('Pod', pod.namespace, pod.name);
      }
    });
  });

  return {
    isSilent: (node) => silent.has(node),
    lacksCni: (node) => bare.has(node),
    reconsider() {
      const named = (wheres: readonly Where[]) =>
        new Set(wheres.flatMap((where) => symptoms().nodesOf(where)).map((node) => node.name));
      const without = named(core.causes().withoutCni);
      for (const name of without) {
        if (bare.has(name)) continue;
        bare.add(name);
        uninitialised(name);
      }
      for (const name of [...bare]) {
        if (without.has(name)) continue;
        bare.delete(name);
        core.after(2_000, () => found(name));
      }
      const next = named(core.causes().silentKubelets);
      for (const name of next) {
        if (silent.has(name)) continue;
        silent.add(name);
        core.after(GRACE, () => lost(name));
      }
      for (const name of [...silent]) {
        if (next.has(name)) continue;
        silent.delete(name);
        core.after(2_000, () => found(name));
      }
    },
  };
}

export function taint(node: Node, added: Taint): void {
  const taints = node.spec.taints ?? [];
  if (!taints.some((one) => one.key === added.key && one.effect === added.effect))
    node.spec.taints = [...taints, added];
}

export function untaint(node: Node, key: string): boolean {
  const taints = node.spec.taints ?? [];
  const left = taints.filter((one) => one.key !== key);
  if (left.length === taints.length) return false;
  if (left.length > 0) node.spec.taints = left;
  else delete node.spec.taints;
  return true;
}
