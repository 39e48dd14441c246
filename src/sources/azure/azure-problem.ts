import { isTriedAgain, UserError } from '../../errors.ts';
import { sanitiseLine } from '../../model/sanitise.ts';

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

/** An answer other than 2xx, of ARM or Log Analytics. */
export type RefusedAnswer = {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** As parsed, or the text where it is no JSON. */
  body: unknown;
  host: string;
};

/** `asked`: what for, in words (`read the managed cluster`); `role`: the one that would do. */
export function answerProblem(answer: RefusedAnswer, asked: string, role: string): AzureProblem {
  const { status, headers } = answer;
  const { code, message } = errorOf(answer.body);
  const said = message === '' ? '' : ` Azure says: ${closed(message)}`;
  const retryAfterMs = retryAfter((name) => headers[name]);
  const make = (kind: AzureProblemKind, what: string, hint: string) =>
    new AzureProblem(kind, what, hint, { status, retryAfterMs, code, said: message });
  if (status === 401 && /TokenTenant/i.test(code)) {
    return make('unauthorized', 'The sign-in is of another tenant than the subscription.', `See --tenant.${said}`);
  }
  if (status === 401) {
    return make('unauthorized', `Azure refuses this sign-in (401) to ${asked}.`, `Sign in again.${said}`);
  }
  if (status === 403 && /audience/i.test(code)) {
    return make('unauthorized', `The token is for another cloud than ${answer.host}.`, `See --azure-cloud.${said}`);
  }
  if (status === 403) {
    // Azure's words go on for lines with IDs; who is to give the role needs only its name.
    const words = message === '' ? '' : ` Azure says: ${closed(sanitiseLine(message, 200))}`;
    return make('forbidden', `No permission to ${asked}.`, `Ask for the role ${role}.${words}`);
  }
  if (status === 404) return make('missing', `Azure has nothing there to ${asked}.`, said.trim());
  if (status === 409) return make('conflict', `Azure cannot ${asked} now (409).`, said.trim());
  if (status === 412) {
    return make('changed', `It was changed by somebody else meanwhile: could not ${asked}.`, `Look again.${said}`);
  }
  if (status === 429) return make('throttled', 'Azure asks us to slow down (429).', said.trim());
  if (status === 503 && retryAfterMs > 0) return make('throttled', 'Azure is overloaded (503).', said.trim());
  if (status === 407) return make('unreachable', 'The proxy wants a login (407).', 'Put it into HTTPS_PROXY.');
  if (status < 500) return make('refused', `Azure refused to ${asked} (${codeWords(status, code)}).`, said.trim());
  return make('server', `Azure failed to ${asked} (${codeWords(status, code)}).`, said.trim() || isTriedAgain);
}

function codeWords(status: number, code: string): string {
  return code === '' ? String(status) : `${status} ${code}`;
}

/** ARM's and Log Analytics' `{error: {code, message}}`, and the authority's `{error, error_description}`. */
function errorOf(body: unknown): { code: string; message: string } {
  const error = at(body, 'error');
  if (typeof error === 'string') {
    return { code: sanitiseLine(error, 100), message: sanitiseLine(at(body, 'error_description') ?? '', 300) };
  }
  const inner = at(error, 'innererror') ?? at(error, 'innerError');
  const deepest = at(at(inner, 'innererror') ?? at(inner, 'innerError') ?? inner, 'message');
  const message = sanitiseLine(at(error, 'message') ?? '', 300);
  return {
    code: sanitiseLine(at(error, 'code') ?? '', 100),
    message: typeof deepest === 'string' && deepest !== '' ? `${message} ${sanitiseLine(deepest, 300)}` : message,
  };
}

function at(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Record<string, unknown>)[name] ?? undefined;
}

/** Seconds, milliseconds in the two other headers that Azure's clients know, or an HTTP date; at most ten minutes. */
export function retryAfter(header: (name: string) => string | undefined): number {
  const ms = header('retry-after-ms') ?? header('x-ms-retry-after-ms');
  const text = header('retry-after');
  const seconds = Number(text ?? Number.NaN);
  const asked =
    ms !== undefined
      ? Number(ms)
      : Number.isNaN(seconds)
        ? Date.parse(text ?? '') - (Date.parse(header('date') ?? '') || Date.now())
        : seconds * 1_000;
  return Number.isFinite(asked) ? Math.min(Math.max(asked, 0), 600_000) : 0;
}

/** What was thrown on the way to `host`, before there was an answer. An AzureProblem stays what it is. */
export function connectionProblem(error: unknown, host: string): Error {
  if (error instanceof AzureProblem) return error;
  const { codes, message } = unwrap(error);
  const has = (...wanted: string[]) => wanted.some((code) => codes.includes(code));
  const unreachable = (what: string, hint: string) => new AzureProblem('unreachable', what, hint);
  if (has('ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA')) {
    return unreachable(`The name ${host} cannot be resolved.`, 'Check the network, the VPN and its DNS.');
  }
  if (has('ERR_PROXY_TUNNEL') || /proxy/i.test(message)) {
    return unreachable(
      `The proxy does not let us through to ${host} (${sanitiseLine(message, 160)}).`,
      'See HTTPS_PROXY and NO_PROXY.',
    );
  }
  if (has('ECONNREFUSED')) return unreachable(`${host} refuses connections.`, 'Check the network and HTTPS_PROXY.');
  if (has('ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN')) {
    return unreachable(
      `${host} cannot be reached: no answer to the connection attempt.`,
      'Check the network, a firewall on the way and HTTPS_PROXY.',
    );
  }
  if (
    codes.some((code) => code.startsWith('CERT_') || tlsCodes.test(code) || code === 'ERR_TLS_CERT_ALTNAME_INVALID')
  ) {
    return new AzureProblem(
      'tls',
      `The certificate of ${host} is not to be trusted (${sanitiseLine(message, 160)}).`,
      'Where a proxy opens TLS, name its authority in $CILISCOPE_AZURE_CA or $NODE_EXTRA_CA_CERTS.',
    );
  }
  if (codes.some((code) => code.startsWith('ERR_SSL') || code.startsWith('ERR_OSSL') || code === 'EPROTO')) {
    return new AzureProblem('tls', `${host} does not speak TLS as it should (${sanitiseLine(message, 160)}).`);
  }
  if (has('PARSE_ERROR')) {
    return new AzureProblem(
      'server',
      `The answer of ${host} is no JSON.`,
      'Is a proxy or a page to log in to in between?',
    );
  }
  if (has('AbortError')) return unreachable(`${host} took the request and does not answer.`, isTriedAgain);
  if (has('ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE')) {
    return unreachable(`${host} closed the connection.`, isTriedAgain);
  }
  return unreachable(`${host} cannot be asked: ${closed(sanitiseLine(message, 200))}`, isTriedAgain);
}

const tlsCodes = /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|INVALID_CA/;

function closed(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function unwrap(error: unknown): { codes: string[]; message: string } {
  const codes: string[] = [];
  let message = '';
  const queue: unknown[] = [error];
  for (let i = 0; i < queue.length && i < 20; i++) {
    const one = queue[i];
    if (!(one instanceof Error)) continue;
    codes.push(one.name);
    if ('code' in one && typeof one.code === 'string') codes.push(one.code);
    if (one.message !== '') message = one.message;
    queue.push(one.cause);
    if (one instanceof AggregateError) queue.push(...one.errors);
  }
  return { codes, message: message || String(error) };
}
