import { useEffect, useRef, useState } from 'react';
import type { Snapshot } from '../model/snapshot.ts';
import type { Store } from '../state/store.ts';

/**
 * A value made from the snapshot, made again when `version` differs. The more its making costs, the longer the pause
 * before the next one (twenty times its cost, at least 50 ms): on the largest cluster it takes 5 % of a core, not all.
 * With `everyMs` it is also made again when only time has passed.
 */
export function useDerived<T>(
  store: Pick<Store, 'get' | 'subscribe'>,
  version: (snapshot: Snapshot) => unknown,
  make: (snapshot: Snapshot) => T,
  everyMs = Number.POSITIVE_INFINITY,
): T {
  const build = (): Made<T> => {
    const snapshot = store.get();
    const begun = performance.now();
    const value = latest.current.make(snapshot);
    return { value, version: latest.current.version(snapshot), at: begun, cost: performance.now() - begun };
  };
  const latest = useRef({ version, make });
  latest.current = { version, make };
  const [made, setMade] = useState(build);
  const shown = useRef(made);
  shown.current = made;
  const again = useRef(build);
  again.current = build;
  useEffect(() => {
    let timer: NodeJS.Timeout | undefined;
    const renew = () => {
      timer = undefined;
      const next = again.current();
      shown.current = next;
      setMade(next);
    };
    const look = () => {
      if (timer !== undefined) return;
      const { at, cost, version: last } = shown.current;
      const passed = performance.now() - at;
      if (Object.is(latest.current.version(store.get()), last) && passed < everyMs) return;
      timer = setTimeout(renew, Math.max(0, Math.max(50, cost * 20) - passed));
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
  return made.value;
}

type Made<T> = { value: T; version: unknown; at: number; cost: number };
