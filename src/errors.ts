/**
 * Something the user can act on: printed as "what: try", never with a stack.
 * Anything else that is thrown is our bug and is printed as one.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly what: string;
  readonly hint: string;
  /** What code may decide by, such as 'missing' or 'forbidden'; '' where there is nothing to decide. */
  readonly kind: string;

  /** `what` happened, in one sentence; `hint` says what to try, in one sentence. */
  constructor(what: string, hint = '', kind = '') {
    super(hint === '' ? what : `${what} ${hint}`);
    this.what = what;
    this.hint = hint;
    this.kind = kind;
  }
}

/** A hint for where whoever asked asks again by themselves; a command that ends with it says `tryAgain` instead. */
export const isTriedAgain = 'It is tried again.';
export const tryAgain = 'Try again in a moment.';

/** What was thrown, in its own words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
