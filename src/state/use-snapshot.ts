import { useSyncExternalStore } from 'react';
import type { Snapshot } from '../model/snapshot.ts';
import type { Store } from './store.ts';

/**
 * A part of the snapshot, rendered anew when it is another one. `select` picks what the snapshot holds (`links`, a row)
 * and makes nothing; tables are changed in place, so of a table it picks the `version`.
 */
export function useSnapshot<T>(store: Pick<Store, 'get' | 'subscribe'>, select: (snapshot: Snapshot) => T): T {
  const read = () => select(store.get());
  return useSyncExternalStore(store.subscribe, read, read);
}
