import { UserError } from '../errors.ts';
import type { Asks } from '../model/asks.ts';
import { windowLeft } from '../model/jobs.ts';
import type { PolicyAsks } from '../model/policies/policy-asks.ts';
import { isSameRight, type Right, rightWords } from '../model/right.ts';
import { serverTime } from '../model/server-time.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { WriteJobs } from '../model/write-jobs.ts';
import { callText } from '../model/writes.ts';
import type { Action, Plan } from './action.ts';
import { createCarryOut, type Outcome, type Step } from './carry-out.ts';
import { actions } from './index.ts';
import { kubectlLine } from './kubectl.ts';

export type { Outcome, Step } from './carry-out.ts';

/** The road out, as panes have it: nothing is sent on it that an action did not plan. */
export type Road = {
  /**
   * Why nothing can be changed now (`read-only: :write opens …`), for a key's `unless`; with an action, why this one cannot:
   * it is not done on such a cluster, or a right to it is missing.
   */
  refusal<T>(action?: Action<T>, target?: T): string | undefined;
  /** What must be typed where a key is not enough: the name of the cluster as the header shows it. */
  clusterName(): string;
  /** The cluster is one of those where every change asks for more than a key. */
  isProtected(): boolean;
  /** What the action would do. Works while the write window is closed: a plan changes nothing. */
  plan<T>(action: Action<T>, target: T, signal: AbortSignal): Promise<Plan>;
  /**
   * Does it and waits until the watch shows it, within a bound. Never rejects. Goes on whoever listens, and when the
   * window closes: what was sent cannot be called back. `onStep` hears how far it is; `stop` asks it to end between steps.
   */
  run<T>(action: Action<T>, plan: Plan, onStep: (step: Step) => void, stop?: AbortSignal): Promise<Outcome>;
  /** Asks a job that runs, or all of them, to end after the step under way. False: there is none. */
  stop(job?: number): boolean;
  /** Opens the write window; resolves with what one still may not do. Rejects with a UserError. */
  open(ms: number): Promise<readonly string[]>;
  close(): Promise<void>;
};

export type RoadOptions = {
  asks: Pick<Asks, 'object' | 'objects'> & WriteJobs;
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
  const carryOut = createCarryOut({ asks, snapshot, subscribe, seenMs });
  const now = () => serverTime(snapshot(), Date.now());

  return {
    refusal(action, target) {
      const of = snapshot();
      const refused = target === undefined ? undefined : action?.refuses?.(target, of);
      if (refused !== undefined) return refused;
      if (windowLeft(of.jobs, Date.now()) <= 0) return 'read-only: :write opens ten minutes for changes';
      const needed = (target !== undefined && action?.needs?.(target)) || action?.rights;
      return lacking(needed ?? [], of.jobs.window?.missing ?? []);
    },
    clusterName: () => nameOf(snapshot()),
    isProtected: () => isProtected(snapshot(), protectedNames),
    async plan(action, target, signal) {
      const { object, objects, rehearse, planDeployment, undoRecord } = asks;
      const world = { object, objects, rehearse, planDeployment, undoRecord, snapshot, whatIf, now };
      const plan = await action.plan(target, world, signal).catch((error: unknown) => {
        // Between the reading and the rehearsal a controller wrote its status: what is there now is planned on, once.
        if (!(error instanceof UserError) || error.kind !== 'conflict' || signal.aborted) throw error;
        return action.plan(target, world, signal);
      });
      const thenSaid = plan.then?.map((request) => ({
        call: callText(request),
        kubectl: kubectlLine(request, snapshot()),
      }));
      return { ...plan, ...(thenSaid && { thenSaid }), dangerous: plan.dangerous || action.dangerous };
    },
    run: (action, plan, onStep, stop = new AbortController().signal) => carryOut.run(action, plan, onStep, stop),
    stop: carryOut.stop,
    async open(ms) {
      const limit = AbortSignal.timeout(openMs);
      try {
        return rightWords(await asks.openWrites(ms, allRights(), limit));
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

/** Of every action, each once. */
function allRights(): readonly Right[] {
  const rights: Right[] = [];
  for (const right of actions.flatMap((action) => action.rights ?? [])) {
    if (!rights.some((one) => isSameRight(one, right))) rights.push(right);
  }
  return rights;
}

/** A right that was only asked for in one's own namespace may be there in another: the server says so when it is tried. */
function lacking(needed: readonly Right[], missing: readonly Right[]): string | undefined {
  const lacks = needed.filter(
    (right) => right.namespace !== undefined && missing.some((one) => isSameRight(one, right)),
  );
  return lacks.length === 0 ? undefined : `you may not ${rightWords(lacks).join(', nor ')}`;
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
