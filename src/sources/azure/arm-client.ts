import type { TokenCredential } from '@azure/identity';
import { AzureProblem, answerProblem, connectionProblem } from './azure-problem.ts';
import type { AzureClientOptions } from './client-options.ts';

/** One question to ARM, or one change. */
export type ArmRequest = {
  method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** From /subscriptions on, or a whole address that ARM gave (nextLink, Azure-AsyncOperation). Parts are encoded. */
  path: string;
  /** '' where the path has it. */
  apiVersion: string;
  query?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
  /** What it is for, in words, for messages: `read the managed cluster`. */
  asked: string;
  /** The role that would do where it is refused: `Reader`. */
  role: string;
};
export type ArmAnswer = {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** As JSON says it, nothing dropped; undefined without one. */
  body: unknown;
};

export type ArmClient = {
  /** Rejects with an AzureProblem for anything but 2xx, with an AbortError when `signal` came. */
  send(request: ArmRequest, signal?: AbortSignal): Promise<ArmAnswer>;
  /** All pages of a list, by nextLink; at most `most` items (5,000) and 200 pages, then it ends there. */
  list(request: Omit<ArmRequest, 'method'>, signal?: AbortSignal, most?: number): Promise<readonly unknown[]>;
};

/**
 * ARM by ContainerServiceClient's own pipeline, raw: its typed operations drop what they do not know, and their paged
 * lists the words of a refusal.
 */
export function createArmClient(credential: TokenCredential, options: AzureClientOptions): ArmClient {
  const host = new URL(options.endpoint).host;
  let loading: ReturnType<typeof load> | undefined;
  // Half a second of processor time: only when something is asked.
  async function load() {
    const { createContainerService } = await import('@azure/arm-containerservice/api');
    return {
      reading: createContainerService(credential, '', options),
      // What changes something is never sent again by itself: an answer that was lost is looked for first.
      changing: createContainerService(credential, '', { ...options, retryOptions: { maxRetries: 0 } }),
    };
  }

  /** What this cloud serves instead of an api-version that it lacks. */
  const served = new Map<string, string>();

  async function send(request: ArmRequest, signal?: AbortSignal): Promise<ArmAnswer> {
    signal?.throwIfAborted();
    loading ??= load();
    const { reading, changing } = await loading;
    const client = request.method === 'GET' ? reading : changing;
    const apiVersion = served.get(request.apiVersion) ?? request.apiVersion;
    const version = apiVersion === '' ? {} : { 'api-version': apiVersion };
    // Braces would be taken for parameters of the client's own; a resource ID has none.
    const path = client.pathUnchecked(request.path.replace(/\{/g, '%7B').replace(/\}/g, '%7D'));
    const how = {
      queryParameters: { ...version, ...request.query },
      headers: { accept: 'application/json', ...request.headers },
      ...(request.body === undefined ? {} : { body: request.body, contentType: 'application/json' }),
      ...(signal === undefined ? {} : { abortSignal: signal }),
    };
    const methods = { GET: 'get', PUT: 'put', POST: 'post', PATCH: 'patch', DELETE: 'delete' } as const;
    let answer: { status: string; headers: Record<string, string | undefined>; body: unknown };
    try {
      answer = await path[methods[request.method]](how);
    } catch (error) {
      signal?.throwIfAborted();
      throw connectionProblem(error, host);
    }
    const status = Number(answer.status);
    const headers = answer.headers as Record<string, string>;
    if (status >= 200 && status < 300) return { status, headers, body: answer.body || undefined };
    const other = status === 400 && request.method === 'GET' ? newestServed(answer.body) : '';
    if (other !== '' && !served.has(request.apiVersion)) {
      served.set(request.apiVersion, other);
      return send(request, signal);
    }
    throw answerProblem({ status, headers, body: answer.body, host }, request.asked, request.role);
  }

  return {
    send,
    async list(request, signal, most = 5_000) {
      const items: unknown[] = [];
      let next: ArmRequest | undefined = { ...request, method: 'GET' };
      const seen = new Set<string>();
      while (next !== undefined && items.length < most && seen.size < mostPages) {
        seen.add(next.path);
        const { body }: ArmAnswer = await send(next, signal);
        const { value, nextLink } = (body ?? {}) as { value?: unknown; nextLink?: unknown };
        if (!Array.isArray(value)) {
          throw new AzureProblem('server', `Azure's answer makes no sense: could not ${request.asked}.`);
        }
        for (const item of value) items.push(item);
        const { query: _query, ...rest } = request;
        next =
          typeof nextLink === 'string' && nextLink !== '' && !seen.has(nextLink)
            ? { ...rest, method: 'GET', path: nextLink, apiVersion: '' }
            : undefined;
      }
      return items.slice(0, most);
    },
  };
}

/** A page may be empty and name another one, and that the same again. */
const mostPages = 200;

/** A cloud that lacks an api-version names those that it has: the newest that is no preview, '' where it names none. */
function newestServed(body: unknown): string {
  const said = /supported (?:api-)?versions are '([^']*)'/i.exec(JSON.stringify(body) ?? '')?.[1] ?? '';
  const versions = said.split(/[,\s]+/).filter((version) => /^\d{4}-\d\d-\d\d$/.test(version));
  return versions.sort().at(-1) ?? '';
}
