/**
 * Long work cut into turns of a few milliseconds at most: whoever drives it may let others in between, or stop. What it
 * comes to is the value it returns.
 */
export type Turns<Result> = Generator<void, Result, void>;

/** All turns at once. */
export function toItsEnd<Result>(turns: Turns<Result>): Result {
  for (;;) {
    const { done, value } = turns.next();
    if (done) return value;
  }
}
