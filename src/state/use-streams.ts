import { useEffect, useReducer, useRef } from 'react';
import { messageOf } from '../errors.ts';

export type WantedStream<T> = { key: string; open(signal: AbortSignal): AsyncIterable<T> };

/** What happened in a stream, by its key. */
export type Heard<T> =
  | { key: string; type: 'began' }
  | { key: string; type: 'item'; item: T }
  | { key: string; type: 'failed'; text: string };

/**
 * Several streams as one React state, for as long as the component shows it: one that is no longer wanted is cancelled, one
 * that is new begins, the others go on. Another `subject` begins with a new `initial()`. What came is folded together at
 * most every `everyMs`; `fold` is the one that keeps the state bounded.
 */
export function useStreams<T, S>(
  subject: string,
  wanted: readonly WantedStream<T>[],
  fold: (state: S, heard: readonly Heard<T>[]) => S,
  initial: () => S,
  everyMs = 60,
): S {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const listening = useRef<Listening<T, S>>(undefined);
  const latest = useRef(fold);
  latest.current = fold;
  if (listening.current?.subject !== subject) {
    listening.current?.close();
    listening.current = listen(subject, (state, heard) => latest.current(state, heard), initial(), redraw, everyMs);
  }
  const now = listening.current;
  const keys = wanted.map(({ key }) => key).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys say which streams are wanted; the list is new at every render
  useEffect(() => now.want(wanted), [now, keys]);
  useEffect(() => () => listening.current?.close(), []);
  return now.state();
}

type Listening<T, S> = {
  subject: string;
  state(): S;
  want(streams: readonly WantedStream<T>[]): void;
  close(): void;
};

function listen<T, S>(
  subject: string,
  fold: (state: S, heard: readonly Heard<T>[]) => S,
  initial: S,
  told: () => void,
  everyMs: number,
): Listening<T, S> {
  const open = new Map<string, AbortController>();
  let state = initial;
  let waiting: Heard<T>[] = [];
  let timer: NodeJS.Timeout | undefined;

  function take(heard: Heard<T>): void {
    waiting.push(heard);
    timer ??= setTimeout(() => {
      timer = undefined;
      state = fold(state, waiting);
      waiting = [];
      told();
    }, everyMs);
  }

  async function follow({ key, open: begin }: WantedStream<T>, signal: AbortSignal): Promise<void> {
    take({ key, type: 'began' });
    try {
      for await (const item of begin(signal)) {
        if (signal.aborted) return;
        take({ key, type: 'item', item });
      }
    } catch (error) {
      if (!signal.aborted) take({ key, type: 'failed', text: messageOf(error) });
    }
  }

  return {
    subject,
    state: () => state,
    want(streams) {
      const keys = new Set(streams.map(({ key }) => key));
      for (const [key, stop] of open) {
        if (keys.has(key)) continue;
        stop.abort();
        open.delete(key);
      }
      for (const stream of streams) {
        if (open.has(stream.key)) continue;
        const stop = new AbortController();
        open.set(stream.key, stop);
        void follow(stream, stop.signal);
      }
    },
    close() {
      for (const stop of open.values()) stop.abort();
      open.clear();
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
