import type { PodRow } from '../../model/objects/pod.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { stuckPods } from '../../model/stuck-pods.ts';

/** A pod that is not as it should be, and why, as far as anyone says. */
export type SickPod = { pod: PodRow; why: string; since: number };

export type NamespacePods = {
  all: number;
  /** `Running` 38, `ContainerCreating` 3, the most frequent first. */
  states: readonly { status: string; count: number }[];
  /** Those without a network first, then the longest sick. */
  sick: readonly SickPod[];
};

export function namespacePods(snapshot: Snapshot, namespace: string, now: number): NamespacePods {
  const pods = snapshot.tables.pods.by('namespace', namespace);
  const counts = new Map<string, number>();
  for (const { status } of pods) counts.set(status, (counts.get(status) ?? 0) + 1);
  const stuck = new Map(stuckPods(snapshot).map((one) => [one.pod.uid, one]));
  const sick = pods
    .filter((pod) => isSick(pod, now))
    .map((pod): SickPod & { rank: number } => {
      const network = stuck.get(pod.uid);
      return {
        pod,
        why: network?.words.text ?? whyOf(snapshot, pod),
        since: network?.since || pod.notReadySince || pod.scheduled || pod.created,
        rank: network === undefined ? 1 : 0,
      };
    });
  return {
    all: pods.length,
    states: [...counts].map(([status, count]) => ({ status, count })).sort((a, b) => b.count - a.count),
    sick: sick.sort((a, b) => a.rank - b.rank || a.since - b.since || (a.pod.name < b.pod.name ? -1 : 1)),
  };
}

/** A pod may take so long to end. */
const endingMs = 120_000;

/** One that ran to its end, or is just being deleted, is not ready either, and well. */
function isSick({ status, phase, deleting, readyCount, containerCount }: PodRow, now: number): boolean {
  if (phase === 'Succeeded' || status === 'Completed' || (deleting > 0 && now - deleting < endingMs)) return false;
  return status !== 'Running' || readyCount < containerCount;
}

function whyOf(snapshot: Snapshot, pod: PodRow): string {
  if (pod.unscheduled !== '') return pod.unscheduled;
  const failing = pod.containers.find(({ state, exitCode }) => state === 'waiting' || exitCode !== 0);
  const last = failing?.last;
  if (failing && last) return `${failing.name}: ${last.message || last.reason || 'ended'} exit ${last.exitCode}`;
  const told = snapshot.tables.events.by('owner', pod.uid).filter(({ type }) => type === 'Warning');
  const [newest] = told.sort((a, b) => b.last - a.last);
  if (newest) return `${newest.reason}: ${newest.message}`;
  if (failing) return [failing.name, failing.message || failing.reason].filter((part) => part !== '').join(': ');
  return pod.readyCount < pod.containerCount ? `${pod.readyCount} of ${pod.containerCount} containers ready` : '';
}
