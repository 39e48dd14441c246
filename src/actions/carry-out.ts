import { messageOf, UserError } from '../errors.ts';
import type { Asks } from '../model/asks.ts';
import type { JobOutcome, UndoEntry } from '../model/jobs.ts';
import { record } from '../model/objects/raw.ts';
import type { RawObject } from '../model/objects/row.ts';
import type { AgreedChange } from '../model/plans/operation.ts';
import { serverTime } from '../model/server-time.ts';
import type { WriteJobs } from '../model/write-jobs.ts';
import type { WriteAnswer, WriteRequest } from '../model/writes.ts';
import type { Action, Plan, RunAnswer, RunWorld, Seen } from './action.ts';
import { awaitSnapshot, type Watching } from './await-snapshot.ts';
import { changedFields } from './changed-fields.ts';
import { followOperation } from './follow-operation.ts';
import { seen } from './seen.ts';

/** `parts`: how each of many things is now, a line each, instead of what was said of them before. */
export type Step = { step: 'sending' | 'written'; text: string; parts?: readonly string[] };

export type Outcome = {
  /** `written`: the server took it, the watch has not shown it yet. */
  outcome: JobOutcome;
  /** What happened and what to do, a sentence each. */
  text: string;
  hint: string;
  /** Kind of the refusal, as WriteAnswer has it; ''. */
  kind: string;
  /** What takes it back; undefined where there is nothing to take back. */
  undo: UndoEntry | undefined;
};

export type CarryOutOptions = Watching & {
  asks: Pick<Asks, 'object'> & WriteJobs;
  /** The watch has this long to show a change whose plan says nothing else, ms. */
  seenMs: number;
};

/** Does what was planned, as one job from its beginning to what the watch shows of it. */
export type CarryOut = {
  /** Never rejects. `onStep` hears how far it is; `stop` asks it to send nothing more. */
  run<T>(action: Action<T>, plan: Plan, onStep: (step: Step) => void, stop: AbortSignal): Promise<Outcome>;
  /** Asks a running job, or all of them, to send nothing more. False: none of that number is running here. */
  stop(job?: number): boolean;
};

