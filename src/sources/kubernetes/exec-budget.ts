import { UserError } from '../../errors.ts';
import type { RunningCommands } from '../../model/change.ts';

/**
 * How many commands this program runs in containers at the same time, whoever asks: a command costs the agent, its node
 * and the API server more than any read. Who comes too late waits in line, first come first served.
 */
export type ExecBudget = {
  /**
   * A place, once there is one. What goes on until it is stopped leaves one place for commands that end, unless there is
   * only one. Rejects when `signal` aborts, when the wait is too long, and while nobody sits at the keys.
   */
  enter(wish: Wish, signal: AbortSignal): Promise<Place>;
  /** While nobody looks nothing runs: what goes on is ended, what waits is sent away. */
  rest(resting: boolean): void;
  counts(): RunningCommands;
  /** Grows whenever `counts` is another. */
  version(): number;
  /** Ends what goes on; resolves when nothing runs any more, or after `ms`. */
  close(ms: number): Promise<void>;
};

export type Wish = { title: string; goesOn: boolean };

export type Place = {
  /** Aborts when the place must be given back before the command has ended; its reason is a UserError. */
  signal: AbortSignal;
  leave(): void;
};

type Waiting = Wish & { admit(place: Place): void; refuse(error: Error): void };
type Running = Wish & { since: number; stop: AbortController };

/** `patienceMs`: nobody waits longer for a place. */
export function createExecBudget(atOnce: number, now: () => number, patienceMs = 60_000): ExecBudget {
  const running = new Set<Running>();
  const waiting = new Set<Waiting>();
  const emptied = new Set<() => void>();
  const mostGoingOn = Math.max(1, atOnce - 1);
  let resting = false;
  let closed = false;
  let total = 0;
  let most = 0;
  let version = 0;

  function admit(): void {
    for (const one of waiting) {
      if (running.size >= atOnce) return;
      const goingOn = [...running].filter(({ goesOn }) => goesOn).length;
      if (one.goesOn && goingOn >= mostGoingOn) continue;
      waiting.delete(one);
      one.admit(begin(one));
    }
  }

  function begin({ title, goesOn }: Wish): Place {
    const stop = new AbortController();
    const entry: Running = { title, goesOn, since: now(), stop };
    running.add(entry);
    total += 1;
    most = Math.max(most, running.size);
    version += 1;
    return {
      signal: stop.signal,
      leave() {
        if (!running.delete(entry)) return;
        version += 1;
        admit();
        if (running.size === 0) for (const done of emptied) done();
      },
    };
  }

  function sendAway(reason: UserError): void {
    for (const one of waiting) one.refuse(reason);
    for (const one of running) if (one.goesOn) one.stop.abort(reason);
  }

  return {
    async enter(wish, signal) {
      signal.throwIfAborted();
      if (closed) throw ended();
      if (resting) throw nobodyThere();
      const { promise, resolve, reject } = Promise.withResolvers<Place>();
      // Out of the line at once: a place that was given to one who has left already would never come back.
      const refuse = (error: Error) => {
        waiting.delete(one);
        reject(error);
      };
      const one: Waiting = { ...wish, admit: resolve, refuse };
      const late = setTimeout(() => refuse(tooLate(atOnce, patienceMs)), patienceMs);
      const abort = () => refuse(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      waiting.add(one);
      version += 1;
      admit();
      try {
        return await promise;
      } finally {
        clearTimeout(late);
        signal.removeEventListener('abort', abort);
        version += 1;
      }
    },
    rest(wanted) {
      resting = wanted;
      if (resting) sendAway(nobodyThere());
    },
    counts: () => ({
      atOnce,
      running: [...running].map(({ title, since }) => ({ title, since })),
      waiting: waiting.size,
      total,
      most,
    }),
    version: () => version,
    async close(ms) {
      closed = true;
      sendAway(ended());
      if (running.size === 0) return;
      await new Promise<void>((resolve) => {
        emptied.add(resolve);
        setTimeout(resolve, ms).unref();
      });
    },
  };
}

function tooLate(atOnce: number, ms: number): UserError {
  return new UserError(
    `Not run: of the ${atOnce} commands that may run in pods at once none ended within ${Math.round(ms / 1_000)}s.`,
    'End a stream, or allow more with CILISCOPE_EXECS.',
  );
}

function nobodyThere(): UserError {
  return new UserError('Nobody has pressed a key for long: no command runs in a pod until somebody does.');
}

function ended(): UserError {
  return new UserError('The program is ending.');
}
