import { expect, test } from 'vitest';
import { answerProblem, connectionProblem } from '../../../src/sources/azure/azure-problem.ts';

type Case = [
  name: string,
  status: number,
  body: unknown,
  kind: string,
  words: string,
  headers?: Record<string, string>,
];
const arm = (code: string, message: string) => ({ error: { code, message } });
const answers: Case[] = [
  [
    'expired',
    401,
    arm('ExpiredAuthenticationToken', 'The access token expiry UTC time is earlier'),
    'unauthorized',
    'Azure refuses this sign-in (401) to read it. Sign in again. Azure says: The access token expiry UTC time is earlier.',
  ],
  [
    'another tenant',
    401,
    arm('InvalidAuthenticationTokenTenant', 'The access token is from the wrong issuer.'),
    'unauthorized',
    'The sign-in is of another tenant than the subscription. See --tenant. Azure says: The access token is from the wrong issuer.',
  ],
  [
    'no role',
    403,
    arm('AuthorizationFailed', 'The client does not have authorization.'),
    'forbidden',
    'No permission to read it. Ask for the role Reader. Azure says: The client does not have authorization.',
  ],
  ['no role, no words', 403, '', 'forbidden', 'No permission to read it. Ask for the role Reader.'],
  [
    'another cloud',
    403,
    arm('InvalidAuthenticationTokenAudience', 'The audience is wrong'),
    'unauthorized',
    'The token is for another cloud than arm.test. See --azure-cloud. Azure says: The audience is wrong.',
  ],
  [
    'gone',
    404,
    arm('ResourceNotFound', 'It is gone'),
    'missing',
    'Azure has nothing there to read it. Azure says: It is gone.',
  ],
  [
    'busy',
    409,
    arm('OperationNotAllowed', 'Operation is not allowed: another one runs.'),
    'conflict',
    'Azure cannot read it now (409). Azure says: Operation is not allowed: another one runs.',
  ],
  [
    'overtaken',
    412,
    arm('PreconditionFailed', 'The etag differs.'),
    'changed',
    'It was changed by somebody else meanwhile: could not read it. Look again. Azure says: The etag differs.',
  ],
  [
    'throttled',
    429,
    arm('TooManyRequests', ''),
    'throttled',
    'Azure asks us to slow down (429).',
    { 'retry-after': '7' },
  ],
  ['overloaded', 503, '<html>', 'throttled', 'Azure is overloaded (503).', { 'retry-after': '7' }],
  ['a login wall', 407, '', 'unreachable', 'The proxy wants a login (407). Put it into HTTPS_PROXY.'],
  [
    'refused',
    400,
    {
      error: {
        code: 'BadArgumentError',
        message: 'Bad.',
        innererror: { message: 'outer', innererror: { message: 'the column is unknown' } },
      },
    },
    'refused',
    'Azure refused to read it (400 BadArgumentError). Azure says: Bad. the column is unknown.',
  ],
  ['broken', 500, '', 'server', 'Azure failed to read it (500). It is tried again.'],
  [
    'hostile',
    500,
    arm('X', 'a\u001b[2Jb\u202ec'),
    'server',
    'Azure failed to read it (500 X). Azure says: a^[[2Jb<U+202E>c.',
  ],
];
test.each(answers)('%s (%i)', (_name, status, body, kind, words, headers = {}) => {
  const problem = answerProblem({ status, headers, body, host: 'arm.test' }, 'read it', 'Reader');
  expect([problem.kind, problem.message]).toEqual([kind, words]);
  if (headers['retry-after'] !== undefined) expect(problem.retryAfterMs).toBe(7_000);
});

test.each([
  ['retry-after', '12', 12_000],
  ['retry-after', '99999', 600_000],
  ['retry-after', 'Sun, 22 Nov 2026 13:00:30 GMT', 30_000],
  ['retry-after-ms', '1500', 1_500],
  ['x-ms-retry-after-ms', '250', 250],
  ['retry-after', 'soon', 0],
])('%s: %s is %i ms', (name, value, ms) => {
  const headers = { date: 'Sun, 22 Nov 2026 13:00:00 GMT', [name]: value };
  const problem = answerProblem({ status: 429, headers, body: '', host: 'h' }, 'read it', 'Reader');
  expect(problem.retryAfterMs).toBe(ms);
});

test.each([
  ['ENOTFOUND', 'unreachable', 'The name arm.test cannot be resolved.'],
  ['ECONNREFUSED', 'unreachable', 'arm.test refuses connections.'],
  ['ETIMEDOUT', 'unreachable', 'arm.test cannot be reached: no answer to the connection attempt.'],
  ['ECONNRESET', 'unreachable', 'arm.test closed the connection.'],
  ['CERT_HAS_EXPIRED', 'tls', 'The certificate of arm.test is not to be trusted (words).'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'The certificate of arm.test is not to be trusted (words).'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls', 'The certificate of arm.test is not to be trusted (words).'],
  ['EPROTO', 'tls', 'arm.test does not speak TLS as it should (words).'],
  ['ODD', 'unreachable', 'arm.test cannot be asked: words.'],
])('%s, also as a cause', (code, kind, what) => {
  const inner = Object.assign(new Error('words'), { code });
  const wrapped = new Error('fetch failed', { cause: new AggregateError([inner]) });
  expect(connectionProblem(inner, 'arm.test')).toMatchObject({ kind, what });
  expect(connectionProblem(wrapped, 'arm.test')).toMatchObject({ kind, what });
});
