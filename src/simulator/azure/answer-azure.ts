import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import type { FaultAction } from '../api/intercept.ts';
import { createOutlet, type Outlet } from '../api/outlet.ts';
import { answerError } from './answers.ts';
import { actionOf, parseArmPath } from './arm/arm-path.ts';
import { isFor, type Service, serviceOf } from './audiences.ts';
import { type AuthorityRequest, refuse } from './authority.ts';
import type { AzureAsked, AzureIntercept } from './azure-fault.ts';
import { type AzureEntry, toldBody, toldHeaders } from './azure-log.ts';
import { azurePlace } from './azure-settings.ts';
import type { AzureAnswer, AzureRequest, Route } from './route.ts';
import type { ReadToken, Tokens } from './tokens.ts';

export type AzureSetting = {
  /** Where it listens. */
  url(): string;
  tokens: Tokens;
  authority(request: AuthorityRequest): AzureAnswer;
  arm: Route;
  /** Undefined: there is no Log Analytics. */
  logs: Route | undefined;
  intercept: AzureIntercept;
  log(entry: AzureEntry): void;
  stopped: AbortSignal;
};

/** Answers one request, whatever happens, and writes its line into the log. */
export async function answerAzure(setting: AzureSetting, incoming: IncomingMessage, response: ServerResponse) {
  const started = performance.now();
  const at = new Date().toISOString();
  const gone = new AbortController();
  response.on('error', () => {});
  response.on('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, setting.stopped]);
  const { url = '/', headers, method = 'GET' } = incoming;
  const { pathname, searchParams } = new URL(url.replace(/^\/+/, '/'), 'https://azure.invalid');
  const path = decoded(pathname).replace(/\/{2,}/g, '/');
  const service = serviceOf(path);
  const token = readToken(setting.tokens, headers.authorization);
  let body = '';
  let status = 0;
  let outlet: Outlet | undefined;
  try {
    body = await readBody(incoming);
    const refused = service === 'authority' ? undefined : refuseToken(setting, service, headers.authorization, token);
    const faults = refused === undefined ? asList(setting.intercept(askedOf(service, method, path, token))) : [];
    outlet = createOutlet(response, faults);
    if (await hold(faults, incoming, signal)) return;
    const asked: AzureRequest = {
      ...{ method, path, query: searchParams, headers, body, signal },
      caller: token?.identity.name ?? '',
    };
    const answer = refused ?? faultAnswer(service, faults) ?? (await route(setting, service, asked));
    status = answer.status;
    await send(outlet, answer);
  } catch (problem) {
    if (outlet === undefined || outlet.closed || response.headersSent) outlet?.reset();
    else {
      status = 500;
      await send(outlet, answerError(500, 'InternalServerError', messageOf(problem))).catch(() => outlet?.reset());
    }
  } finally {
    setting.log({
      ...{ at, host: service, method, path: url, status },
      caller: token?.identity.name ?? '',
      audience: token?.audience ?? '',
      userAgent: String(headers['user-agent'] ?? ''),
      headers: toldHeaders(headers),
      ...toldBody(service, method, body),
      ms: Math.round(performance.now() - started),
      bytes: outlet?.bytes ?? 0,
    });
  }
}

async function route(setting: AzureSetting, service: Service, request: AzureRequest): Promise<AzureAnswer> {
  if (service === 'authority') return setting.authority(request);
  const answer = service === 'arm' ? await setting.arm(request) : await setting.logs?.(request);
  return answer ?? answerError(404, 'PathNotFoundError', 'The requested path does not exist');
}

async function send(outlet: Outlet, { status, headers = {}, body }: AzureAnswer): Promise<void> {
  const isWhole = body === undefined || typeof body === 'string';
  const length = isWhole ? { 'content-length': String(Buffer.byteLength(body ?? '')) } : {};
  outlet.head(status, { ...headers, ...(status === 204 ? {} : length) });
  if (isWhole) {
    if (body !== undefined && body !== '') await outlet.write(body);
  } else {
    for await (const piece of body) if (!(await outlet.write(piece))) break;
  }
  await outlet.end();
}

/** What comes before any answer: waiting, or none at all. True: nothing is left to do. */
async function hold(faults: readonly FaultAction[], incoming: IncomingMessage, signal: AbortSignal): Promise<boolean> {
  for (const fault of faults) {
    if (fault.kind === 'delay') await sleep(fault.milliseconds, undefined, { signal }).catch(() => {});
  }
  if (faults.some(({ kind }) => kind === 'hang-up')) {
    incoming.socket.destroy();
    return true;
  }
  if (!faults.some(({ kind }) => kind === 'black-hole')) return false;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  return true;
}

function faultAnswer(service: Service, faults: readonly FaultAction[]): AzureAnswer | undefined {
  const fault = faults.find((one) => one.kind === 'status');
  if (fault === undefined) return undefined;
  const { code, reason, message, retryAfterSeconds, details } = fault;
  const given = (details ?? {}) as { aadsts?: number; headers?: Record<string, string>; body?: unknown };
  if (service === 'authority') return refuse(reason, given.aadsts ?? 0, message, code);
  const wait: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return answerError(code, reason, message, { headers: { ...wait, ...given.headers } });
}

function askedOf(service: Service, method: string, path: string, token: ReadToken | undefined): AzureAsked {
  const arm = service === 'arm' ? parseArmPath(path) : undefined;
  const last = path.split('/').at(-1) ?? '';
  const kind =
    arm === undefined
      ? last
      : (arm.shape
          .split('/')
          .filter((part) => part !== '*')
          .at(-1) ?? '');
  return {
    ...{ service, path, verb: method.toLowerCase(), kind: kind.toLowerCase() },
    action: arm === undefined ? '' : actionOf(method, arm),
    caller: token?.identity.name ?? '',
    callerId: token?.identity.id ?? '',
  };
}

function readToken(tokens: Tokens, authorization: string | undefined): ReadToken | undefined {
  const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  return token === undefined ? undefined : tokens.read(token);
}

/** In the services' own words. Undefined: it may ask. */
function refuseToken(
  setting: AzureSetting,
  service: 'arm' | 'logs',
  authorization: string | undefined,
  token: ReadToken | undefined,
): AzureAnswer | undefined {
  const challenge = (error: string, words: string) => ({
    'www-authenticate': `Bearer authorization_uri="${setting.url()}/${azurePlace.tenant}", error="${error}", error_description="${words}"`,
  });
  if (authorization === undefined) {
    const words = "Authentication failed. The 'Authorization' header is missing.";
    const code = service === 'arm' ? 'AuthenticationFailed' : 'AuthorizationRequiredError';
    return answerError(401, code, words, { headers: challenge('invalid_token', words) });
  }
  if (token === undefined) {
    const words = 'The access token is invalid.';
    const code = service === 'arm' ? 'InvalidAuthenticationToken' : 'InvalidTokenError';
    return answerError(401, code, words, { headers: challenge('invalid_token', words) });
  }
  if (token.expires <= Date.now()) {
    const since = new Date(token.expires).toUTCString();
    const words = `The access token expiry UTC time '${since}' is earlier than current UTC time '${new Date().toUTCString()}'.`;
    const code = service === 'arm' ? 'ExpiredAuthenticationToken' : 'InvalidTokenError';
    return answerError(401, code, words, { headers: challenge('invalid_token', 'The access token has expired.') });
  }
  if (isFor(service, token.audience, setting.url())) return undefined;
  const wanted = service === 'arm' ? 'https://management.azure.com' : 'https://api.loganalytics.io';
  return answerError(
    service === 'arm' ? 401 : 403,
    'InvalidAuthenticationTokenAudience',
    `The access token has been obtained for wrong audience or resource '${token.audience}'. It should exactly match with one of the allowed audiences '${wanted}','${wanted}/'.`,
  );
}

const mostBytes = 8_000_000;

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error('The request is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function asList(actions: ReturnType<AzureIntercept>): readonly FaultAction[] {
  if (actions === undefined) return [];
  return Array.isArray(actions) ? (actions as readonly FaultAction[]) : [actions as FaultAction];
}
