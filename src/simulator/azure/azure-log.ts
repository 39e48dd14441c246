import type { IncomingHttpHeaders } from 'node:http';

/** One line of Azure's request log. No token, no secret and no code is ever in it. */
export type AzureEntry = {
  /** RFC 3339 with milliseconds, of the real clock. */
  at: string;
  /** Which of Azure's services; requests to the API server have no such field. */
  host: 'authority' | 'arm' | 'logs';
  method: string;
  /** With the query. */
  path: string;
  /** 0: no answer was given. */
  status: number;
  /** By the token: user or application. */
  caller: string;
  /** Whom the token was meant for; '' where none came. */
  audience: string;
  userAgent: string;
  headers: Readonly<Record<string, string>>;
  /** What was asked of the authority, without what proves who asks. */
  form?: Readonly<Record<string, string>>;
  /** Of writes to ARM, and of queries. */
  body?: string;
  ms: number;
  bytes: number;
};

const told = [
  'accept',
  'accept-encoding',
  'content-type',
  'if-match',
  'if-none-match',
  'prefer',
  'x-ms-client-request-id',
  'x-ms-correlation-request-id',
] as const;
const toldForm = ['grant_type', 'scope', 'client_id', 'client_assertion_type', 'claims'] as const;
const mostBody = 2_000_000;

/** Of the authorization only its scheme. */
export function toldHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const scheme = /^(\S+)\s/.exec(headers.authorization ?? '')?.[1];
  return {
    ...(scheme === undefined ? {} : { authorization: scheme }),
    ...Object.fromEntries(told.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : []))),
  };
}

export function toldBody(host: AzureEntry['host'], method: string, body: string): Pick<AzureEntry, 'body' | 'form'> {
  if (body === '' || method === 'GET') return {};
  if (host !== 'authority') return { body: body.slice(0, mostBody) };
  const form = new URLSearchParams(body);
  return {
    form: Object.fromEntries(toldForm.flatMap((name) => (form.has(name) ? [[name, form.get(name) ?? '']] : []))),
  };
}
