import { useEffect, useRef, useState } from 'react';
import type { Snapshot } from '../model/snapshot.ts';
import type { Store } from '../state/store.ts';

/**
 * Rows made from tables, made again when `version` says that the tables changed, and for long lists at most once a
 * second: 100,000 rows take longer to arrange than a frame, and nobody reads them faster.
 */
export function useRows<R>(
  store: Pick<Store, 'get' | 'subscribe'>,
  version: (snapshot: Snapshot) => string | number,
  build: (snapshot: Snapshot) => readonly R[],
  dependencies: string,
): readonly R[] {
  const make = () => {
    const snapshot = store.get();
    return { rows: build(snapshot), version: version(snapshot), dependencies, at: performance.now() };
  };
  const [made, setMade] = useState(make);
  const latest = useRef({ made, make, version });
  latest.current = { made, make, version };
  useEffect(() => {
    let timer: NodeJS.Timeout | undefined;
    const renew = () => {
      timer = undefined;
      setMade(latest.current.make());
    };
    const look = () => {
      const { made: now, version: versionOf } = latest.current;
      if (timer !== undefined || versionOf(store.get()) === now.version) return;
      const pause = now.rows.length > 5_000 ? 1_000 : 100;
      timer = setTimeout(renew, Math.max(0, pause - (performance.now() - now.at)));
    };
    const stop = store.subscribe(look);
    look();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store]);
  if (made.dependencies === dependencies) return made.rows;
  // Another scope: rows of the old one must not be seen for even one frame.
  const now = make();
  latest.current.made = now;
  queueMicrotask(() => setMade(now));
  return now.rows;
}
