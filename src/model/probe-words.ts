import type { PodRow } from './objects/pod.ts';
import type { Snapshot } from './snapshot.ts';

/** What the kubelet last said of a pod's probe: `Readiness probe failed: HTTP probe failed with statuscode: 503`. */
export type ProbeWords = {
  message: string;
  /** The same without what `not ready` says already. */
  words: string;
  count: number;
  last: number;
};

/** The kubelet's condition turns seconds after the first failure that it tells. */
const beforeMs = 60_000;

/** The newest failure since it is not ready; undefined where the events tell none (they are kept for an hour). */
export function probeWords(snapshot: Snapshot, { uid, notReadySince, created }: PodRow): ProbeWords | undefined {
  const since = (notReadySince || created) - beforeMs;
  const told = snapshot.tables.events
    .by('owner', uid)
    .filter(({ reason, message, last }) => reason === 'Unhealthy' && message !== '' && last >= since);
  const [newest] = told.toSorted((a, b) => b.last - a.last);
  if (newest === undefined) return undefined;
  const { message, count, last } = newest;
  return { message, words: message.replace(/^Readiness probe failed: /, ''), count, last };
}
