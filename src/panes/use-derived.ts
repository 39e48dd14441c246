import { useEffect, useReducer, useRef } from 'react';
import type { Snapshot } from '../model/snapshot.ts';
import type { Store } from '../state/store.ts';

/**
 * A value made from the snapshot, made again when `version` differs. The more its making costs, the longer the pause
 * before the next one (forty times its cost, at least 50 ms): on the largest cluster it takes 2.5 % of a core, not all.
 * With `everyMs` it is also made again when only time has passed; with other `dependencies` (a width) at once.
 */
export function useDerived<T>(
  store: Pick<Store, 'get' | 'subscribe'>,
  version: (snapshot: Snapshot) => unknown,
  make: (snapshot: Snapshot) => T,
  everyMs = Number.POSITIVE_INFINITY,
  dependencies = '',
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
    const look = () => {
      if (timer !== undefined || made.current === undefined) return;
      const { at, cost, version: last } = made.current;
      const passed = performance.now() - at;
      if (Object.is(latest.current.version(store.get()), last) && passed < everyMs) return;
      timer = setTimeout(renew, Math.max(0, Math.max(50, cost * 40) - passed));
    };
    const stop = store.subscribe(look);
    const clock = Number.isFinite(everyMs) ? setInterval(look, everyMs) : undefined;
    look();
    return () => {
      stop();
      clearInterval(clock);
      clearTimeout(timer);
    };
  }, [store, everyMs]);
  return made.current.value;
}

type Latest<T> = { version(snapshot: Snapshot): unknown; make(snapshot: Snapshot): T; dependencies: string };

function build<T>(snapshot: Snapshot, { version, make, dependencies }: Latest<T>): Made<T> {
  const begun = performance.now();
  const value = make(snapshot);
  return { value, version: version(snapshot), dependencies, at: begun, cost: performance.now() - begun };
}

type Made<T> = { value: T; version: unknown; dependencies: string; at: number; cost: number };
