import type { AzureConfig } from '../../config.ts';
import { messageOf } from '../../errors.ts';
import type { DiagnosticSetting, Workspace } from '../../model/azure/azure-facts.ts';
import type { ManagedCluster } from '../../model/azure/managed-cluster.ts';
import type { FactChange } from '../../model/change.ts';
import type { Link } from '../../model/link.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { pause } from '../kubernetes/waiting.ts';
import { type ArmFact, type ArmFactId, type ArmPlace, armFacts } from './arm-facts.ts';
import type { AzureConnection } from './azure-connection.ts';
import { AzureProblem } from './azure-problem.ts';
import { type ClusterTraces, findCluster, leadsToAzure } from './find-cluster.ts';

/** ARM's view of the cluster that is watched, asked for as long as it is. */
export type ArmWatch = {
  run(): Promise<void>;
  /** Asks everything again now; resolves when all of it has been answered or refused, rejects when nothing can be asked. */
  refresh(): Promise<void>;
  /** The sign-in has failed: what is shown is from before, and says so at once. */
  signInFailed(problem: string): void;
  /** While nobody looks nothing is asked. */
  rest(resting: boolean): void;
  /** As last read. */
  workspace(): Workspace | undefined;
};

export type ArmWatchOptions = {
  azure: AzureConnection;
  config: AzureConfig;
  /** `complete`: there is no more to come of it. */
  traces(): ClusterTraces & { complete: boolean };
  tell(change: FactChange): void;
  /** The server's clock. */
  now(): number;
  signal: AbortSignal;
};

/** The traces are looked at this often, and no longer waited for than that. */
const tracesEveryMs = 250;
const tracesMs = 15_000;
/** After a search that found nothing, and while nobody is signed in: the Azure CLI takes a second of processor time to say so. */
const closedMs = 5 * 60_000;
/** Nothing is waited for longer than this. */
const longestMs = 10 * 60_000;
/** Rights do not change by themselves, and nobody waits for what is not there. */
const refusedMs = 10 * 60_000;
const firstRetryMs = 10_000;

type State = { due: number; running: boolean; settled: boolean; failures: number; link: Link; hasValue: boolean };

