import { count, list, owner, record, text } from '../model/objects/raw.ts';

/** A pod that has to leave a node. */
export type LeavingPod = {
  namespace: string;
  name: string;
  uid: string;
  labels: Readonly<Record<string, unknown>>;
  /** `ReplicaSet web-7d9f`; '' = nobody makes it anew. */
  owner: string;
  /** Names of volumes whose contents go with the pod. */
  emptyDirs: readonly string[];
  /** How long it may take to end, s. */
  graceSeconds: number;
};

/** The pods of a node, by what a drain does with them. */
export type NodePods = {
  leaving: readonly LeavingPod[];
  /** Asked to end by somebody before. */
  ending: number;
  /** Left alone: a DaemonSet would put them back, the node runs them by itself, or they have ended. */
  daemonSets: number;
  mirrors: number;
  finished: number;
};

/** `raw`: all pods of the node, as the server has them. */
export function podsToLeave(raw: readonly unknown[]): NodePods {
  const pods = raw.map((one) => ({ kind: kindOf(one), pod: leavingPod(one) }));
  const number = (kind: Fate) => pods.filter((one) => one.kind === kind).length;
  return {
    leaving: pods.flatMap(({ kind, pod }) => (kind === 'leaving' ? [pod] : [])),
    ending: number('ending'),
    daemonSets: number('daemonSet'),
    mirrors: number('mirror'),
    finished: number('finished'),
  };
}

type Fate = 'leaving' | 'ending' | 'daemonSet' | 'mirror' | 'finished';

function kindOf(raw: unknown): Fate {
  const { metadata, status } = record(raw);
  const { annotations, deletionTimestamp } = record(metadata);
  if (record(annotations)['kubernetes.io/config.mirror'] !== undefined) return 'mirror';
  if (controllerOf(raw).kind === 'DaemonSet') return 'daemonSet';
  if (['Succeeded', 'Failed'].includes(String(record(status).phase))) return 'finished';
  return deletionTimestamp === undefined ? 'leaving' : 'ending';
}

function leavingPod(raw: unknown): LeavingPod {
  const { metadata, spec } = record(raw);
  const { namespace, name, uid, labels } = record(metadata);
  const { volumes, terminationGracePeriodSeconds } = record(spec);
  const controller = controllerOf(raw);
  return {
    namespace: text(namespace),
    name: text(name),
    uid: text(uid),
    labels: record(labels),
    owner: controller.name === '' ? '' : `${controller.kind} ${controller.name}`,
    emptyDirs: list(volumes)
      .map(record)
      .filter((volume) => volume.emptyDir !== undefined)
      .map((volume) => text(volume.name)),
    graceSeconds: terminationGracePeriodSeconds === undefined ? 30 : count(terminationGracePeriodSeconds),
  };
}

/** Who would make it anew: an owner that is no controller does not. */
function controllerOf(raw: unknown): { kind: string; name: string } {
  const metadata = record(record(raw).metadata);
  const controls = list(metadata.ownerReferences).some((one) => record(one).controller === true);
  return controls ? owner(metadata) : { kind: '', name: '' };
}
