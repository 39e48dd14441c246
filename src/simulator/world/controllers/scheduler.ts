import type { Core } from '../core.ts';
import { about, type Recorder } from '../events.ts';
import { apart, untolerated, wanted } from '../placement.ts';
import { setCondition } from '../pod-object.ts';
import type { Pod } from '../shapes.ts';
import { keyOf, type NodeRecord } from '../view.ts';
import { begin } from './pod-status.ts';

/** Up to this many nodes each is looked at; beyond, a sample, as the real scheduler's percentageOfNodesToScore. */
const LOOK_AT_ALL = 64;
const SAMPLE = 16;
/** Pods nothing would take are tried again so often, or when a node changes. */
const RETRY = 5_000;
const HARD = ['NoSchedule', 'NoExecute'];

export function runScheduler(core: Core, record: Recorder): void {
  const { view, random } = core;
  const stranded = new Set<string>();
  let names: string[] = [];

  const candidates = (): NodeRecord[] => {
    if (names.length !== view.nodes.size) names = [...view.nodes.keys()];
    if (names.length <= LOOK_AT_ALL) return [...view.nodes.values()];
    const sample: NodeRecord[] = [];
    for (let i = 0; i < SAMPLE; i++) {
      const node = view.nodes.get(random.pick(names));
      if (node !== undefined) sample.push(node);
    }
    return sample;
  };

  const bind = (pod: Pod, node: string) => {
    pod.spec.nodeName = node;
    setCondition(pod.status, { type: 'PodScheduled', status: 'True', lastProbeTime: null }, core.now());
    // Where everything is in a hurry, the kubelet's first words are in the same write.
    if (core.brisk) begin(pod, view.nodes.get(node)?.ip ?? '', core.now());
    if (!core.write(pod, 'kube-scheduler', 'binding')) return;
    record(about(pod), {
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${node}`,
      component: 'default-scheduler',
    });
  };

  const schedule = (key: string) => {
    stranded.delete(key);
    const known = view.pods.get(key);
    if (known === undefined || known.node !== '' || known.deleting) return;
    const pod = core.take<Pod>('Pod', known.namespace, known.name);
    if (pod === undefined) return;
    const pinned = pinnedTo(pod);
    const nodes = pinned === undefined ? candidates() : [view.nodes.get(pinned)].filter((node) => node !== undefined);
    const best = emptiest(pod, nodes) ?? (pinned === undefined ? emptiest(pod, [...view.nodes.values()]) : undefined);
    if (best !== undefined) return bind(pod, best.name);
    stranded.add(key);
    refuse(pod, pinned === undefined ? [...view.nodes.values()] : nodes);
    core.after(RETRY, () => {
      if (stranded.has(key)) schedule(key);
    });
  };

  const refuse = (pod: Pod, nodes: readonly NodeRecord[]) => {
    const message = refusal(pod, nodes);
    core.edit<Pod>('Pod', pod.metadata.namespace ?? '', pod.metadata.name, 'kube-scheduler', 'status', (current) => {
      const condition = {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message,
        lastProbeTime: null,
      };
      return setCondition(current.status, condition, core.now()) ? undefined : false;
    });
    record(about(pod), { type: 'Warning', reason: 'FailedScheduling', message, component: 'default-scheduler' });
  };

  const ask = core.queue(50, schedule);
  core.listen((event, pod) => {
    if (pod !== undefined && event.type !== 'DELETED' && pod.node === '' && !pod.deleting) {
      if (event.type === 'ADDED') ask(keyOf(pod));
    } else if (event.resource.kind === 'Node' && stranded.size > 0) {
      for (const key of stranded) ask(key);
    }
  });
}

function fits(pod: Pod, node: NodeRecord): boolean {
  if (
    node.unschedulable &&
    !pod.spec.tolerations?.some(
      (one) => one.key === 'node.kubernetes.io/unschedulable' || (one.key === undefined && one.operator === 'Exists'),
    )
  )
    return false;
  if (node.pods.size >= node.maxPods) return false;
  if (!wanted(pod.spec, node)) return false;
  return (
    untolerated(pod.spec.tolerations ?? [], node, HARD) === undefined &&
    apart(pod.spec, pod.metadata.namespace ?? '', node)
  );
}

function emptiest(pod: Pod, nodes: readonly NodeRecord[]): NodeRecord | undefined {
  let best: NodeRecord | undefined;
  for (const node of nodes) {
    if ((best === undefined || node.pods.size < best.pods.size) && fits(pod, node)) best = node;
  }
  return best;
}

/** A DaemonSet's pod names its node by matchFields. */
function pinnedTo(pod: Pod): string | undefined {
  const terms =
    pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const term of terms) {
    const fields = (term as { matchFields?: { key: string; values?: string[] }[] }).matchFields;
    const name = fields?.find((field) => field.key === 'metadata.name')?.values?.[0];
    if (name !== undefined) return name;
  }
  return undefined;
}

/** `0/12 nodes are available: 2 node(s) had untolerated taint {node.cilium.io/agent-not-ready: true}, …` */
function refusal(pod: Pod, nodes: readonly NodeRecord[]): string {
  const reasons = new Map<string, number>();
  for (const node of nodes) {
    const taint = untolerated(pod.spec.tolerations ?? [], node, HARD);
    let reason = "node(s) didn't match Pod's node affinity/selector";
    if (node.unschedulable) reason = 'node(s) were unschedulable';
    else if (taint !== undefined) reason = `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
    else if (node.pods.size >= node.maxPods) reason = 'Too many pods';
    else if (!apart(pod.spec, pod.metadata.namespace ?? '', node))
      reason = "node(s) didn't match pod anti-affinity rules";
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const told = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodes.length} nodes are available: ${told.join(', ')}. preemption: 0/${nodes.length} nodes are available: ${nodes.length} Preemption is not helpful for scheduling.`;
}
