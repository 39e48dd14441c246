import { UserError } from '../errors.ts';
import type { Asks } from '../model/asks.ts';
import { type UndoEntry, windowLeft } from '../model/jobs.ts';
import type { RawObject } from '../model/objects/row.ts';
import type { AgreedChange } from '../model/plans/operation.ts';
import type { PolicyAsks } from '../model/policies/policy-asks.ts';
import { serverTime } from '../model/server-time.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { WriteJobs } from '../model/write-jobs.ts';
import type { WriteAnswer } from '../model/writes.ts';
import type { Action, Plan, RunWorld, Seen } from './action.ts';
import { followOperation } from './follow-operation.ts';
import { seen } from './seen.ts';

/** The road out, as panes have it: nothing is sent on it that an action did not plan. */
export type Road = {
  /** Why nothing can be changed now (`read-only: :write opens …`), for a key's `unless`. */
  refusal(): string | undefined;
  /** What must be typed where a key is not enough: the name of the cluster as the header shows it. */
  clusterName(): string;
  /** The cluster is one of those where every change asks for more than a key. */
  isProtected(): boolean;
  /** What the action would do. Works while the write window is closed: a plan changes nothing. */
  plan<T>(action: Action<T>, target: T, signal: AbortSignal): Promise<Plan>;
  /**
   * Does it and waits until the watch shows it, within a bound. Never rejects. Goes on whoever listens: what was sent
   * cannot be called back. `onStep` hears how far it is.
   */
  run<T>(action: Action<T>, plan: Plan, onStep: (step: Step) => void): Promise<Outcome>;
  /** Opens the write window; resolves with what one still may not do. Rejects with a UserError. */
  open(ms: number): Promise<readonly string[]>;
  close(): Promise<void>;
};

export type Step = { step: 'sending' | 'written'; text: string };

export type Outcome = {
  /** `written`: the server took it, the watch has not shown it yet. */
  outcome: 'verified' | 'written' | 'refused' | 'unknown';
  /** What happened and what to do, a sentence each. */
  text: string;
  hint: string;
  /** Kind of the refusal, as WriteAnswer has it; ''. */
  kind: string;
  /** What takes it back; undefined where there is nothing to take back. */
  undo: UndoEntry | undefined;
};

export type RoadOptions = {
  asks: Pick<Asks, 'object'> & WriteJobs;
  snapshot(): Snapshot;
  subscribe(listener: () => void): () => void;
  whatIf?: PolicyAsks['whatIf'];
  /** Names of contexts and clusters, `*` for anything. */
  protectedNames: readonly string[];
  /** The watch has this long to show a change, ms. */
  seenMs?: number;
  /** The server has this long to say what one may change, ms. */
  openMs?: number;
};

