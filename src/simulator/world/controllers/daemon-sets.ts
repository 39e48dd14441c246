import type { Core } from '../core.ts';
import type { Recorder } from '../events.ts';
import { untolerated, wanted } from '../placement.ts';
import { templateHash } from '../random.ts';
import type { DaemonSet } from '../shapes.ts';
import type { NodeRecord, PodRecord } from '../view.ts';
import { alive, currentRevision, end, share, spawn, writeStatus } from './rollout.ts';

/** What the controller adds to every pod's tolerations besides the template's. */
const ADDED = [
  'not-ready',
  'unreachable',
  'disk-pressure',
  'memory-pressure',
  'pid-pressure',
  'unschedulable',
  'network-unavailable',
].map((key) => ({ key: `node.kubernetes.io/${key}`, operator: 'Exists' }));

/** One pod on each node that the template wants; a changed template rolls by maxUnavailable. */
export function runDaemonSets(core: Core, record: Recorder): { kick(): void } {
  const { view } = core;
  const sets = new Map<string, { namespace: string; name: string }>();

  const reconcile = (uid: string) => {
    const at = sets.get(uid);
    const set = at && core.get<DaemonSet>('DaemonSet', at.namespace, at.name);
    if (set === undefined || set.metadata.uid !== uid || set.metadata.deletionTimestamp !== undefined) return;
    const { spec } = set;
    const hash = templateHash(spec.template);
    currentRevision(core, set, hash, spec.template, spec.selector.matchLabels ?? {});

    const pods = new Map<string, PodRecord[]>();
    for (const pod of view.ownedPods(uid)) {
      const node = pod.node === '' ? (pinned(core, pod) ?? '') : pod.node;
      pods.set(node, [...(pods.get(node) ?? []), pod]);
    }
    const count = { desired: 0, current: 0, updated: 0, ready: 0, available: 0, misscheduled: 0 };
    const old: PodRecord[] = [];
    const grace = (spec.minReadySeconds ?? 0) * 1000;
    let next = 0;
    for (const node of view.nodes.values()) {
      const here = pods.get(node.name) ?? [];
      const living = alive(here);
      if (!belongs(set, node)) {
        for (const pod of living) remove(set, pod);
        count.misscheduled += living.length;
        continue;
      }
      count.desired++;
      if (here.length === 0) {
        spawn(
          core,
          set,
          spec.template,
          { 'controller-revision-hash': hash, 'pod-template-generation': generation(set) },
          undefined,
          node.name,
        );
        continue;
      }
      const pod = living[0];
      if (pod === undefined) continue;
      for (const extra of living.slice(1)) remove(set, extra);
      count.current++;
      if (pod.ready) count.ready++;
      const since = core.now() - pod.readySince;
      if (pod.ready && since >= grace) count.available++;
      else if (pod.ready) next = Math.max(1_000, grace - since);
      if (pod.set.labels['controller-revision-hash'] === hash) count.updated++;
      else old.push(pod);
    }
    if (old.length > 0 && spec.updateStrategy?.type !== 'OnDelete') roll(set, old, count.desired, count.available);
    if (next > 0) core.after(next, () => ask(uid));
    write(set, count);
  };

  const roll = (set: DaemonSet, old: PodRecord[], desired: number, available: number) => {
    const most = Math.max(1, share(set.spec.updateStrategy?.rollingUpdate?.maxUnavailable, desired, Math.ceil, 1));
    // Pods that are down anyway cost nothing to replace.
    for (const pod of old) if (!pod.ready) remove(set, pod);
    let room = most - (desired - available);
    for (const pod of old.filter((one) => one.ready).sort((a, b) => (a.node < b.node ? -1 : 1))) {
      if (room-- <= 0) return;
      remove(set, pod);
    }
  };

  const remove = (set: DaemonSet, pod: PodRecord) => {
    end(core, pod);
    record(
      {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        namespace: pod.namespace,
        name: set.metadata.name,
        uid: set.metadata.uid ?? '',
      },
      {
        type: 'Normal',
        reason: 'SuccessfulDelete',
        message: `Deleted pod: ${pod.name}`,
        component: 'daemonset-controller',
      },
    );
  };

  const write = (set: DaemonSet, count: { [key: string]: number }) => {
    const { desired = 0, current = 0, updated = 0, ready = 0, available = 0, misscheduled = 0 } = count;
    const status = {
      currentNumberScheduled: current,
      numberMisscheduled: misscheduled,
      desiredNumberScheduled: desired,
      numberReady: ready,
      observedGeneration: set.metadata.generation ?? 1,
      updatedNumberScheduled: updated,
      ...(available > 0 ? { numberAvailable: available } : {}),
      ...(desired > available ? { numberUnavailable: desired - available } : {}),
    };
    writeStatus(core, set, status);
  };

  const ask = core.queue(200, reconcile);
  const kick = () => {
    for (const uid of sets.keys()) ask(uid);
  };
  core.listen((event, pod) => {
    const { kind } = event.resource;
    if (kind === 'DaemonSet') {
      const uid = event.object.metadata.uid ?? '';
      if (event.type === 'DELETED') sets.delete(uid);
      else sets.set(uid, { namespace: event.object.metadata.namespace ?? '', name: event.object.metadata.name });
      ask(uid);
    } else if (pod !== undefined) {
      if (pod.ownerKind === 'DaemonSet') ask(pod.ownerUid);
    } else if (kind === 'Node') kick();
  });
  for (const set of core.list('DaemonSet')) {
    sets.set(set.metadata.uid ?? '', { namespace: set.metadata.namespace ?? '', name: set.metadata.name });
  }
  return { kick };
}

function belongs(set: DaemonSet, node: NodeRecord): boolean {
  const { spec } = set.spec.template;
  if (!wanted(spec, node)) return false;
  const tolerations = [...(spec.tolerations ?? []), ...ADDED];
  return untolerated(tolerations, node, ['NoSchedule', 'NoExecute']) === undefined;
}

function generation(set: DaemonSet): string {
  return String(set.metadata.generation ?? 1);
}

/** Where an unscheduled pod is meant to go. */
function pinned(core: Core, pod: PodRecord): string | undefined {
  const text = JSON.stringify(core.get('Pod', pod.namespace, pod.name)?.['spec'] ?? {});
  return /"matchFields":\[\{"key":"metadata\.name","operator":"In","values":\["([^"]+)"/.exec(text)?.[1];
}
