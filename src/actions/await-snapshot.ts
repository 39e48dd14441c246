import type { Snapshot } from '../model/snapshot.ts';

export type Watching = {
  snapshot(): Snapshot;
  subscribe(listener: () => void): () => void;
};

/**
 * Resolves with what `look` finds, as soon as it finds something: with every change, and once a second, because some of it
 * follows from time alone. With `late()` after `limitMs`, when `stop` aborts, or when another cluster is watched.
 */
export function awaitSnapshot<T>(
  { snapshot, subscribe }: Watching,
  look: (snapshot: Snapshot) => T | undefined,
  late: () => T,
  limitMs: number,
  stop: AbortSignal,
): Promise<T> {
  const { epoch } = snapshot();
  return new Promise((resolve) => {
    const end = (found: T) => {
      clearTimeout(timer);
      clearInterval(pulse);
      stop.removeEventListener('abort', giveUp);
      unsubscribe();
      resolve(found);
    };
    const again = () => {
      const now = snapshot();
      const found = now.epoch === epoch ? look(now) : late();
      if (found !== undefined) end(found);
    };
    const giveUp = () => end(late());
    const timer = setTimeout(giveUp, limitMs);
    const pulse = setInterval(again, 1_000);
    const unsubscribe = subscribe(again);
    stop.addEventListener('abort', giveUp, { once: true });
    if (stop.aborted) giveUp();
    else again();
  });
}
