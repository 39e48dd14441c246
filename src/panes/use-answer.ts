import { useEffect, useReducer, useRef } from 'react';
import { messageOf, UserError } from '../errors.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Store } from '../state/store.ts';
import { policySources, policyTables } from './policy-version.ts';

/** What the worker computed for a screen, and how that is doing. */
export type Computed<T> = {
  phase: 'computing' | 'here' | 'failed';
  /** The last answer; it stays while the next one is computed, and when that fails. */
  value: T | undefined;
  /** What it rests on has changed since, for longer than a new answer usually takes. */
  old: boolean;
  /** Why there is no (new) answer, and what to try; '' else. */
  problem: string;
  hint: string;
};

/** Where an answer outlives a look elsewhere: `frame.keep('answer', () => ({ current: undefined }))`. */
export type KeptAnswer<T> = { current: { key: string; computed: Computed<T> } | undefined };

/**
 * An answer that is asked of the worker, again when `version` differs. `key` names the question: with another one the
 * old answer is gone at once; '' asks nothing. The dearer an answer, the longer the pause before the next: a worker that
 * also reads the watches is never kept busy by one screen. Where only pods come and go it is asked again now and then.
 */
export function useAnswer<T>(
  store: Pick<Store, 'get' | 'subscribe'>,
  key: string,
  ask: (signal: AbortSignal) => Promise<T>,
  version: (snapshot: Snapshot) => string,
  kept?: KeptAnswer<T>,
): Computed<T> & { again(): void } {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const own = useRef<KeptAnswer<T>['current']>(undefined);
  const state = kept ?? own;
  if (state.current?.key !== key) state.current = { key, computed: computing() };
  const latest = useRef({ ask, version });
  latest.current = { ask, version };
  const askAgain = useRef(() => {});
  useEffect(() => {
    if (key === '') return;
    const stop = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    let asking = false;
    let askedFor = '';
    let tablesThen = '';
    let waitsLong = false;
    let asked = Number.NEGATIVE_INFINITY;
    let took = 0;
    let partly = false;
    // What could not be answered cost nothing.
    let cheap = false;
    const now = () => state.current?.computed ?? computing<T>();
    const tell = (change: Partial<Computed<T>>) => {
      if (stop.signal.aborted) return;
      state.current = { key, computed: { ...now(), ...change } };
      redraw();
    };
    const begin = async () => {
      timer = undefined;
      asking = true;
      askedFor = latest.current.version(store.get());
      tablesThen = policyTables(store.get());
      partly = isArriving(store.get());
      asked = performance.now();
      const late = setTimeout(() => tell({ old: now().value !== undefined }), lateMs);
      try {
        const value = await latest.current.ask(stop.signal);
        tell({ phase: 'here', value, old: false, problem: '', hint: '' });
      } catch (error) {
        tell({ phase: 'failed', old: true, ...problemOf(error) });
        cheap = true;
      } finally {
        clearTimeout(late);
        asking = false;
        took = cheap ? 0 : performance.now() - asked;
        cheap = false;
        look();
      }
    };
    const look = () => {
      if (asking || stop.signal.aborted) return;
      // Of half a cluster an answer says little: once all has arrived it is asked for again, however dear it was.
      const isWhole = partly && !isArriving(store.get());
      const isOther = isWhole || latest.current.version(store.get()) !== askedFor;
      if (!isWhole && timer !== undefined && !(waitsLong && isOther)) return;
      if (!isOther && policyTables(store.get()) === tablesThen) return;
      clearTimeout(timer);
      // Who could not be found may have come.
      waitsLong = !isOther && now().phase === 'here';
      partly = false;
      if (isWhole) tell({ old: now().value !== undefined });
      const dear = Math.max(soonestMs, Math.min(latestMs, took * share));
      const pause = isWhole ? soonestMs : waitsLong ? betweenCountsMs : dear;
      timer = setTimeout(begin, Math.max(0, asked + pause - performance.now()));
    };
    askAgain.current = () => {
      if (asking) return;
      clearTimeout(timer);
      void begin();
    };
    const unsubscribe = store.subscribe(look);
    void begin();
    return () => {
      stop.abort();
      clearTimeout(timer);
      unsubscribe();
    };
  }, [store, key, state]);
  return { ...state.current.computed, again: () => askAgain.current() };
}

/** Between two askings, ms; of a dear answer twenty times what it took, so that it takes a twentieth of the worker. */
const soonestMs = 1_500;
const share = 20;
/** However dear it is, nobody is to wait longer for what is true now. */
const latestMs = 20_000;
/** How many pods there are of a kind changes all the time, and what becomes of their connections does not. */
const betweenCountsMs = 30_000;
/** An answer that takes longer than this leaves the old one looking old. */
const lateMs = 1_500;

function isArriving({ links }: Snapshot): boolean {
  return policySources.some((source) => ['connecting', 'loading'].includes(links.get(source)?.phase ?? 'connecting'));
}

function computing<T>(): Computed<T> {
  return { phase: 'computing', value: undefined, old: false, problem: '', hint: '' };
}

function problemOf(error: unknown): { problem: string; hint: string } {
  return error instanceof UserError
    ? { problem: error.what, hint: error.hint }
    : { problem: messageOf(error), hint: '' };
}
