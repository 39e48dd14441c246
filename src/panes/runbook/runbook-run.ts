import { messageOf, UserError } from '../../errors.ts';
import type { ObjectRef } from '../../model/ref.ts';
import type { RunbookAsks, RunbookResult, StepResult } from '../../model/runbook-result.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { createStore, type Store } from '../../ui/store.ts';

export type RunbookState = Readonly<{
  phase: 'running' | 'asking' | 'ended' | 'cancelled' | 'failed';
  /** What it is about, once that was found, and what else looks like it. */
  target: ObjectRef | undefined;
  suspects: readonly ObjectRef[];
  /** What is being looked at. */
  looking: string;
  steps: readonly StepResult[];
  question: Question | undefined;
  result: RunbookResult | undefined;
  /** Why it could not be run at all. */
  problem: string;
  /** When it began and when it ended, by the server's clock; 0 = not yet. */
  began: number;
  ended: number;
}>;

export type Question = { title: string; choices: readonly { key: string; title: string }[] };

/** One runbook about one thing: run once, and again on a key. Goes on while one looks elsewhere, within its limits. */
export type RunbookRun = {
  state: Store<RunbookState>;
  start(): void;
  cancel(): void;
  answer(key: string): void;
};

type Ground = { snapshot(): Snapshot; now(): number; asks: Pick<RunbookAsks, 'runbook'> };

/** `targets` as they were typed: each run looks for them anew. */
export function createRunbookRun(id: string, targets: readonly string[], ground: Ground): RunbookRun {
  const state = createStore<RunbookState>(begin(0));
  let stop = new AbortController();
  let answered = (_key: string) => {};

  async function run(signal: AbortSignal): Promise<void> {
    const tell = (change: Partial<RunbookState>) => {
      if (!signal.aborted) state.update((now) => ({ ...now, ...change }));
    };
    try {
      tell({ looking: 'the cluster is being read' });
      await read(ground.snapshot, signal);
      const { timeline } = ground.snapshot();
      const news = ground.asks.runbook({ id, targets, timeline: timeline.entries }, signal);
      let said: string | undefined;
      for (;;) {
        const { done, value } = await news.next(said);
        if (done) return;
        said = undefined;
        switch (value.type) {
          case 'about':
            tell({ target: value.target, suspects: value.suspects });
            break;
          case 'begins':
            tell({ looking: value.title });
            break;
          case 'asks':
            tell({ phase: 'asking', question: { title: value.title, choices: value.choices } });
            said = await asked(signal);
            tell({ phase: 'running', question: undefined });
            break;
          case 'step':
            tell({ steps: [...state.get().steps, value.result] });
            break;
          case 'ended':
            tell({ phase: 'ended', looking: '', result: value.result, ended: ground.now() });
        }
      }
    } catch (error) {
      const problem = error instanceof UserError ? [error.what, error.hint].join(' ').trim() : messageOf(error);
      tell({ phase: 'failed', looking: '', problem, ended: ground.now() });
    }
  }

  function asked(signal: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve) => {
      answered = resolve;
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
  }

  return {
    state,
    start() {
      stop.abort();
      stop = new AbortController();
      state.update(() => begin(ground.now()));
      void run(stop.signal);
    },
    cancel() {
      stop.abort();
      state.update((now) => ({ ...now, phase: 'cancelled', question: undefined, ended: ground.now() }));
    },
    answer: (key) => answered(key),
  };
}

/** Lists that still arrive are waited for, but not for ever: what has not come by then is said step by step. */
const readMs = 15_000;
const everyMs = 100;

async function read(snapshot: () => Snapshot, signal: AbortSignal): Promise<void> {
  const isArriving = () => {
    const { links, judgement } = snapshot();
    const phases = [...links.values()].map(({ phase }) => phase);
    return judgement.of === 0 || phases.some((phase) => phase === 'connecting' || phase === 'loading');
  };
  for (let waited = 0; isArriving() && waited < readMs; waited += everyMs) {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    signal.throwIfAborted();
  }
}

function begin(at: number): RunbookState {
  return {
    ...{ phase: 'running', target: undefined, suspects: [], looking: '', steps: [], question: undefined },
    ...{ result: undefined, problem: '', began: at, ended: 0 },
  };
}
