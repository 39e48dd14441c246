import { useCallback, useRef, useSyncExternalStore } from 'react';
import type { Snapshot } from '../model/snapshot.ts';
import type { Store } from './store.ts';

/**
 * A part of the snapshot, rendered anew only when `equal` says that it differs. Tables are changed in place, so select
 * values made from a table (its `version`, its visible rows) and never the table alone.
 */
export function useSnapshot<T>(
  store: Pick<Store, 'get' | 'subscribe'>,
  select: (snapshot: Snapshot) => T,
  equal: (a: T, b: T) => boolean = Object.is,
): T {
  const kept = useRef<{ snapshot: Snapshot; select: (snapshot: Snapshot) => T; value: T } | undefined>(undefined);
  const read = useCallback((): T => {
    const snapshot = store.get();
    const last = kept.current;
    if (last !== undefined && last.snapshot === snapshot && last.select === select) return last.value;
    const next = select(snapshot);
    const value = last !== undefined && equal(last.value, next) ? last.value : next;
    kept.current = { snapshot, select, value };
    return value;
  }, [store, select, equal]);
  return useSyncExternalStore(store.subscribe, read, read);
}

/** Equal when both hold the same things in the same places, one level deep. */
export function shallowEqual<T>(a: T, b: T): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return left.length === right.size && left.every(([key, value]) => right.has(key) && Object.is(right.get(key), value));
}
