/** Items from whoever makes them to whoever iterates, in order. The end, or an abort, ends the iteration. */
export type Mailbox<T> = {
  put(item: T): void;
  close(): void;
  items(): AsyncGenerator<T>;
};

/** `merge` joins an item to the last one that nobody has fetched yet; undefined = they do not go together. */
export function createMailbox<T>(signal: AbortSignal, merge?: (last: T, item: T) => T | undefined): Mailbox<T> {
  let waiting: T[] = [];
  let closed = signal.aborted;
  let wake: () => void = () => {};

  function close(): void {
    closed = true;
    wake();
  }
  signal.addEventListener('abort', close, { once: true });

  return {
    put(item) {
      if (closed) return;
      const last = waiting.at(-1);
      const merged = last === undefined ? undefined : merge?.(last, item);
      if (merged === undefined) waiting.push(item);
      else waiting[waiting.length - 1] = merged;
      wake();
    },
    close,
    async *items() {
      try {
        while (true) {
          const batch = waiting;
          waiting = [];
          yield* batch;
          if (batch.length > 0) continue;
          if (closed) return;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      } finally {
        signal.removeEventListener('abort', close);
        closed = true;
      }
    },
  };
}
