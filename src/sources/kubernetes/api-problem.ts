import { isTriedAgain, UserError } from '../../errors.ts';
import { sanitiseLine } from '../../model/sanitise.ts';

/** Why the server gave no good answer. The reader decides by `kind`; people read `what` and `hint`. */
export type ProblemKind =
  /** No connection: refused, reset, timed out, no such name, no route. */
  | 'unreachable'
  /** Connected, but the certificate is not to be trusted. Never overcome by trying again. */
  | 'tls'
  /** The credentials were refused (401), or could not be had. */
  | 'unauthorized'
  | 'forbidden'
  | 'missing'
  /** The version is too old: list again (410). */
  | 'expired'
  /** The version is newer than what this server has seen (504 with that cause). */
  | 'too-new'
  | 'throttled'
  /** The request itself was refused (400, 422): a server that lacks what was asked. */
  | 'refused'
  /** 5xx, or an answer that makes no sense. */
  | 'server';

export class ApiProblem extends UserError {
  declare readonly kind: ProblemKind;
  /** HTTP status, 0 where there was none. */
  readonly status: number;
  /** What the server asked us to wait, ms; 0 where it did not. */
  readonly retryAfterMs: number;
  /** The server's own words, sanitised; '' where there were none. */
  readonly said: string;
  /** There was no connection to send anything on: what was asked cannot have happened. */
  readonly unsent: boolean;

  constructor(
    kind: ProblemKind,
    what: string,
    hint = '',
    more: { status?: number; retryAfterMs?: number; said?: string; unsent?: boolean } = {},
  ) {
    super(what, hint, kind);
    this.status = more.status ?? 0;
    this.retryAfterMs = more.retryAfterMs ?? 0;
    this.said = more.said ?? '';
    this.unsent = more.unsent ?? false;
  }
}

/** What a failed connection means, from the error of undici, Node's net or OpenSSL. */
export function connectionProblem(error: unknown, server: string): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const { codes, message } = unwrap(error);
  const host = hostOf(server);
  const has = (...wanted: string[]) => wanted.some((code) => codes.includes(code));
  if (has('ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA')) {
    return new ApiProblem(
      'unreachable',
      `The name ${host} cannot be resolved.`,
      'Check the network, the VPN and, for a private cluster, its DNS zone; the name comes from the kubeconfig.',
      { unsent: true },
    );
  }
  if (has('ECONNREFUSED')) {
    return new ApiProblem(
      'unreachable',
      `${server} refuses connections.`,
      'Is the cluster started, and is this still its address?',
      { unsent: true },
    );
  }
  if (has('UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN')) {
    return new ApiProblem(
      'unreachable',
      `${server} cannot be reached: no answer to the connection attempt.`,
      'Check the network, the VPN and the authorized IP ranges of the API server.',
      // The others may also end a connection that stood.
      { unsent: has('UND_ERR_CONNECT_TIMEOUT') },
    );
  }
  if (has('UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'TimeoutError')) {
    return new ApiProblem('unreachable', `${server} took the request and does not answer.`, isTriedAgain);
  }
  if (has('CERT_HAS_EXPIRED')) {
    return tls(
      `The certificate of ${host} has expired.`,
      'The cluster must renew it; check the clock of this machine too.',
    );
  }
  if (has('CERT_NOT_YET_VALID')) {
    return tls(`The certificate of ${host} is not valid yet.`, 'Check the clock of this machine.');
  }
  if (has('ERR_TLS_CERT_ALTNAME_INVALID')) {
    return tls(
      `The certificate of ${host} is for another name.`,
      'Check `server` and `tls-server-name` in the kubeconfig: this may be another server.',
    );
  }
  if (
    codes.some((code) =>
      /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|CERT_UNTRUSTED|CERT_SIGNATURE|INVALID_CA/.test(code),
    )
  ) {
    return tls(
      `The certificate of ${host} is signed by an authority this kubeconfig does not know.`,
      'Get fresh credentials (az aks get-credentials --overwrite-existing): this may be another cluster or a proxy in between.',
    );
  }
  if (codes.some((code) => code.startsWith('ERR_OSSL'))) {
    return tls(
      `A certificate or key of the kubeconfig cannot be used (${sanitiseLine(message, 120)}).`,
      'Get the credentials again (az aks get-credentials --overwrite-existing).',
    );
  }
  if (codes.some((code) => code.startsWith('ERR_SSL') || code === 'EPROTO')) {
    return tls(
      `${host} does not speak TLS as it should (${sanitiseLine(message, 120)}).`,
      'Check the port and `https://` of `server` in the kubeconfig.',
    );
  }
  if (codes.some((code) => code.startsWith('HPE_'))) {
    return new ApiProblem(
      'server',
      `${server} is not a Kubernetes API server: it does not answer in HTTP.`,
      checkServer,
    );
  }
  if (has('ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED', 'UND_ERR_ABORTED')) {
    return new ApiProblem('unreachable', `${server} closed the connection.`, isTriedAgain);
  }
  return new ApiProblem('unreachable', `${server} cannot be asked: ${sanitiseLine(message, 200)}`, isTriedAgain);
}

