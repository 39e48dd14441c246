import { UserError } from '../../errors.ts';

/** Why Azure gave no good answer. Code decides by `kind`; people read `what` and `hint`. */
export type AzureProblemKind =
  /** Nobody is signed in, or the sign-in ran out. */
  | 'signed-out'
  /** No connection: refused, reset, timed out, no such name; or a proxy on the way refused. */
  | 'unreachable'
  /** The certificate is not to be trusted. */
  | 'tls'
  /** Azure refuses the token (401), or the authority would not give one. */
  | 'unauthorized'
  /** A role is missing. */
  | 'forbidden'
  | 'missing'
  /** Another operation is under way (409). */
  | 'conflict'
  /** It was changed since it was read (412). */
  | 'changed'
  | 'throttled'
  /** The request itself was refused (400, 422). */
  | 'refused'
  | 'server';

export class AzureProblem extends UserError {
  declare readonly kind: AzureProblemKind;
  /** HTTP status, 0 where there was none. */
  readonly status: number;
  /** What Azure asked us to wait, ms; 0 where it did not. */
  readonly retryAfterMs: number;
  /** Azure's own code (`OperationNotAllowed`) and words, sanitised; '' where there were none. */
  readonly code: string;
  readonly said: string;

  constructor(
    kind: AzureProblemKind,
    what: string,
    hint = '',
    more: { status?: number; retryAfterMs?: number; code?: string; said?: string } = {},
  ) {
    super(what, hint, kind);
    this.status = more.status ?? 0;
    this.retryAfterMs = more.retryAfterMs ?? 0;
    this.code = more.code ?? '';
    this.said = more.said ?? '';
  }
}
