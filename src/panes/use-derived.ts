import { useEffect, useRef, useState } from 'react';
import type { Snapshot } from '../model/snapshot.ts';
import type { Store } from '../state/store.ts';

/**
 * A value made from the snapshot, made again when `version` differs. The more its making costs, the longer the pause
 * before the next one (twenty times its cost, at least 50 ms): on the largest cluster it takes 5 % of a core, not all.
 */
export function useDerived<T>(
  store: Pick<Store, 'get' | 'subscribe'>,
  version: (snapshot: Snapshot) => string | number,
  make: (snapshot: Snapshot) => T,
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
      if (timer !== undefined || latest.current.version(store.get()) === shown.current.version) return;
      const pause = Math.max(50, shown.current.cost * 20);
      timer = setTimeout(renew, Math.max(0, pause - (performance.now() - shown.current.at)));
    };
    const stop = store.subscribe(look);
    // Time passes without changes, too: whoever puts the clock into the version is looked after here.
    const clock = setInterval(look, 1_000);
    look();
    return () => {
      stop();
      clearInterval(clock);
      clearTimeout(timer);
    };
  }, [store]);
  return made.value;
}

type Made<T> = { value: T; version: string | number; at: number; cost: number };
