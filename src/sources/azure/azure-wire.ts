import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent } from 'node:https';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { messageOf } from '../../errors.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { proxyFor } from '../kubernetes/proxy.ts';
import { withoutLogin } from '../kubernetes/without-login.ts';
import type { AzureCloud } from './azure-cloud.ts';
import { AzureProblem, answerProblem, connectionProblem } from './azure-problem.ts';
import type { PipelinePolicy } from './client-options.ts';

/** One attempt of one request, as it ended. Status 0 = no answer. The query and all bodies stay out of it. */
export type AzureRequestSeen = { method: string; host: string; path: string; status: number; ms: number };

export type AzureWire = {
  /**
   * The last policy before the socket, in every client. `limitMs`: no answer for this long is a failure; 0 = none. A
   * service that says 429 is not asked again behind our back (a client would wait as long as it is told, and nobody could
   * see that): the AzureProblem says how long it wants us to wait.
   */
  policy(limitMs: number, of: 'service' | 'authority'): PipelinePolicy;
  /** What last went wrong between us and the authority, since anything went right: the identity library tells neither. */
  authorityTrouble(): Error | undefined;
  close(): void;
};

type Options = {
  cloud: AzureCloud;
  /** PEM file trusted besides the system's authorities; '' = none. */
  ca: string;
  env: Readonly<Record<string, string | undefined>>;
  onRequest(seen: AzureRequestSeen): void;
  /** A client asks the same again after this attempt. */
  onAgain(after: AzureRequestSeen): void;
  /** A service refuses the token it was sent, and wants no other kind of token: it was revoked, or has run out. */
  onRefused(): void;
};

/**
 * How anything reaches Azure: TLS is verified, a proxy is used as everywhere else in this program, and no token leaves
 * but over https and to the host it is for. The clients' own proxy policy does none of the three: with a proxy it drops
 * the certificate authorities, it reads NO_PROXY without networks and once per process, and it proxies loopback.
 */
export function createAzureWire({ cloud, ca, env, onRequest, onAgain, onRefused }: Options): AzureWire {
  const agents = new Map<string, Agent>();
  const plain = new HttpAgent();
  let trusted: SecureContext | undefined;
  let trouble: Error | undefined;
  /** Of requests that are tried: a client sends the same object again. */
  const attempts = new WeakMap<object, AzureRequestSeen>();

  function agentFor(url: URL): Agent {
    const proxy = proxyFor({ server: url.origin }, env);
    const known = agents.get(proxy);
    if (known !== undefined) return known;
    if (proxy !== '' && !/^https?:\/\/./.test(proxy)) throw badProxy(proxy);
    // Made once: parsing some hundred certificates for every connection would cost more than the connection.
    trusted ??= createSecureContext({ ca: [...authorities(ca)] });
    const agent = new Agent({
      keepAlive: true,
      secureContext: trusted,
      rejectUnauthorized: true,
      ...(proxy === '' ? {} : { proxyEnv: { HTTPS_PROXY: proxy } }),
    });
    agents.set(proxy, agent);
    return agent;
  }

  return {
    policy: (limitMs, of) => ({
      name: 'ciliscopeWire',
      async sendRequest(request, next) {
        const url = new URL(request.url);
        const started = performance.now();
        const seen = (status: number) => {
          const { method } = request;
          const path = sanitiseLine(url.pathname, 400);
          const attempt = { method, host: url.host, path, status, ms: performance.now() - started };
          attempts.set(request, attempt);
          onRequest(attempt);
        };
        const before = attempts.get(request);
        if (before !== undefined) onAgain(before);
        try {
          if (request.headers.has('authorization')) refuseStranger(url, cloud);
          // In the clear is only the machine's own identity service, which no proxy knows.
          request.agent = url.protocol === 'https:' ? agentFor(url) : plain;
          if (request.timeout === 0) request.timeout = limitMs;
          const response = await next(request);
          seen(response.status);
          if (of === 'service' && isThrottling(response)) throw throttled(response, url.host);
          if (of === 'service' && isRefusal(response)) onRefused();
          if (of === 'authority') trouble = response.status < 400 ? undefined : new Error(saidBy(response));
          return response;
        } catch (error) {
          const problem = connectionProblem(error, url.host);
          if (of === 'authority') trouble = problem;
          if (error instanceof AzureProblem) throw error;
          seen(0);
          // Ours, not the caller's: a client would wait as long twice more before anybody heard of it.
          const isTooLong = (error as Error).name === 'AbortError' && request.abortSignal?.aborted !== true;
          throw isTooLong ? problem : error;
        }
      },
    }),
    authorityTrouble: () => trouble,
    close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

type Answer = Awaited<ReturnType<PipelinePolicy['sendRequest']>>;

function isThrottling({ status, headers }: Answer): boolean {
  return status === 429 || (status === 503 && headers.has('retry-after'));
}

/** One that names claims is answered by the client itself, with a token that has them. */
function isRefusal({ status, headers }: Answer): boolean {
  return status === 401 && !/claims=/i.test(headers.get('www-authenticate') ?? '');
}

function throttled({ status, headers, bodyAsText }: Answer, host: string): AzureProblem {
  let body: unknown;
  try {
    body = JSON.parse(bodyAsText ?? '');
  } catch {
    // No JSON, or a body that was to be read as a stream.
  }
  return answerProblem({ status, headers: headers.toJSON(), body, host }, 'answer', '');
}

/** The authority says why as `error_description`, beginning with one of Entra's codes. */
function saidBy({ status, bodyAsText }: Answer): string {
  try {
    return String((JSON.parse(bodyAsText ?? '') as { error_description?: unknown }).error_description ?? status);
  } catch {
    return `the authority answered ${status}`;
  }
}

/** A next page or the address of an operation is Azure's to name, but not the host that gets our token. */
function refuseStranger(url: URL, cloud: AzureCloud): void {
  const ours = [cloud.arm, cloud.logs].map((address) => new URL(address));
  const known = ours.some(({ host }) => url.host === host || url.host.endsWith(`.${host}`));
  if (url.protocol === 'https:' && known) return;
  throw new AzureProblem(
    'refused',
    `A token was about to be sent to ${sanitiseLine(`${url.protocol}//${url.host}`, 200)}, which is none of this cloud's services.`,
    'It was not sent.',
  );
}

/** What Node trusts (with NODE_EXTRA_CA_CERTS), what the system trusts (with SSL_CERT_FILE), and what we were told to. */
function authorities(ca: string): ReadonlySet<string> {
  return new Set([...getCACertificates('default'), ...getCACertificates('system'), ...(ca === '' ? [] : [read(ca)])]);
}

function read(ca: string): string {
  try {
    return readFileSync(ca, 'utf8');
  } catch (error) {
    throw new AzureProblem(
      'tls',
      `The certificate authority for Azure cannot be read: ${sanitiseLine(messageOf(error), 200)}.`,
      'Check $CILISCOPE_AZURE_CA.',
    );
  }
}

function badProxy(proxy: string): AzureProblem {
  return new AzureProblem(
    'unreachable',
    `Azure cannot be reached through the proxy ${sanitiseLine(withoutLogin(proxy), 100)}: it is of another kind than http:// or https://.`,
    'See HTTPS_PROXY, and NO_PROXY for hosts that need none.',
  );
}
