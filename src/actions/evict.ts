import { record } from '../model/objects/raw.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { wouldBeSeen } from '../model/would-be-seen.ts';
import type { WriteAnswer, WriteRequest } from '../model/writes.ts';
import type { RunWorld } from './action.ts';
import { podName } from './drain-budgets.ts';
import { readLive, uidOf } from './live-object.ts';

/** Before it is asked again for what had to wait, ms: soon at first, then at kubectl's pace. */
const pauses = [1_000, 2_000, 3_000, 5_000];
/** Nothing could be evicted for so long: it is given up, ms. */
export const patienceMs = 10 * 60_000;
/** The server has this long to say what is there, ms. */
const readMs = 10_000;

export type Evicted = {
  /** How many have left or are leaving. */
  done: number;
  of: number;
  /** Why it ended: nothing is left to be asked for, somebody stopped it, or nothing went on any more. */
  ended: 'asked' | 'stopped' | 'late';
  /** What stayed, each with its reason. */
  stayed: readonly string[];
  /** Of one of those nobody knows whether it stays. */
  inDoubt: boolean;
};

type Pod = {
  request: WriteRequest;
  /** `waits` is asked again; `failed` and `unknown` are not. */
  state: 'open' | 'evicted' | 'waits' | 'failed' | 'unknown';
  why: string;
};

/**
 * Asks for each pod to go, within its disruption budgets: a pod whose budget is in the way is asked for again while the
 * others go. Then waits until they have gone, for `endMs`. Never rejects.
 */
export async function evict(requests: readonly WriteRequest[], world: RunWorld, endMs: number): Promise<Evicted> {
  const pods = requests.map((request): Pod => ({ request, state: 'open', why: '' }));
  const left = () => pods.filter(({ state }) => state === 'open' || state === 'waits');
  const tell = teller(pods, world);
  let moved = performance.now();
  let ended: Evicted['ended'] = 'asked';

  for (let round = 0; left().length > 0; round += 1) {
    let pause = pauses[Math.min(round, pauses.length - 1)] ?? 0;
    for (const pod of left()) {
      if (world.stop.aborted) break;
      const answer = await world.send(pod.request);
      const { state, why } = await stateOf(answer, pod.request, world);
      Object.assign(pod, { state, why });
      if (state === 'evicted') moved = performance.now();
      tell(world.snapshot());
      // The server is overloaded: it is not asked for the next pod either.
      const wanted = answer.outcome === 'refused' ? (answer.retryAfterMs ?? 0) : 0;
      pause = Math.max(pause, wanted);
      if (wanted > 0) break;
    }
    if (left().length === 0) break;
    if (world.stop.aborted || performance.now() - moved > patienceMs) {
      ended = world.stop.aborted ? 'stopped' : 'late';
      break;
    }
    await world.until((now) => tell(now) ?? false, pause);
  }
  await world.until((now) => {
    tell(now);
    return pods.every((pod) => pod.state !== 'evicted' || isGone(now, pod.request));
  }, endMs);
  return {
    done: pods.filter(({ state, request }) => state === 'evicted' || isGone(world.snapshot(), request)).length,
    of: pods.length,
    ended,
    inDoubt: pods.some(({ state, request }) => state === 'unknown' && !isGone(world.snapshot(), request)),
    stayed: pods
      .filter(({ state, request }) => state !== 'evicted' && !isGone(world.snapshot(), request))
      .map(({ request, why }) => (why === '' ? podName(request) : `${podName(request)}: ${why}`)),
  };
}

/** The pod that was looked at is not there any more; a namesake is another one. */
export function isGone(snapshot: Snapshot, { namespace, name, preconditions }: WriteRequest): boolean {
  const row = snapshot.tables.pods.named(namespace, name);
  return row === undefined ? wouldBeSeen(snapshot, 'pods', namespace) : row.uid !== preconditions.uid;
}

async function stateOf(
  answer: WriteAnswer,
  request: WriteRequest,
  world: RunWorld,
): Promise<Pick<Pod, 'state' | 'why'>> {
  if (answer.outcome === 'done') return { state: 'evicted', why: '' };
  const why = [answer.what, answer.hint].filter((part) => part !== '').join(' ');
  if (answer.outcome === 'unknown') return { state: 'unknown', why };
  switch (answer.kind) {
    case 'missing':
      return { state: 'evicted', why: '' };
    case 'conflict':
      return (await isLeaving(request, world)) ? { state: 'evicted', why: '' } : { state: 'waits', why };
    case 'budget':
      return { state: 'waits', why: budgetWhy(answer.hint) || answer.what };
    case 'throttled':
    case 'unreachable':
    case 'unauthorized':
      return { state: 'waits', why };
    case 'lost':
      // What it advises a person, to look before trying again, is done here.
      return { state: 'waits', why: answer.what };
    default:
      return { state: 'failed', why };
  }
}

/**
 * A 409 most often says that another pod has the name by now, but somebody else's write at the same moment is answered
 * so, too: only the pod itself tells. One that cannot be read is asked again.
 */
async function isLeaving(
  { resource, namespace, name, preconditions }: WriteRequest,
  world: RunWorld,
): Promise<boolean> {
  try {
    const now = await readLive(world, { resource, namespace, name }, AbortSignal.timeout(readMs));
    if (now === undefined || uidOf(now) !== preconditions.uid) return true;
    return record(now.metadata)['deletionTimestamp'] !== undefined;
  } catch {
    return false;
  }
}

/** `its budget db needs 3 healthy and has 3`, where the server says so in its own words. */
function budgetWhy(said: string): string {
  const [, name, needs, has] = /budget (\S+) needs (\d+) healthy pods and has (\d+)/.exec(said) ?? [];
  return name === undefined ? said : `its budget ${name} needs ${needs} healthy and has ${has}`;
}

/** Says how far it is where that has changed. */
function teller(pods: readonly Pod[], world: RunWorld): (snapshot: Snapshot) => undefined {
  let last = '';
  return (snapshot) => {
    const parts = pods.map((pod) => `${podName(pod.request)}  ${wordOf(pod, snapshot)}`);
    const evicted = pods.filter(({ state }) => state === 'evicted').length;
    const waiting = pods.filter(({ state }) => state === 'waits');
    const [first] = waiting;
    const waits = first === undefined ? '' : `, ${podName(first.request)} waits: ${first.why}`;
    const more = waiting.length > 1 ? ` (and ${waiting.length - 1} more)` : '';
    const text = `${evicted} of ${pods.length} pods evicted${waits}${more}`;
    const now = [text, ...parts].join('\n');
    if (now === last) return undefined;
    last = now;
    world.progress(text, parts);
    return undefined;
  };
}

function wordOf({ state, why, request }: Pod, snapshot: Snapshot): string {
  if (isGone(snapshot, request)) return 'gone';
  switch (state) {
    case 'open':
      return 'not asked yet';
    case 'evicted':
      return 'ending';
    case 'waits':
      return `waits: ${why}`;
    case 'failed':
      return `stays: ${why}`;
    case 'unknown':
      return `not known: ${why}`;
  }
}
