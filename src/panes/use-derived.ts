import { useEffect, useReducer, useRef } from 'react';
import type { Snapshot } from '../model/snapshot.ts';
import type { Store } from '../state/store.ts';

/**
 * A value made from the snapshot, made again when `version` differs. The more its making costs, the longer the pause
 * before the next one (forty times its cost): on the largest cluster it takes 2.5 % of a core, not all. With `everyMs` it
 * is also made again when only time has passed; with other `dependencies` (a width, a scope) at once, so that what was
 * made for the old ones is not seen for even one frame.
 */
export function useDerived<T>(
  store: Pick<Store, 'get' | 'subscribe'>,
  version: (snapshot: Snapshot) => unknown,
  make: (snapshot: Snapshot) => T,
  { everyMs = Number.POSITIVE_INFINITY, dependencies = '' }: { everyMs?: number; dependencies?: string } = {},
): T {
  const latest = useRef({ version, make, dependencies });
  latest.current = { version, make, dependencies };
  const made = useRef<Made<T>>(undefined);
  if (made.current?.dependencies !== dependencies) made.current = build(store.get(), latest.current);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    let timer: NodeJS.Timeout | undefined;
    const renew = () => {
      timer = undefined;
      made.current = build(store.get(), latest.current);
      redraw();
    };
    const look = (timePassed: boolean) => {
      if (timer !== undefined || made.current === undefined) return;
      const { at, version: last } = made.current;
      const passed = performance.now() - at;
      // What was made between two ticks is not made again by the next one, but by the one after it.
      const old = timePassed && passed >= everyMs / 2;
      if (!old && Object.is(latest.current.version(store.get()), last)) return;
      timer = setTimeout(renew, Math.max(0, pauseMs(made.current) - passed));
    };
    const stop = store.subscribe(() => look(false));
    const clock = Number.isFinite(everyMs) ? setInterval(look, everyMs, true) : undefined;
    look(false);
    return () => {
      stop();
      clearInterval(clock);
      clearTimeout(timer);
    };
  }, [store, everyMs]);
  return made.current.value;
}

/** The version of what anything at all may change. */
export const anyChange = (snapshot: Snapshot): unknown => snapshot;

type Latest<T> = { version(snapshot: Snapshot): unknown; make(snapshot: Snapshot): T; dependencies: string };

function build<T>(snapshot: Snapshot, { version, make, dependencies }: Latest<T>): Made<T> {
  const begun = performance.now();
  const value = make(snapshot);
  return { value, version: version(snapshot), dependencies, at: begun, cost: performance.now() - begun };
}

/** Rows cost others as well, who filter, order and draw them: nobody reads 5,000 of them faster than once a second. */
function pauseMs({ value, cost }: Made<unknown>): number {
  const least = !Array.isArray(value) ? 50 : value.length > 5_000 ? 1_000 : 100;
  return Math.max(least, cost * 40);
}

type Made<T> = { value: T; version: unknown; dependencies: string; at: number; cost: number };