export function createCarryOut({ asks, snapshot, subscribe, seenMs }: CarryOutOptions): CarryOut {
  const watching = { snapshot, subscribe };
  const running = new Map<number, AbortController>();

  function worldOf(stop: AbortSignal, onStep: (step: Step) => void): Omit<RunWorld, 'send' | 'operate'> {
    return {
      object: asks.object,
      snapshot,
      stop,
      until: (holds, limitMs) =>
        awaitSnapshot(
          watching,
          (now) => holds(now) || undefined,
          () => false,
          limitMs,
          stop,
        ),
      progress: (text, parts) => onStep({ step: 'sending', text, ...(parts && { parts }) }),
    };
  }

  /** What the watch showed, or what was still waited for when the time was up. */
  function untilSeen(plan: Plan, left: RawObject | undefined, onStep: (step: Step) => void, stop: AbortSignal) {
    const { epoch } = snapshot();
    let waits = '';
    const look = (): Seen => {
      const now = snapshot();
      if (now.epoch !== epoch) return { seen: false, waits: 'another cluster is watched by now' };
      return plan.done?.(now, serverTime(now, Date.now())) ?? seen(plan, left, now);
    };
    const told = () => {
      const found = look();
      if (found.seen || found.vain !== undefined) return found;
      // Long waits are told; the usual one is over before it can be read.
      if (plan.doneMs !== undefined && found.waits !== waits) onStep({ step: 'written', text: found.waits });
      waits = found.waits;
      return undefined;
    };
    // The usual wait is short, and worth its answer even to whoever wants to leave.
    const wait = plan.doneMs === undefined ? new AbortController().signal : stop;
    return awaitSnapshot<Seen>(watching, told, look, plan.doneMs ?? seenMs, wait);
  }

  async function done<T>(action: Action<T>, plan: Plan, job: number, onStep: (step: Step) => void, stop: AbortSignal) {
    const send = (request: WriteRequest) => asks.sendWrite(job, request);
    const world = { ...worldOf(stop, onStep), send, operate: noOperation };
    const answer = await action.run(plan, world).catch((error: unknown) => brokenOff(error));
    if (answer.outcome !== 'done') return notDone(answer);
    onStep({ step: 'written', text: answer.late ? 'no answer came, but it was done' : 'the server took it' });
    const found = await untilSeen(plan, answer.object, onStep, stop);
    if (found.seen) return { outcome: 'verified' as const, text: found.text, hint: '', kind: '' };
    if (found.vain !== undefined) return { outcome: 'partly' as const, ...found.vain, kind: '' };
    return {
      outcome: 'written' as const,
      text: `Written, not yet seen: ${found.waits}.`,
      hint: held(answer.object) || 'The watch goes on; what comes of it shows by itself.',
      kind: '',
    };
  }

  /** ARM's own gate, record and audit are behind `operate`; no watch shows a managed cluster. */
  async function operated<T>(action: Action<T>, plan: Plan, onStep: (step: Step) => void): Promise<Outcome> {
    const send = () => Promise.resolve<WriteAnswer>(nothingSent);
    const operate = (change: AgreedChange) =>
      followOperation(asks.operate(change, new AbortController().signal), (text) => onStep({ step: 'sending', text }));
    const world = { ...worldOf(new AbortController().signal, onStep), send, operate };
    const answer = await action.run(plan, world).catch((error: unknown) => brokenOff(error));
    if (answer.outcome !== 'done') return { ...notDone(answer), undo: undefined };
    return { outcome: 'verified', text: 'Azure says that it is done.', hint: '', kind: '', undo: undefined };
  }

  return {
    async run(action, plan, onStep, stop) {
      if (plan.deployment !== undefined) return operated(action, plan, onStep);
      let job: number;
      try {
        job = await asks.beginJob({
          action: action.id,
          title: plan.title,
          object: plan.object,
          requests: [plan.request, ...(plan.then ?? [])],
          before: plan.before ?? null,
          noUndo: plan.noUndo === true,
          difference: changedFields(plan.before, plan.after, plan.difference),
          uses: plan.uses,
        });
      } catch (error) {
        const { what, hint, kind } = brokenOff(error);
        return { outcome: 'refused', text: what, hint, kind, undo: undefined };
      }
      const stopper = new AbortController();
      running.set(job, stopper);
      const either = AbortSignal.any([stop, stopper.signal]);
      const tellHeader = headerOf(job, either);
      onStep({ step: 'sending', text: 'sent to the server' });
      const told = (step: Step) => {
        onStep(step);
        tellHeader(step.text);
      };
      const ended = await done(action, plan, job, told, either);
      running.delete(job);
      const undo = await asks.endJob(job, ended.outcome, ended.text).catch(() => undefined);
      return { ...ended, undo };
    },
    stop(job) {
      const asked = job === undefined ? [...running.values()] : [running.get(job)].filter((one) => one !== undefined);
      for (const one of asked) one.abort();
      return asked.length > 0;
    },
  };

  /** Every pane sees how far a job is, and that it was asked to stop. */
  function headerOf(job: number, stop: AbortSignal): (text: string) => void {
    let last = '';
    const tell = (text: string) => {
      last = text;
      void asks.tellJob(job, text, stop.aborted).catch(() => {});
    };
    stop.addEventListener('abort', () => running.has(job) && tell(last), { once: true });
    return (text) => text !== last && tell(text);
  }
}

const nothingSent: WriteAnswer = {
  ...{ outcome: 'refused', kind: 'closed' },
  what: 'This is not the change that was planned: nothing was sent.',
  hint: '',
};
const noOperation = () => Promise.resolve(nothingSent);

function notDone(answer: Exclude<RunAnswer, { outcome: 'done' }>): Omit<Outcome, 'undo'> {
  return {
    outcome: answer.outcome,
    text: answer.what,
    hint: answer.hint,
    kind: answer.outcome === 'refused' ? answer.kind : '',
  };
}

/** Something threw that should not have: whether anything was sent is not known then, unless it says so. */
function brokenOff(error: unknown): Extract<WriteAnswer, { outcome: 'unknown' }> & { kind: string } {
  const user = error instanceof UserError ? error : undefined;
  const what = user?.what ?? messageOf(error);
  return { outcome: 'unknown', what, hint: user?.hint ?? '', kind: user?.kind ?? '' };
}

function held(object: RawObject | undefined): string {
  const { deletionTimestamp, finalizers } = record(object?.metadata);
  // A pod that is given its time to end has a date as well, and waits for nobody.
  if (deletionTimestamp === undefined || !Array.isArray(finalizers) || finalizers.length === 0) return '';
  return 'It is marked for deletion and waits for its finalizers.';
}
