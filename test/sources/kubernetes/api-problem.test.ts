import { describe, expect, test } from 'vitest';
import { type ApiProblem, connectionProblem, statusProblem } from '../../../src/sources/kubernetes/api-problem.ts';

const server = 'https://api.example:443';
const failure = (code: string, message = code): Error => Object.assign(new Error(message), { code });
const wrapped = (code: string): Error => new TypeError('fetch failed', { cause: failure(code) });

const connections: [code: string, kind: ApiProblem['kind'], says: RegExp][] = [
  ['ENOTFOUND', 'unreachable', /name api\.example cannot be resolved/],
  ['EAI_AGAIN', 'unreachable', /cannot be resolved/],
  ['ECONNREFUSED', 'unreachable', /refuses connections/],
  ['UND_ERR_CONNECT_TIMEOUT', 'unreachable', /cannot be reached.*VPN/],
  ['EHOSTUNREACH', 'unreachable', /cannot be reached/],
  ['ECONNRESET', 'unreachable', /closed the connection/],
  ['UND_ERR_SOCKET', 'unreachable', /closed the connection/],
  ['CERT_HAS_EXPIRED', 'tls', /has expired/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', /is for another name/],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls', /authority this kubeconfig does not know/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', /authority this kubeconfig does not know/],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', /does not speak TLS/],
  ['HPE_INVALID_CONSTANT', 'server', /not a Kubernetes API server/],
  ['ERR_OSSL_PEM_NO_START_LINE', 'tls', /certificate or key of the kubeconfig cannot be used/],
];

describe('connections', () => {
  test.each(connections)('%s', (code, kind, says) => {
    for (const error of [failure(code), wrapped(code), new AggregateError([failure(code)])]) {
      const problem = connectionProblem(error, server);
      expect(problem.kind).toBe(kind);
      expect(problem.message).toMatch(says);
    }
  });

  test('no two causes read alike', () => {
    const texts = ['ENOTFOUND', 'ECONNREFUSED', 'EHOSTUNREACH', 'CERT_HAS_EXPIRED'].map(
      (code) => connectionProblem(failure(code), server).what,
    );
    expect(new Set(texts).size).toBe(4);
  });
});

const status = (message: string, more: object = {}) => JSON.stringify({ kind: 'Status', message, ...more });
const answers: [
  name: string,
  code: number,
  headers: Record<string, string>,
  body: string,
  wanted: Partial<ApiProblem>,
][] = [
  ['401', 401, {}, status('Unauthorized'), { kind: 'unauthorized' }],
  ['403', 403, {}, status('pods is forbidden'), { kind: 'forbidden', said: 'pods is forbidden' }],
  ['404', 404, {}, status('x not found'), { kind: 'missing' }],
  ['410', 410, {}, status('too old'), { kind: 'expired' }],
  ['429 in seconds', 429, { 'retry-after': '10' }, '', { kind: 'throttled', retryAfterMs: 10_000 }],
  [
    '429 by the Status',
    429,
    {},
    status('x', { details: { retryAfterSeconds: 3 } }),
    { kind: 'throttled', retryAfterMs: 3_000 },
  ],
  ['429 with nonsense', 429, { 'retry-after': 'soon' }, '', { kind: 'throttled', retryAfterMs: 0 }],
  ['503 that says when', 503, { 'retry-after': '1' }, '', { kind: 'throttled' }],
  ['503', 503, {}, '', { kind: 'server' }],
  ['504 too large', 504, {}, status('Timeout: Too large resource version: 9, current: 8'), { kind: 'too-new' }],
  ['504', 504, {}, status('Timeout'), { kind: 'server' }],
  ['422', 422, {}, status('sendInitialEvents is forbidden'), { kind: 'refused' }],
  ["a proxy's page", 400, {}, '<html>', { kind: 'server' }],
];

describe('answers', () => {
  test.each(answers)('%s', (_name, code, headers, body, wanted) => {
    expect(statusProblem(code, headers, body, 'list pods')).toMatchObject({ ...wanted, status: code });
  });

  test("the server's words reach nobody unsanitised", () => {
    const problem = statusProblem(403, {}, status('\u001b]52;c;eA==\u0007 \u202e'), 'list pods');
    expect(problem.message).not.toMatch(/[\u001b\u0007\u202e]/);
  });

  test('a date as Retry-After', () => {
    const later = new Date(Date.now() + 20_000).toUTCString();
    expect(statusProblem(429, { 'retry-after': later }, '', 'list pods').retryAfterMs).toBeGreaterThan(15_000);
  });

  test.each([-600_000, 600_000])('a date as Retry-After is counted by the clock of that answer: %i ms off', (off) => {
    const date = new Date(Date.now() + off);
    const headers = {
      date: date.toUTCString(),
      'retry-after': [new Date(date.getTime() + 20_000).toUTCString()],
    };
    expect(statusProblem(429, headers, '', 'list pods').retryAfterMs).toBe(20_000);
  });
});

test('a right is named by the verb that RBAC knows', () => {
  const body = JSON.stringify({ kind: 'Status', message: 'cannot update resource' });
  const { what, hint } = statusProblem(403, {}, body, 'dry-run replace ciliumnetworkpolicies');
  expect(what).toBe('No permission: update ciliumnetworkpolicies.');
  expect(hint).toMatch(/^Ask for the right to update ciliumnetworkpolicies\. /);
});