export function createRoad({
  asks,
  snapshot,
  subscribe,
  protectedNames,
  whatIf,
  seenMs = 15_000,
  openMs = 30_000,
}: RoadOptions): Road {
  const now = () => serverTime(snapshot(), Date.now());

  /** What the watch showed, or what was still waited for when the time was up. */
  function untilSeen(plan: Plan, left: RawObject | undefined): Promise<Seen> {
    const { epoch } = snapshot();
    return new Promise((resolve) => {
      const look = (last: boolean) => {
        const now = snapshot();
        const found: Seen =
          now.epoch === epoch ? seen(plan, left, now) : { seen: false, waits: 'another cluster is watched by now' };
        if (!found.seen && !last && now.epoch === epoch) return;
        clearTimeout(timer);
        unsubscribe();
        resolve(found);
      };
      const timer = setTimeout(() => look(true), seenMs);
      const unsubscribe = subscribe(() => look(false));
      look(false);
    });
  }

  function meanwhile(progress: (text: string) => void): Pick<RunWorld, 'snapshot' | 'until' | 'progress' | 'stop'> {
    return { snapshot, until, progress, stop: new AbortController().signal };
  }

  function until(holds: (snapshot: Snapshot) => boolean, limitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (held: boolean) => {
        clearTimeout(timer);
        unsubscribe();
        resolve(held);
      };
      const timer = setTimeout(() => end(holds(snapshot())), limitMs);
      const unsubscribe = subscribe(() => holds(snapshot()) && end(true));
      if (holds(snapshot())) end(true);
    });
  }

  async function carryOut<T>(action: Action<T>, plan: Plan, job: number, onStep: (step: Step) => void) {
    const answer: WriteAnswer = await action
      .run(plan, {
        ...meanwhile((text) => onStep({ step: 'sending', text })),
        object: asks.object,
        send: (request) => asks.sendWrite(job, request),
        operate: noOperation,
      })
      .catch((error: unknown) => brokenOff(error));
    if (answer.outcome !== 'done') return notDone(answer);
    onStep({ step: 'written', text: answer.late ? 'no answer came, but it was done' : 'the server took it' });
    const found = await untilSeen(plan, answer.object);
    if (found.seen) return { outcome: 'verified' as const, text: found.text, hint: '', kind: '' };
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
    const answer = await action
      .run(plan, {
        ...meanwhile((text) => onStep({ step: 'sending', text })),
        object: asks.object,
        send,
        operate,
      })
      .catch((error: unknown) => brokenOff(error));
    if (answer.outcome !== 'done') return { ...notDone(answer), undo: undefined };
    return { outcome: 'verified', text: 'Azure says that it is done.', hint: '', kind: '', undo: undefined };
  }

  return {
    refusal() {
      if (windowLeft(snapshot().jobs, Date.now()) > 0) return undefined;
      return 'read-only: :write opens ten minutes for changes';
    },
    clusterName: () => nameOf(snapshot()),
    isProtected: () => isProtected(snapshot(), protectedNames),
    async plan(action, target, signal) {
      const world = {
        object: asks.object,
        rehearse: asks.rehearse,
        planDeployment: asks.planDeployment,
        undoRecord: asks.undoRecord,
        snapshot,
        whatIf,
        now,
      };
      const plan = await action.plan(target, world, signal).catch((error: unknown) => {
        // Between the reading and the rehearsal a controller wrote its status: what is there now is planned on, once.
        if (!(error instanceof UserError) || error.kind !== 'conflict' || signal.aborted) throw error;
        return action.plan(target, world, signal);
      });
      return { ...plan, dangerous: plan.dangerous || action.dangerous };
    },
    async run(action, plan, onStep) {
      if (plan.deployment !== undefined) return operated(action, plan, onStep);
      let job: number;
      try {
        job = await asks.beginJob({
          action: action.id,
          title: plan.title,
          object: plan.object,
          resource: plan.request.resource,
          before: plan.before ?? null,
          verb: plan.request.verb,
          uses: plan.uses,
        });
      } catch (error) {
        const { what, hint, kind } = brokenOff(error);
        return { outcome: 'refused', text: what, hint, kind, undo: undefined };
      }
      onStep({ step: 'sending', text: 'sent to the server' });
      const ended = await carryOut(action, plan, job, onStep);
      const undo = await asks.endJob(job, ended.outcome, ended.text).catch(() => undefined);
      return { ...ended, undo };
    },
    async open(ms) {
      const limit = AbortSignal.timeout(openMs);
      try {
        return await asks.openWrites(ms, limit);
      } catch (error) {
        if (!limit.aborted) throw error;
        throw new UserError(
          `The server did not say within ${openMs / 1_000}s what you may change.`,
          ':write asks again.',
        );
      }
    },
    close: asks.closeWrites,
  };
}

const nothingSent: WriteAnswer = {
  ...{ outcome: 'refused', kind: 'closed' },
  what: 'This is not the change that was planned: nothing was sent.',
  hint: '',
};
const noOperation = () => Promise.resolve(nothingSent);

function notDone(answer: Exclude<WriteAnswer, { outcome: 'done' }>): Omit<Outcome, 'undo'> {
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
  const what = user?.what ?? (error instanceof Error ? error.message : String(error));
  return { outcome: 'unknown', what, hint: user?.hint ?? '', kind: user?.kind ?? '' };
}

function held(object: RawObject | undefined): string {
  const metadata = (object?.metadata ?? {}) as RawObject;
  if (metadata.deletionTimestamp === undefined) return '';
  return 'It is marked for deletion and waits for its finalizers.';
}

function nameOf({ cluster }: Snapshot): string {
  return cluster.clusterName || cluster.context || cluster.server;
}

function isProtected({ cluster }: Snapshot, names: readonly string[]): boolean {
  const known = [cluster.context, cluster.clusterName ?? ''].filter((name) => name !== '');
  return names.some((name) => known.some((one) => matches(one, name)));
}

/** `*` stands for anything, letters of either size are the same. */
function matches(name: string, pattern: string): boolean {
  const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 'i').test(name);
}