const proxyRefuses =
  'What refuses may be a proxy in between, and not a right that is missing: ask who runs it, or check `server` in the kubeconfig.';
const checkServer = 'Check `server` in the kubeconfig.';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** What an answer other than 2xx means. `asked` is verb and resource in words: `list pods`. */
export function statusProblem(status: number, headers: Headers, body: string, asked: string): ApiProblem {
  const said = readStatus(body);
  const words = said === undefined ? '' : sanitiseLine([said.message, ...budgetsOf(said)].join(' '), 300);
  const retryAfterMs = retryAfter(headers, said?.details?.retryAfterSeconds);
  const make = (kind: ProblemKind, what: string, hint = '') =>
    new ApiProblem(kind, what, hint, { status, retryAfterMs, said: words });
  if (status === 401) {
    return make('unauthorized', 'The server refuses these credentials (401).', signInAgain);
  }
  if (status === 403) {
    const right = rightTo(asked);
    if (said === undefined)
      return make('forbidden', `Refused (403), not in Kubernetes’ words: ${right}.`, proxyRefuses);
    return make(
      'forbidden',
      `No permission: ${right}.`,
      `Ask for the right to ${right}. The server says: ${words || 403}`,
    );
  }
  if (status === 404)
    return make('missing', words === '' ? `The server has nothing there to ${asked}.` : `Not found: ${words}.`);
  if (status === 410) return make('expired', 'The server no longer has changes that old (410).');
  if (status === 429) return make('throttled', 'The server asks us to slow down (429).', words);
  if (status === 504 && isTooNew(said)) return make('too-new', 'The server has not caught up to what we saw (504).');
  if (status === 503 && retryAfterMs > 0) return make('throttled', 'The server is overloaded (503).', words);
  if (said === undefined && status < 500) {
    return make('server', `The answer (${status}) is not one of a Kubernetes API server.`, checkServer);
  }
  if (status < 500) return make('refused', `The server refused to ${asked} (${status}).`, words);
  return make('server', `The server failed to ${asked} (${status}).`, words);
}

/** In RBAC's own verbs: it knows neither a rehearsal nor a replacement. */
function rightTo(asked: string): string {
  return asked
    .replace(/^dry-run /, '')
    .replace(/^replace /, 'update ')
    .replace(/^apply /, 'patch ');
}

/** An ERROR line of a watch carries a Status of its own. */
export function watchProblem(object: unknown, asked: string): ApiProblem {
  const status = object as KubernetesStatus | undefined;
  const code = typeof status?.code === 'number' ? status.code : 500;
  return statusProblem(code, {}, JSON.stringify({ ...status, kind: 'Status' }), asked);
}

export const signInAgain =
  'Sign in again (az login, kubelogin) or get fresh credentials (az aks get-credentials); an open console picks them up by itself.';

type KubernetesStatus = {
  kind?: string;
  code?: number;
  message?: string;
  reason?: string;
  details?: { retryAfterSeconds?: number; causes?: { reason?: string; message?: string }[] };
};

function readStatus(body: string): KubernetesStatus | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'kind' in parsed && parsed.kind === 'Status')
      return parsed as KubernetesStatus;
  } catch {
    // Not JSON: a proxy's page, or nothing.
  }
  return undefined;
}

/** What a disruption budget lacks stands beside the message. */
function budgetsOf({ details }: KubernetesStatus): readonly string[] {
  const causes = Array.isArray(details?.causes) ? details.causes : [];
  return causes.flatMap((cause) => (cause?.reason === 'DisruptionBudget' ? [String(cause.message)] : []));
}

function isTooNew(status: KubernetesStatus | undefined): boolean {
  const causes = status?.details?.causes;
  if (Array.isArray(causes) && causes.some((cause) => cause?.reason === 'ResourceVersionTooLarge')) return true;
  return /too large resource version/i.test(String(status?.message ?? ''));
}

/** Seconds or an HTTP date, as ms from now; at most ten minutes, whatever a proxy may ask. */
function retryAfter(headers: Headers, seconds: number | undefined): number {
  const text = firstOf(headers['retry-after']);
  const asked = text === undefined ? Number(seconds ?? 0) * 1_000 : headerMs(text, firstOf(headers['date']));
  return Number.isFinite(asked) ? Math.min(Math.max(asked, 0), 600_000) : 0;
}

/** A moment is told by the clock of whoever answers, as the same answer's Date is: ours may be minutes off. */
function headerMs(text: string, date = ''): number {
  const seconds = Number(text);
  return Number.isNaN(seconds) ? Date.parse(text) - (Date.parse(date) || Date.now()) : seconds * 1_000;
}

function firstOf(header: Headers[string]): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function tls(what: string, hint: string): ApiProblem {
  return new ApiProblem('tls', what, hint);
}

/** undici wraps the reason in `cause`, Node wraps several addresses in an AggregateError. */
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

function hostOf(server: string): string {
  return URL.canParse(server) ? new URL(server).host : server;
}