export function createArmWatch({ azure, config, traces, tell, now, signal }: ArmWatchOptions): ArmWatch {
  const states = new Map<ArmFactId, State>(armFacts.map(({ id }) => [id, freshState()]));
  let cluster: ManagedCluster | undefined;
  let workspace: Workspace | undefined;
  let diagnostics: readonly DiagnosticSetting[] | undefined;
  let clusterId = '';
  let woken = Promise.withResolvers<void>();
  let refreshing: { left: Set<ArmFactId>; done: PromiseWithResolvers<void> } | undefined;
  let resting = false;

  const stateOf = (id: ArmFactId) => states.get(id) as State;
  const place = (): ArmPlace => ({
    ...{ azure, clusterId, wantedWorkspace: config.workspace },
    cluster: () => cluster,
    workspace: () => workspace,
    diagnostics: () => diagnostics,
  });

  function say(id: ArmFactId, link: Link, more: { value?: unknown; void?: true } = {}): void {
    if (signal.aborted) return;
    stateOf(id).link = link;
    tell({ type: 'fact', fact: id, link, at: now(), ...more } as FactChange);
  }

  function wake(): void {
    woken.resolve();
  }

  async function sleep(ms: number): Promise<void> {
    const stop = new AbortController();
    await Promise.race([woken.promise, pause(ms, AbortSignal.any([signal, stop.signal]))]);
    stop.abort();
    woken = Promise.withResolvers();
  }

  /** Nodes say where they are, and come with the first lists: nothing of Azure is loaded before. */
  async function isInAzure(): Promise<boolean> {
    const until = performance.now() + tracesMs;
    while (!signal.aborted && !traces().complete && performance.now() < until) await pause(tracesEveryMs, signal);
    return leadsToAzure(config, traces());
  }

  /** Somebody is signed in, and it is known which cluster this is. */
  async function open(): Promise<void> {
    if (!(await isInAzure())) throw notInAzure();
    await azure.credential.getToken(azure.cloud.armScope, { abortSignal: signal });
    if (clusterId === '') clusterId = await findCluster(azure.arm, config, traces(), signal);
  }

  function close(problem: AzureProblem): void {
    for (const { id } of armFacts) failed(id, problem, closedMs);
    refreshing?.done.reject(problem);
    refreshing = undefined;
  }

  /** Nothing is asked any more on the strength of what may no longer be read, or is not there. */
  function forget(id: ArmFactId): void {
    stateOf(id).hasValue = false;
    if (id === 'workspace') workspace = undefined;
    if (id === 'armDiagnostics') diagnostics = undefined;
  }

  function failed(id: ArmFactId, problem: AzureProblem, waitMs: number): void {
    const state = stateOf(id);
    const isGone = problem.kind === 'forbidden' || problem.kind === 'missing';
    if (isGone) forget(id);
    const phase = isGone ? (problem.kind as 'forbidden' | 'missing') : state.hasValue ? 'stale' : 'failed';
    const link: Link = { phase, heard: state.link.heard, problem: problem.message, retryAt: now() + waitMs };
    say(id, link, isGone ? { void: true } : {});
  }

  async function askOne(fact: ArmFact): Promise<void> {
    const state = stateOf(fact.id);
    Object.assign(state, { running: true, due: Number.POSITIVE_INFINITY });
    // Whoever wants it anew while it is being asked means what is true from then on.
    const dueIn = (ms: number) => {
      if (state.due > 0) state.due = performance.now() + ms;
    };
    if (state.link.phase === 'connecting') say(fact.id, state.link);
    try {
      const value = await fact.ask(place(), signal);
      if (fact.id === 'arm') cluster = value as ManagedCluster;
      if (fact.id === 'workspace') workspace = value as Workspace;
      if (fact.id === 'armDiagnostics') diagnostics = value as readonly DiagnosticSetting[];
      Object.assign(state, { failures: 0, hasValue: true });
      dueIn(fact.everyMs(cluster));
      say(fact.id, { phase: 'live', heard: now() }, { value });
    } catch (error) {
      if (signal.aborted) return;
      const problem = problemOf(error);
      state.failures += 1;
      const waitMs = waitAfter(problem, state.failures);
      dueIn(waitMs);
      failed(fact.id, problem, waitMs);
    } finally {
      Object.assign(state, { running: false, settled: true });
      if (state.due > 0) refreshing?.left.delete(fact.id);
      if (refreshing?.left.size === 0) {
        refreshing.done.resolve();
        refreshing = undefined;
      }
      wake();
    }
  }

  return {
    async run() {
      for (const { id } of armFacts) say(id, { phase: 'connecting', heard: 0 });
      while (!signal.aborted) {
        if (resting) {
          await sleep(longestMs);
          continue;
        }
        try {
          await open();
        } catch (error) {
          if (signal.aborted) return;
          const problem = problemOf(error);
          close(problem);
          await sleep(problem.retryAfterMs || (isPassing(problem) ? firstRetryMs : closedMs));
          continue;
        }
        const time = performance.now();
        for (const fact of armFacts) {
          const { running, due } = stateOf(fact.id);
          if (!running && due <= time && fact.after.every((id) => stateOf(id).settled)) void askOne(fact);
        }
        const waiting = armFacts.filter(({ id }) => !stateOf(id).running);
        const next = Math.min(...waiting.map(({ id }) => stateOf(id).due), time + longestMs);
        await sleep(Math.max(50, next - performance.now()));
      }
    },
    refresh() {
      refreshing ??= { left: new Set(states.keys()), done: Promise.withResolvers() };
      const { done } = refreshing;
      for (const state of states.values()) state.due = 0;
      wake();
      return done.promise;
    },
    workspace: () => workspace,
    signInFailed(problem) {
      for (const [id, { link, hasValue }] of states) {
        if (hasValue && link.phase === 'live') say(id, { phase: 'stale', heard: link.heard, problem });
      }
    },
    rest(wanted) {
      resting = wanted;
      if (!wanted) for (const state of states.values()) state.due = Math.min(state.due, performance.now());
      wake();
    },
  };
}

function freshState(): State {
  return {
    ...{ due: 0, running: false, settled: false, failures: 0, hasValue: false },
    link: { phase: 'connecting', heard: 0 },
  };
}

/** Whatever goes wrong with one fact is told of that fact: it is no reason to end the watching of the cluster. */
function problemOf(error: unknown): AzureProblem {
  if (error instanceof AzureProblem) return error;
  return new AzureProblem('server', `Azure could not be read: ${sanitiseLine(messageOf(error), 200)}`);
}

/** What Azure asks for, else doubling from ten seconds to five minutes; what is refused for good is asked seldom. */
function waitAfter(problem: AzureProblem, failures: number): number {
  if (problem.retryAfterMs > 0) return problem.retryAfterMs;
  if (!isPassing(problem)) return refusedMs;
  return Math.min(firstRetryMs * 2 ** (failures - 1), closedMs);
}

function isPassing({ kind }: AzureProblem): boolean {
  return kind === 'unreachable' || kind === 'server' || kind === 'throttled' || kind === 'conflict' || kind === 'tls';
}

function notInAzure(): AzureProblem {
  return new AzureProblem(
    'missing',
    'Nothing of this cluster leads to Azure: its nodes name no subscription.',
    '--subscription, --resource-group and --cluster name it.',
  );
}
