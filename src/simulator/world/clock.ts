// The world's time: frozen while its past is lived through at full speed, then the clock on the wall.

export type WorldClock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Moves frozen time. */
  set(at: number): void;
  /** From here on time is the wall's. */
  thaw(): void;
};

/** A frozen clock. Pass `() => clock.now()` to the store, so that its stamps are the world's. */
export function createWorldClock(at: number): WorldClock {
  let frozen: number | undefined = at;
  return {
    now: () => frozen ?? Date.now(),
    set(next) {
      if (frozen !== undefined) frozen = next;
    },
    thaw() {
      frozen = undefined;
    },
  };
}
