import { checks } from '../../checks/index.ts';
import { createChecks } from '../../checks/run.ts';
import { UserError } from '../../errors.ts';
import { type FactId, isFact } from '../../model/facts.ts';
import type { Judgement } from '../../model/finding.ts';
import { serverTime } from '../../model/server-time.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Connection } from '../connect.ts';

export type Patience = {
  /** How long the lists may take, ms. */
  timeoutMs: number;
  /** How long a suspect without a timestamp is watched before it is read once more, ms. */
  settleMs: number;
  /** Azure is asked as well: its answers are waited for like the lists. */
  withAzure?: boolean;
  /** So long, ms, once the lists are there; absent: as long as they may take. */
  azureMs?: number;
  /** Told what is being waited for, for people. */
  progress(text: string): void;
};

/**
 * Reads the cluster once and judges it: waits for the lists, watches what only seems wrong for a moment, reads the
 * suspects once more by GET, and judges what is left; `reread`: how many those were. Rejects with a UserError when the cluster cannot be read.
 */
export async function judgeOnce(
  connection: Connection,
  patience: Patience,
): Promise<{ judgement: Judgement; snapshot: Snapshot; reread: number }> {
  const { store, asks } = connection;
  const signal = AbortSignal.timeout(patience.timeoutMs);
  await orElse(connection, connection.ready, signal);
  await orElse(connection, read(connection, patience, signal), signal);

  const runner = createChecks({ standMs: patience.settleMs, everyLook: true });
  const start = Date.now();
  const first = judge(start);
  if (runner.unvouched().length === 0) return { judgement: first, snapshot: store.get(), reread: 0 };

  patience.progress(`watching ${runner.unvouched().length} suspects for ${patience.settleMs / 1000}s`);
  await sleep(patience.settleMs);
  // The clock may have been set back meanwhile; the suspects have stood all the same.
  const settled = Math.max(Date.now(), start + patience.settleMs);
  const second = judge(settled);
  const suspects = runner.unvouched().filter(({ ripe }) => ripe);
  const objects = suspects.flatMap(({ suspect }) => suspect.reread ?? []).slice(0, mostReread);
  if (objects.length === 0) return { judgement: second, snapshot: store.get(), reread: 0 };

  patience.progress(`reading ${objects.length} suspects once more`);
  const limit = AbortSignal.timeout(patience.timeoutMs);
  await orElse(connection, asks.reread(objects, limit), limit);
  return { judgement: judge(Math.max(Date.now(), settled)), snapshot: store.get(), reread: objects.length };

  function judge(at: number): Judgement {
    store.flush();
    return runner.judge(store.get(), serverTime(store.get(), at));
  }
}

/** Enough for every incident a person can act on; beyond it the watch alone must be believed. */
const mostReread = 500;
/** A list that failed may be a moment's refusal, and the version may come last: so long they are waited for alone. */
const lateMs = 3_000;

/** Resolves when every source a check reads has rows or a reason to have none. Resolves at the time limit, too. */
function read(
  { store }: Connection,
  { progress, withAzure = false, azureMs }: Patience,
  signal: AbortSignal,
): Promise<void> {
  const wanted = new Set(checks.flatMap((check) => [...check.needs, ...(check.uses ?? [])]));
  const sources = [...wanted].filter((source) => !isFact(source));
  const facts = withAzure ? [...wanted].filter(isFact).filter((fact) => fact !== 'agentMetrics') : [];
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    let late: NodeJS.Timeout | undefined;
    const done = () => {
      clearTimeout(timer);
      clearTimeout(late);
      stop();
      resolve();
    };
    const step = () => {
      const snapshot = store.get();
      const { links, cluster } = snapshot;
      const phases = sources.map((source) => links.get(source)?.phase ?? 'connecting');
      const open = phases.filter((phase) => phase === 'connecting' || phase === 'loading' || phase === 'stale').length;
      const asked = facts.filter((fact) => isAsked(fact, snapshot));
      progress(
        open > 0 || asked.length === 0
          ? `reading the cluster: ${sources.length - open} of ${sources.length} lists`
          : `asking Azure: ${asked.length} answers are to come`,
      );
      if (open === 0 && azureMs !== undefined && asked.length > 0) late ??= setTimeout(done, azureMs);
      if (open > 0 || asked.length > 0) {
        clearTimeout(timer);
        timer = undefined;
      } else if (phases.includes('failed') || cluster.kubernetesVersion === '') timer ??= setTimeout(done, lateMs);
      else done();
    };
    const stop = store.subscribe(step);
    signal.addEventListener('abort', done, { once: true });
    step();
  });
}

/** Under way; of what nobody has begun to ask that is not to be expected once it is known which cluster this is. */
function isAsked(fact: FactId, { facts }: Snapshot): boolean {
  const phase = facts[fact]?.link.phase;
  if (phase !== undefined) return phase === 'connecting' || phase === 'loading';
  return facts.arm === undefined || facts.arm.link.phase === 'connecting';
}

async function orElse<T>(connection: Connection, wanted: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const crashed = connection.crashed.then((error) => {
    throw error;
  });
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () =>
      // A list that ran out of time is told by its link; only a server that never answered ends here.
      setImmediate(() =>
        reject(new UserError('The cluster did not answer in time.', 'Give it longer with --timeout 2m.')),
      ),
    );
  });
  late.catch(() => {});
  crashed.catch(() => {});
  return Promise.race([wanted, crashed, late]);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
