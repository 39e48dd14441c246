import { messageOf } from '../../errors.ts';
import { record } from '../../model/objects/raw.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { AzureProblem, retryAfter } from './azure-problem.ts';

/** What went wrong with a request that changes something, as far as it decides what to do next. */
export type Fault = {
  kind: FaultKind;
  /** 0 = no answer. */
  status: number;
  retryAfterMs: number;
  /** Azure's words, or the connection's. Sanitised. */
  text: string;
  hint: string;
};

export type FaultKind =
  /** 429: Azure did nothing with it. */
  | 'throttled'
  /** 409: another operation is under way. */
  | 'busy'
  /** 412, or 409 because it is there already. */
  | 'changed'
  | 'signed-out'
  /** Any other 4xx. */
  | 'refused'
  /** An operation that Azure began, and ended without success. */
  | 'ended'
  /** No answer, or 5xx: it may have been done. */
  | 'lost';

export function faultOf(error: unknown): Fault {
  if (error instanceof AzureProblem) return ofProblem(error);
  const { statusCode, code, message, response, details } = (error ?? {}) as Partial<RestError>;
  const status = typeof statusCode === 'number' ? statusCode : 0;
  const inner = record(record(details).error);
  const word = sanitiseLine(inner.code ?? code ?? '', 100);
  const said = sanitiseLine(inner.message ?? message ?? messageOf(error), 500);
  // The poller throws plain errors of its own wording for what Azure says of an operation.
  const ended = status === 0 && /^(the long-running operation has failed|operation was canceled)/i.test(said);
  return {
    kind: ended ? 'ended' : kindOf(status, word),
    status,
    retryAfterMs: retryAfter((name) => response?.headers?.get(name)),
    text:
      word === '' || said.includes(word)
        ? said.replace(/^The long-running operation has failed\. /, '')
        : `${word}: ${said}`,
    hint: '',
  };
}

type RestError = {
  statusCode: number;
  code: string;
  message: string;
  details: unknown;
  response: { headers?: { get(name: string): string | undefined } };
};

function ofProblem({ kind, status, retryAfterMs, code, said, what, hint }: AzureProblem): Fault {
  const text = said === '' ? what : `${code === '' ? '' : `${code}: `}${said}`;
  if (kind === 'signed-out' || kind === 'unauthorized') return { kind: 'signed-out', status, retryAfterMs, text, hint };
  if (kind === 'unreachable' || kind === 'tls') return { kind: 'lost', status, retryAfterMs, text, hint };
  return { kind: kindOf(status, code), status, retryAfterMs, text, hint };
}

function kindOf(status: number, code: string): FaultKind {
  if (status === 429) return 'throttled';
  if (status === 412) return 'changed';
  if (status === 409) return /exist/i.test(code) ? 'changed' : 'busy';
  if (status === 401) return 'signed-out';
  return status >= 400 && status < 500 ? 'refused' : 'lost';
}
