// Long answers take turns: each works for a few milliseconds, then whatever came meanwhile is looked at, then the next
// one works. A small request is answered while 100,000 objects are on their way to somebody.

/** One long answer's share. */
export type Turn = {
  /** Whether its time is up for now. */
  over(): boolean;
  /** Resolves when it may go on. */
  next(): Promise<void>;
};

export type Turns = { take(): Turn };

const sliceMs = 4;

export function createTurns(): Turns {
  const waiting: (() => void)[] = [];
  let due = false;
  // One a turn of the event loop: between two of them everything that waits for it has been read and answered.
  const give = () => {
    due = false;
    waiting.shift()?.();
    if (waiting.length > 0) ask();
  };
  const ask = () => {
    if (due) return;
    due = true;
    setImmediate(give);
  };
  return {
    take() {
      let until = performance.now() + sliceMs;
      return {
        over: () => performance.now() >= until,
        async next() {
          await new Promise<void>((resolve) => {
            waiting.push(resolve);
            ask();
          });
          until = performance.now() + sliceMs;
        },
      };
    },
  };
}
