import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../cluster.ts';
import { habitLines, type Line, type Program } from './program.ts';
import { programOf } from './programs/index.ts';
import { type Run, runOf } from './run.ts';
import type { Scene } from './scene.ts';
import type { Pod } from './shapes.ts';

// The kubelet rotates a container's log by size; of what a program says by habit about so many lines are kept.
const keptLines = 10_000;

/** A container's log, oldest line first. Undefined: no such container, or it has had no such run. */
export function readLog(
  scene: Scene,
  object: KubeObject,
  container: string,
  options: { previous: boolean; follow: boolean; signal: AbortSignal },
): AsyncIterable<Line> | undefined {
  const pod = object as Pod;
  const run = runOf(pod, container, options.previous);
  if (run === undefined) return undefined;
  const program = programOf(scene, pod, run);
  return options.follow && run.ended === undefined
    ? follow(scene, pod, run, program, options.signal)
    : written(scene, pod, run, program);
}

/** What a container has written in (from, to]: by its present run, the one before, and those that `earlier` knew. */
export function* loggedBetween(
  scene: Scene,
  pods: readonly [now: Pod, ...earlier: Pod[]],
  container: string,
  from: number,
  to: number,
): Generator<Line> {
  const [pod] = pods;
  const runs = new Map<number, Run>();
  for (const one of pods.toReversed()) {
    for (const previous of [true, false]) {
      const run = runOf(one, container, previous);
      if (run !== undefined) runs.set(run.started, run);
    }
  }
  for (const run of [...runs.values()].sort((a, b) => a.started - b.started)) {
    if (run.started > to || (run.ended?.at ?? to) < from) continue;
    const program = programOf(scene, pod, run);
    const end = Math.min(to, run.ended?.at ?? to);
    const told = [...program.opening(run.started), ...(program.recall?.(run.started) ?? [])];
    yield* told.filter(({ at }) => at > from && at <= end).sort((a, b) => a.at - b.at);
    const habits = habitLines(program.habits, `${pod.metadata.uid} ${run.container}`, run.started, from + 1);
    for (let one = next(habits); one !== undefined && one.at <= end; one = next(habits)) if (one.line !== '') yield one;
    if (run.ended !== undefined && run.ended.at > from && run.ended.at <= to) yield* lastWords(run, program);
  }
}

async function* written(scene: Scene, pod: Pod, run: Run, program: Program): AsyncGenerator<Line> {
  yield* past(pod, run, program, scene.now()).lines;
}

/** Everything said so far, and the habits where they stand after it. */
function past(
  pod: Pod,
  run: Run,
  program: Program,
  now: number,
): { lines: Generator<Line>; habits: Iterator<Line>; ahead: () => Line | undefined } {
  const end = run.ended?.at ?? now;
  const since = Math.max(
    run.started,
    end - keptLines / program.habits.reduce((rate, habit) => rate + 1 / habit.every, 0),
  );
  const told = [...program.opening(run.started), ...(program.recall?.(run.started) ?? [])]
    .filter((line) => line.at <= end)
    .sort((a, b) => a.at - b.at);
  const habits = habitLines(program.habits, `${pod.metadata.uid} ${run.container}`, run.started, since);
  let ahead = next(habits);
  function* lines(): Generator<Line> {
    let index = 0;
    while (true) {
      const one = told[index];
      const habit = ahead !== undefined && ahead.at <= end ? ahead : undefined;
      if (one === undefined && habit === undefined) break;
      if (habit === undefined || (one !== undefined && one.at <= habit.at)) {
        index++;
        if (one !== undefined) yield one;
      } else {
        ahead = next(habits);
        if (habit.line !== '') yield habit;
      }
    }
    yield* lastWords(run, program);
  }
  return { lines: lines(), habits, ahead: () => ahead };
}

function next(habits: Iterator<Line>): Line | undefined {
  const { value, done } = habits.next();
  return done ? undefined : value;
}

function lastWords(run: Run, program: Program): Line[] {
  const { ended } = run;
  if (ended === undefined) return [];
  return program.closing(ended.at, ended.words, ended.exitCode).map((line) => ({ at: ended.at, line }));
}

async function* follow(scene: Scene, pod: Pod, run: Run, program: Program, signal: AbortSignal): AsyncGenerator<Line> {
  const heard: Line[] = [];
  let over: Run | undefined;
  let wake = new AbortController();
  const unsubscribe = scene.store.subscribe((event) => {
    const at = scene.now();
    if (event.object.metadata.uid === pod.metadata.uid && event.resource.kind === 'Pod') {
      over = endOf(run, event.type === 'DELETED' ? undefined : (event.object as Pod), at);
    }
    for (const line of program.hear?.(event, at) ?? []) heard.push({ at, line });
    if (over !== undefined || heard.length > 0) wake.abort();
  });
  try {
    const { lines, habits, ahead } = past(pod, run, program, scene.now());
    yield* lines;
    let soon = ahead();
    while (!signal.aborted) {
      yield* heard.splice(0);
      if (over !== undefined) {
        yield* lastWords(over, program);
        return;
      }
      const wait = soon === undefined ? 60_000 : soon.at - scene.now();
      if (soon !== undefined && wait <= 0) {
        if (soon.line !== '') yield soon;
        soon = next(habits);
        continue;
      }
      wake = new AbortController();
      if (heard.length > 0 || over !== undefined) continue;
      await sleep(Math.min(wait, 60_000), undefined, { signal: AbortSignal.any([signal, wake.signal]) }).catch(
        () => {},
      );
    }
  } finally {
    unsubscribe();
  }
}

/** The run as it ended, once the pod is gone or its container has started anew. */
function endOf(run: Run, pod: Pod | undefined, at: number): Run | undefined {
  if (pod === undefined) return { ...run, ended: { at, exitCode: 0, reason: 'Completed', words: '' } };
  const now = runOf(pod, run.container, false);
  if (now?.started === run.started) return now.ended === undefined ? undefined : now;
  const last = runOf(pod, run.container, true);
  return last?.ended === undefined ? { ...run, ended: { at, exitCode: 0, reason: 'Completed', words: '' } } : last;
}
