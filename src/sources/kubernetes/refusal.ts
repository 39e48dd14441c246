import type { RefusalKind } from '../../model/writes.ts';
import { ApiProblem } from './api-problem.ts';

export type Refusal = { kind: RefusalKind; what: string; hint: string; retryAfterMs?: number };

/** What it means that the server refused a change; undefined where it may have happened all the same. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  const { status, said, what, hint } = error;
  if (status === 409) {
    const exists = /already exists/.test(said);
    return {
      kind: 'conflict',
      what: exists ? 'It is there already.' : 'It was changed meanwhile (409).',
      hint: said,
    };
  }
  // A webhook or a ValidatingAdmissionPolicy answers with the same 403 as a missing right does.
  if (isDenial(said)) return { kind: 'refused', what: `An admission rule denies it (${status}).`, hint: said };
  // So does what the server itself will not have: a namespace that ends, a quota, a budget that cannot keep count.
  if (status === 403 && said !== '' && !isOfRights(said))
    return { kind: 'refused', what: 'The server forbids it (403), and not for a missing right.', hint: said };
  // An error of the server by its status, and yet a plain no: an eviction knows one budget.
  if (/more than one PodDisruptionBudget/.test(said)) {
    return {
      kind: 'refused',
      what: 'More than one disruption budget is about it, so it cannot be evicted.',
      hint: said,
    };
  }
  switch (error.kind) {
    case 'forbidden':
    case 'missing':
    case 'refused':
    case 'unauthorized':
      return { kind: error.kind, what, hint };
    case 'throttled':
      if (/disruption budget/.test(said))
        return { kind: 'budget', what: 'Its disruption budget is in the way (429).', hint: said };
      return {
        ...{ kind: 'throttled', what, hint: waitWords(error.retryAfterMs, hint) },
        retryAfterMs: error.retryAfterMs,
      };
    // Without a certificate that is to be trusted nothing was sent.
    case 'tls':
      return { kind: 'refused', what, hint };
    case 'unreachable':
      return error.unsent ? { kind: 'unreachable', what: `${what} Nothing was changed.`, hint } : undefined;
    default:
      return undefined;
  }
}

function isDenial(said: string): boolean {
  return /admission webhook .* denied|ValidatingAdmissionPolicy .* denied|denied the request/.test(said);
}

/** As every authorizer is quoted: `User "jane" cannot delete resource "pods" in API group "" …`. */
function isOfRights(said: string): boolean {
  return /\buser "[^"]*" cannot \w+/i.test(said);
}

function waitWords(retryAfterMs: number, hint: string): string {
  const wait = retryAfterMs > 0 ? `Nothing was changed. Try again in ${Math.ceil(retryAfterMs / 1_000)}s.` : '';
  return [wait || 'Nothing was changed. Try again in a while.', hint].filter((part) => part !== '').join(' ');
}
