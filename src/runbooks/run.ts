import { age } from '../checks/words.ts';
import { messageOf, UserError } from '../errors.ts';
import type { ObjectRef } from '../model/ref.ts';
import type { Confidence, Evidence, Offer, RunbookNews, StepResult } from '../model/runbook-result.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { staleLink } from '../model/stale-link.ts';
import type { Cause, LookAsks, Looked, LookStep, Runbook, RunState, Step } from './runbook.ts';

export type Running = {
  snapshot(): Snapshot;
  /** By the server's clock. */
  now(): number;
  asks: LookAsks;
  signal: AbortSignal;
  /** When it aborts, the time is up: whatever was not looked at by then is not looked at. */
  timeUp?: AbortSignal;
};

/** A step that says nothing of it may take this long. */
const defaultLimitMs = 20_000;

/**
 * Walks through the steps and tells each, then what came of it: the likeliest cause that nothing rules out; "not this" only
 * where every step that decides could look; else it is not known. Where nothing of now is heard, no cause is more than
 * likely. `targets`: what it is about, then what else was named; none = the likeliest suspect. Whoever answers a question
 * sends the key with the next pull. Throws only when `signal` aborts, and a UserError when another cluster is watched
 * meanwhile.
 */
export async function* runRunbook(
  runbook: Runbook,
  targets: readonly ObjectRef[],
  running: Running,
): AsyncGenerator<RunbookNews, void, string | undefined> {
  const steps: StepResult[] = [];
  const notLookedAt: { id: string; reason: string }[] = [];
  const found = new Map<string, Looked>();
  const answers = new Map<string, string>();
  // "Not this" would be said of something that nobody could see.
  let blind = false;

  const [named, ...others] = targets;
  const suspects = runbook.target?.suspects(running.snapshot(), running.now()) ?? [];
  const about = named ?? suspects[0];
  const state = (): RunState => ({
    ...{ snapshot: running.snapshot(), now: running.now(), target: about, others },
    ...{ found, answers, cause: causesOf(found)[0] },
  });

  // What is true of one cluster is no evidence of another.
  const { epoch } = running.snapshot();
  const stay = () => {
    running.signal.throwIfAborted();
    if (running.snapshot().epoch !== epoch)
      throw new UserError('Another cluster is watched by now: what was found is of the one before.', 'Run it again.');
  };

  yield { type: 'about', target: about, suspects: suspects.slice(0, mostSuspects) };
  for (const step of runbook.steps) {
    stay();
    yield { type: 'begins', step: step.id, title: step.title };
    const result = yield* take(step);
    stay();
    steps.push(result);
    if (result.result === 'not-looked' || (step.type === 'look' && result.result !== 'skipped' && result.text !== '')) {
      notLookedAt.push({ id: step.id, reason: result.text });
      blind ||= step.type === 'look' && step.decides === true;
    }
    yield { type: 'step', result };
  }
  const late = staleLink(running.snapshot().links);
  if (late !== undefined) {
    const old = `what is known of the cluster is ${age(running.now() - late.heard)} old`;
    notLookedAt.push({ id: 'now', reason: late.problem ? `${old}: ${late.problem}` : old });
    blind = true;
  }
  const [cause, ...rest] = causesOf(found).map(
    (one): Cause => (late !== undefined && one.confidence === 'certain' ? { ...one, confidence: 'likely' } : one),
  );
  const outcome = cause !== undefined ? 'cause' : blind ? 'unknown' : 'not-this';
  const result = { id: runbook.id, target: about, outcome, cause, others: rest, steps, notLookedAt } as const;
  yield { type: 'ended', result };

  async function* take(step: Step): AsyncGenerator<RunbookNews, StepResult, string | undefined> {
    const { id, type, title } = step;
    const base = { id, type, title, evidence: [] as readonly Evidence[], text: '', offers: [] as readonly Offer[] };
    switch (step.type) {
      case 'look':
        return { ...base, ...(await looking(step)) };
      case 'ask': {
        const choices = step.choices(state());
        const said = yield { type: 'asks', title, choices };
        const answer = said ?? step.otherwise;
        answers.set(id, answer);
        const chosen = choices.find(({ key }) => key === answer)?.title ?? answer;
        return { ...base, result: 'answered', text: said === undefined ? `nobody was asked: ${chosen}` : chosen };
      }
      case 'tell':
        return { ...base, result: 'told', text: step.text(state()).join('\n') };
      case 'offer': {
        const offers = step.offers(state());
        return {
          ...base,
          result: offers.length > 0 ? 'offered' : 'skipped',
          text: offers.length === 0 ? 'nothing here' : offers.map((one) => one.title).join('\n'),
          offers,
        };
      }
    }
  }

  async function looking(step: LookStep): Promise<Pick<StepResult, 'result' | 'evidence' | 'text'>> {
    const skipped = step.skip?.(state()) ?? '';
    if (skipped !== '') return { result: 'skipped', evidence: [], text: skipped };
    const limitMs = step.limitMs ?? defaultLimitMs;
    const limit = AbortSignal.any([AbortSignal.timeout(limitMs), ...(running.timeUp ? [running.timeUp] : [])]);
    try {
      const signal = AbortSignal.any([running.signal, limit]);
      const looked = await within(step.look(state(), running.asks, signal), signal);
      found.set(step.id, looked);
      const speaks = (which: Evidence['speaks']) => looked.evidence.some((one) => one.speaks === which);
      const result = speaks('for') ? 'found' : speaks('against') ? 'against' : 'nothing';
      return { result, evidence: looked.evidence, text: looked.missed ?? '' };
    } catch (error) {
      if (running.signal.aborted) throw error;
      const words = error instanceof UserError ? error.what : messageOf(error);
      const late = running.timeUp?.aborted ? 'the time was up' : `no answer within ${limitMs / 1_000}s`;
      const text = limit.aborted ? late : words;
      return { result: 'not-looked', evidence: [], text };
    }
  }
}

/** As many as one reads; who wants them all looks at the finding. */
const mostSuspects = 200;

/** What does not listen to the signal is not waited for. */
async function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, stopped.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

const rank: Readonly<Record<Confidence, number>> = { certain: 0, likely: 1, possible: 2 };

/** The likeliest first; of one id the most certain; without what a step rules out. */
function causesOf(found: ReadonlyMap<string, Looked>): readonly Cause[] {
  const ruledOut = new Set([...found.values()].flatMap((looked) => looked.ruledOut ?? []));
  const byId = new Map<string, Cause>();
  for (const cause of [...found.values()].flatMap((looked) => looked.causes ?? [])) {
    const known = byId.get(cause.id);
    if (known === undefined || rank[cause.confidence] < rank[known.confidence]) byId.set(cause.id, cause);
  }
  return [...byId.values()]
    .filter(({ id }) => !ruledOut.has(id))
    .sort((a, b) => rank[a.confidence] - rank[b.confidence]);
}
