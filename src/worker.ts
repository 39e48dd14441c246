// The second root: holds the connections, keeps a snapshot of its own, judges it, runs runbooks on it, and forwards every
// batch of changes. The screen's thread never parses a list and never runs a check.
import { isDeepStrictEqual } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { createJudge } from './checks/judge.ts';
import { createChecks } from './checks/run.ts';
import type { Config } from './config.ts';
import type { Change } from './model/change.ts';
import { type LivePolicies, livePolicies } from './model/policies/live-policies.ts';
import { serverTime } from './model/server-time.ts';
import { apply, emptySnapshot, type Snapshot } from './model/snapshot.ts';
import { noTimeline } from './model/timeline-fold.ts';
import { answerRunbook } from './runbooks/answer-runbook.ts';
import { connect } from './sources/connect.ts';
import { answerAcross, type FromWorker, type ToWorker, toFailure } from './state/across-threads.ts';
import { createPacker } from './state/packing.ts';
import { answerPolicies } from './state/policy-answers.ts';

/** Between two judgements while changes come, ms: soon on a small cluster and at the start, never above a twentieth of our time. */
const soonestMs = 200;
const latestMs = 1_000;
/** So often when nothing changes: some answers change with time alone. */
const idleJudgeMs = 2_000;

if (parentPort !== null) work(parentPort, workerData as Config);

function work(port: NonNullable<typeof parentPort>, config: Config): void {
  // The kubeconfig alone says whether TLS is verified; Node would also warn across the screen.
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;

  const post = (message: FromWorker) => port.postMessage(message);
  const checks = createChecks();
  const pack = createPacker();
  let snapshot = emptySnapshot(Date.now(), noTimeline);
  let judgeAgain = 0;
  let timer: NodeJS.Timeout | undefined;
  const time = () => serverTime(snapshot, Date.now());

  function judge(): void {
    clearTimeout(timer);
    const started = performance.now();
    const judgement = checks.judge(snapshot, time());
    const policies = changedPolicies(snapshot, livePolicies(snapshot));
    const now = performance.now();
    judgeAgain = now + Math.min(latestMs, Math.max(soonestMs, (now - started) * 20));
    timer = setTimeout(judge, idleJudgeMs);
    forward([{ type: 'judgement', judgement }, ...policies], false);
  }

  function forward(changes: Change[], looksAgain: boolean): void {
    snapshot = apply(snapshot, changes, Date.now());
    post({ type: 'changes', changes: pack(changes) });
    if (!looksAgain) return;
    clearTimeout(timer);
    timer = setTimeout(judge, Math.max(0, judgeAgain - performance.now()));
  }

  const sources = connect(
    config,
    process.env,
    (changes) => forward(changes, true),
    () => snapshot,
    (settleMs) => createChecks({ standMs: settleMs, everyLook: true }),
  );
  const policies = answerPolicies(() => livePolicies(snapshot), createJudge(), time);
  const runbooks = answerRunbook({ snapshot: () => snapshot, now: time, asks: { ...sources.asks, policies } });
  const answers = answerAcross({ ...sources.asks, ...runbooks, policies }, post);
  port.on('message', (message: ToWorker) => {
    if (message.type !== 'close') {
      answers.receive(message);
      return;
    }
    clearTimeout(timer);
    answers.close();
    // Anything that still waits must not keep us: a plugin is killed and every watch ended by now.
    void sources.close().finally(() => process.exit(0));
  });
  sources.start().then(
    () => post({ type: 'ready' }),
    (error: unknown) => post({ type: 'refused', failure: toFailure(error) }),
  );
}

/** The summaries that differ from those the screen has, and whether verdicts may. */
function changedPolicies(
  { policies: known, policiesRevision }: Snapshot,
  { summaries: now, revision }: Pick<LivePolicies, 'summaries' | 'revision'>,
): Change[] {
  const put = [...now].filter(
    ([key, summary]) => known.get(key) !== summary && !isDeepStrictEqual(known.get(key), summary),
  );
  const remove = [...known.keys()].filter((key) => !now.has(key));
  if (put.length + remove.length === 0 && revision === policiesRevision) return [];
  return [{ type: 'policies', put: put.map(([, summary]) => summary), remove, revision }];
}
