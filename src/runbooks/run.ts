import type { Offer } from '../actions/offer.ts';
import { messageOf, UserError } from '../errors.ts';
import type { ObjectRef } from '../model/ref.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type {
  AskStep,
  Cause,
  Confidence,
  Evidence,
  LookAsks,
  Looked,
  LookStep,
  Runbook,
  RunState,
  Step,
} from './runbook.ts';

export type StepResult = {
  id: string;
  type: Step['type'];
  title: string;
  /** A step that looked has `found` (it speaks for a cause), `against` or `nothing`. */
  result: 'found' | 'against' | 'nothing' | 'not-looked' | 'skipped' | 'told' | 'answered' | 'offered';
  evidence: readonly Evidence[];
  /** Why it was skipped, could not look or what it missed; what was answered or told; ''. */
  text: string;
  /** What an offering step offers. */
  offers: readonly Offer[];
};

export type RunbookResult = {
  id: string;
  target: ObjectRef | undefined;
  outcome: 'cause' | 'not-this' | 'unknown';
  /** The likeliest one. */
  cause: Cause | undefined;
  /** What else fits, the likeliest first. */
  others: readonly Cause[];
  steps: readonly StepResult[];
  notLookedAt: readonly { id: string; reason: string }[];
};

export type Running = {
  snapshot(): Snapshot;
  /** By the server's clock. */
  now(): number;
  asks: LookAsks;
  signal: AbortSignal;
  /** When it aborts, the time is up: whatever was not looked at by then is not looked at. */
  timeUp?: AbortSignal;
  /** Absent: nobody is at hand, and each question's `otherwise` is taken. */
  answer?(step: AskStep, state: RunState): Promise<string>;
  /** Hears that a step begins (without a result), and what came of it. */
  onStep?(step: Step, result: StepResult | undefined): void;
};

/** A step that says nothing of it may take this long. */
const defaultLimitMs = 20_000;

/**
 * Walks through the steps and says what came of it: the likeliest cause that nothing rules out; "not this" only where
 * every step that decides could look; else it is not known. `targets`: what it is about, then what else was named; none =
 * the likeliest suspect. Rejects only when `signal` aborts, and with a UserError when another cluster is watched meanwhile.
 */
export async function runRunbook(
  runbook: Runbook,
  targets: readonly ObjectRef[],
  running: Running,
): Promise<RunbookResult> {
  const steps: StepResult[] = [];
  const notLookedAt: { id: string; reason: string }[] = [];
  const found = new Map<string, Looked>();
  const answers = new Map<string, string>();
  // "Not this" would be said of something that nobody could see.
  let blind = false;

  const [named, ...others] = targets;
  const about = named ?? runbook.target?.suspects(running.snapshot(), running.now())[0];
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

  for (const step of runbook.steps) {
    stay();
    running.onStep?.(step, undefined);
    const result = await take(step);
    stay();
    steps.push(result);
    if (result.result === 'not-looked' || (step.type === 'look' && result.result !== 'skipped' && result.text !== '')) {
      notLookedAt.push({ id: step.id, reason: result.text });
      blind ||= step.type === 'look' && step.decides === true;
    }
    running.onStep?.(step, result);
  }
  const [cause, ...rest] = causesOf(found);
  const outcome = cause !== undefined ? 'cause' : blind ? 'unknown' : 'not-this';
  return { id: runbook.id, target: about, outcome, cause, others: rest, steps, notLookedAt };

  async function take(step: Step): Promise<StepResult> {
    const { id, type, title } = step;
    const base = { id, type, title, evidence: [] as readonly Evidence[], text: '', offers: [] as readonly Offer[] };
    switch (step.type) {
      case 'look':
        return { ...base, ...(await looking(step)) };
      case 'ask': {
        const answer = (await running.answer?.(step, state())) ?? step.otherwise;
        answers.set(id, answer);
        const chosen = step.choices(state()).find(({ key }) => key === answer)?.title ?? answer;
        return { ...base, result: 'answered', text: running.answer ? chosen : `nobody was asked: ${chosen}` };
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
