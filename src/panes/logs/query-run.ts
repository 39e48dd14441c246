import { messageOf, UserError } from '../../errors.ts';
import type { AzureAsks } from '../../model/azure/azure-asks.ts';
import type { LogQuery, LogTail, QueryEvent } from '../../model/azure/log-query.ts';
import { createStore, type Store } from '../../ui/store.ts';
import type { QueryHead } from '../query-desk.ts';
import { queryHead } from './query-head.ts';
import { foldResult, mostOfTail, mostRows, noResult, type Result } from './result.ts';

/** A question that was put, or is being put, and what came of it. */
export type RunState = Readonly<{
  phase: 'idle' | 'running' | 'ended' | 'failed' | 'cancelled';
  /** It is asked again and again. */
  isTail: boolean;
  /** When it began, ms since the program started. */
  began: number;
  /** The same by our own clock, ms since 1970. */
  beganAt: number;
  result: Result;
  problem: string;
  hint: string;
  /** Of the problem: `signed-out`, `forbidden` … */
  kind: string;
}>;

/** Puts one question at a time. Its rows are kept until the next question, whoever looks at them. */
export type QueryRun = {
  state: Store<RunState>;
  ask(query: LogQuery): void;
  tail(tail: LogTail): void;
  /** Ends what is under way; true when something was. */
  cancel(): boolean;
  /** Lets go of the rows: others need the room more. */
  empty(): void;
  /** For a report: the question and its first rows. */
  head(rows: number): QueryHead | undefined;
};

const idle: RunState = {
  phase: 'idle',
  isTail: false,
  began: 0,
  beganAt: 0,
  result: noResult,
  problem: '',
  hint: '',
  kind: '',
};

/** What came is shown at most so often, ms: between two showings keys are answered. */
const showMs = 80;

export function createQueryRun(azure: Pick<AzureAsks, 'query' | 'tail'>): QueryRun {
  const state = createStore<RunState>(idle);
  let stop: AbortController | undefined;
  let asked: LogQuery | LogTail | undefined;

  async function read(
    open: (signal: AbortSignal) => AsyncIterable<readonly QueryEvent[]>,
    isTail: boolean,
  ): Promise<void> {
    stop?.abort();
    const own = new AbortController();
    stop = own;
    let result: Result = { ...noResult, entries: [] };
    let timer: NodeJS.Timeout | undefined;
    const tell = (more: Partial<RunState> = {}) => {
      clearTimeout(timer);
      timer = undefined;
      if (stop === own) state.update((before) => ({ ...before, result, ...more }));
    };
    // Whoever cancels sees all that came until then.
    own.signal.addEventListener('abort', () => tell({ phase: 'cancelled' }), { once: true });
    state.update(() => ({ ...idle, phase: 'running', isTail, began: performance.now(), beganAt: Date.now(), result }));
    try {
      for await (const events of open(own.signal)) {
        if (own.signal.aborted) return;
        result = foldResult(result, events, isTail ? mostOfTail : mostRows, isTail);
        timer ??= setTimeout(tell, showMs);
      }
      if (!own.signal.aborted) tell({ phase: 'ended' });
    } catch (error) {
      if (!own.signal.aborted) tell({ phase: 'failed', ...problemOf(error) });
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    state,
    ask(query) {
      asked = query;
      void read((signal) => azure.query(query, signal), false);
    },
    tail(tail) {
      asked = tail;
      void read((signal) => azure.tail(tail, signal), true);
    },
    head: (rows) => (asked === undefined ? undefined : queryHead(asked, state.get(), rows)),
    cancel() {
      if (state.get().phase !== 'running') return false;
      stop?.abort();
      return true;
    },
    empty() {
      stop?.abort();
      stop = undefined;
      state.update(() => idle);
    },
  };
}

function problemOf(error: unknown): Pick<RunState, 'problem' | 'hint' | 'kind'> {
  return error instanceof UserError
    ? { problem: error.what, hint: error.hint, kind: error.kind }
    : { problem: messageOf(error), hint: '', kind: '' };
}
