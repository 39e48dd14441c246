import { useEffect, useState } from 'react';
import { messageOf } from '../errors.ts';

/** How a stream that a screen asked for is doing, with everything folded from it so far. */
export type StreamState<S> = {
  phase: 'idle' | 'running' | 'ended' | 'failed';
  value: S;
  /** One sentence, when failed. */
  problem?: string;
};

/**
 * An async stream as React state, for as long as the component shows it: cancelled on unmount and when `key` changes
 * (`undefined` = nothing asked). Items are folded together at most every `everyMs`; `fold` gets them in order and is
 * the one that keeps the state bounded. `open` and `fold` are read when the stream starts.
 */
export function useStream<T, S>(
  key: string | undefined,
  open: (signal: AbortSignal) => AsyncIterable<T>,
  fold: (value: S, items: readonly T[]) => S,
  initial: S,
  everyMs: number | ((value: S) => number) = 50,
): StreamState<S> {
  const [state, setState] = useState<{ key: string | undefined; stream: StreamState<S> }>({
    key: undefined,
    stream: { phase: 'idle', value: initial },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names what is asked; the functions are new at every render.
  useEffect(() => {
    if (key === undefined) return;
    const stop = new AbortController();
    let value = initial;
    let waiting: T[] = [];
    let timer: NodeJS.Timeout | undefined;
    const show = (phase: StreamState<S>['phase'], problem?: string) => {
      clearTimeout(timer);
      timer = undefined;
      if (stop.signal.aborted) return;
      if (waiting.length > 0) value = fold(value, waiting);
      waiting = [];
      setState({ key, stream: problem === undefined ? { phase, value } : { phase, value, problem } });
    };
    void (async () => {
      try {
        for await (const item of open(stop.signal)) {
          if (stop.signal.aborted) return;
          waiting.push(item);
          timer ??= setTimeout(() => show('running'), typeof everyMs === 'number' ? everyMs : everyMs(value));
        }
        show('ended');
      } catch (error) {
        show('failed', messageOf(error));
      }
    })();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [key]);
  if (key === undefined) return { phase: 'idle', value: initial };
  // The first render after a change of key still holds the old stream's state: never show it under the new name.
  return state.key === key ? state.stream : { phase: 'running', value: initial };
}
