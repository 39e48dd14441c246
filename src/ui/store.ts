import { useSyncExternalStore } from 'react';

/** One value, its readers and the one way to change it. Keys read it at key time, components by `useStore`. */
export type Store<S> = {
  get(): S;
  /** Replaces the value by what `change` makes of it; nothing is told when it stays the same object. */
  update(change: (state: S) => S): void;
  /** Returns how to stop listening. */
  subscribe(listener: () => void): () => void;
};

export function createStore<S>(initial: S): Store<S> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    update(change) {
      const next = change(state);
      if (Object.is(next, state)) return;
      state = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The value now, drawn again whenever it changes. */
export function useStore<S>(store: Store<S>): S {
  return useSyncExternalStore(store.subscribe, store.get);
}
