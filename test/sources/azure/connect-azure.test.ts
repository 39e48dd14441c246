import { afterEach, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { connectAzure } from '../../../src/sources/azure/connect-azure.ts';
import { type SmallAzure, startProxy, startSmallAzure } from './small-azure.ts';

const tenant = '11111111-2222-3333-4444-555555555555';
const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

async function azure(...arguments_: Parameters<typeof startSmallAzure>): Promise<SmallAzure> {
  const started = await startSmallAzure(...arguments_);
  ending.push(started.close);
  return started;
}

function connectTo(url: string, ca: string, more: Record<string, string> = {}) {
  const env = {
    ...{ AZURE_AUTHORITY_HOST: url, CILISCOPE_AZURE_ARM: url, CILISCOPE_AZURE_LOGS: url, CILISCOPE_AZURE_CA: ca },
    ...{ AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: 'app-1', AZURE_CLIENT_SECRET: 'sesame' },
    ...more,
  };
  const requests: string[] = [];
  const connection = connectAzure(readConfig({}, env, '9.9.9'), env, {
    onRequest: ({ method, path, status }) => requests.push(`${method} ${path} ${status}`),
  });
  ending.push(connection.close);
  return { ...connection, requests };
}

const subscriptions = {
  method: 'GET',
  path: '/subscriptions',
  apiVersion: '2022-12-01',
  asked: 'list',
  role: 'Reader',
} as const;

test('a secret of the environment signs in, and the token goes to ARM with our name', async () => {
  const { url, ca, seen, answer } = await azure();
  answer(({ path }) => (path === '/subscriptions' ? { body: { value: [] } } : undefined));
  const { arm, login, requests } = connectTo(url, ca);
  expect((await arm.send(subscriptions)).body).toEqual({ value: [] });
  const asked = seen.find(({ path }) => path === '/subscriptions');
  expect(asked?.query.toString()).toBe('api-version=2022-12-01');
  expect(asked?.headers['user-agent']).toMatch(
    /^ciliscope\/9\.9\.9 \(linux\/\w+\) azsdk-js-arm-containerservice\/25\.5\.0 /,
  );
  expect(asked?.headers.authorization).toMatch(/^Bearer ey/);
  expect(login()).toMatchObject({
    state: 'signed-in',
    credential: 'environment',
    account: 'application app-1',
    tenant,
  });
  expect(login().expires).toBeGreaterThan(Date.now() + 3_000_000);
  expect(requests).toContain('GET /subscriptions 200');
});

test('through a proxy with a private authority', async () => {
  const { namedUrl, ca, answer } = await azure();
  answer(({ path }) => (path === '/subscriptions' ? { body: { value: [] } } : undefined));
  const proxy = await startProxy(Number(new URL(namedUrl).port));
  ending.push(proxy.close);
  const { arm } = connectTo(namedUrl, ca, { HTTPS_PROXY: proxy.url });
  await arm.send(subscriptions);
  expect(proxy.asked[0]).toBe(`CONNECT ${new URL(namedUrl).host} HTTP/1.1`);
});

test('what continuous access evaluation asks for goes into the next token', async () => {
  const { url, ca, seen, answer } = await azure();
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
  const challenge = `Bearer realm="", error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`;
  let refused = false;
  answer(({ path }) => {
    if (path !== '/subscriptions') return undefined;
    if (refused) return { body: { value: [] } };
    refused = true;
    return { status: 401, headers: { 'www-authenticate': challenge }, body: {} };
  });
  const { arm } = connectTo(url, ca);
  expect((await arm.send(subscriptions)).status).toBe(200);
  const grants = seen.filter(({ path }) => path.endsWith('/token')).map(({ body }) => new URLSearchParams(body));
  const wanted = grants.map((grant) => JSON.parse(grant.get('claims') ?? '{}').access_token);
  const cp1 = { xms_cc: { values: ['cp1'] } };
  expect(wanted).toEqual([cp1, { nbf: { essential: true, value: '1' }, ...cp1 }]);
});

test.each(['https://elsewhere.example/next', 'http://127.0.0.1:9/next'])(
  'a next page at %s gets no token: it is not asked for',
  async (nextLink) => {
    const { url, ca, answer } = await azure();
    answer(({ path }) => (path === '/subscriptions' ? { body: { value: [1], nextLink } } : undefined));
    const { arm, requests } = connectTo(url, ca);
    await expect(arm.list(subscriptions)).rejects.toThrow(
      /(none of this cloud's services|is not permitted for non-TLS)/,
    );
    expect(requests.filter((line) => line.includes('/next'))).toEqual([]);
  },
);

test('pages are followed to their end, or to as many items as were wanted', async () => {
  const { url, ca, seen, answer } = await azure();
  answer(({ path, query }) => {
    if (path !== '/subscriptions') return undefined;
    const page = Number(query.get('page') ?? 1);
    const more = page < 3 ? { nextLink: `${url}/subscriptions?api-version=2022-12-01&page=${page + 1}` } : {};
    return { body: { value: [page * 10, page * 10 + 1], ...more } };
  });
  const { arm } = connectTo(url, ca);
  expect(await arm.list(subscriptions)).toEqual([10, 11, 20, 21, 30, 31]);
  seen.length = 0;
  expect(await arm.list(subscriptions, undefined, 3)).toEqual([10, 11, 20]);
  expect(seen.filter(({ path }) => path === '/subscriptions')).toHaveLength(2);
});

test.each([
  ['the same again', () => 2, 2],
  ['another one each time', (page: number) => page + 1, 200],
])('empty pages that name %s come to an end', async (_name, nextOf, asked) => {
  const { url, ca, seen, answer } = await azure();
  answer(({ path, query }) => {
    if (path !== '/subscriptions') return undefined;
    const next = nextOf(Number(query.get('page') ?? 1));
    return { body: { value: [], nextLink: `${url}/subscriptions?api-version=2022-12-01&page=${next}` } };
  });
  const { arm } = connectTo(url, ca);
  expect(await arm.list(subscriptions)).toEqual([]);
  expect(seen.filter(({ path }) => path === '/subscriptions')).toHaveLength(asked);
});

test('what changes something is sent once, whatever becomes of it; what reads is asked again', async () => {
  const { url, ca, seen, answer } = await azure();
  answer(({ path }) =>
    path === '/subscriptions' ? { status: 500, headers: { 'retry-after': '0' }, body: {} } : undefined,
  );
  const { arm } = connectTo(url, ca);
  await expect(arm.send({ ...subscriptions, method: 'PUT', body: { a: 1 } })).rejects.toThrow(
    'Azure failed to list (500).',
  );
  const sent = seen.filter(({ path }) => path === '/subscriptions');
  expect(sent.map(({ method, body, headers }) => [method, body, headers['content-type']])).toEqual([
    ['PUT', '{"a":1}', 'application/json'],
  ]);
  await expect(arm.send(subscriptions)).rejects.toThrow('Azure failed to list (500).');
  expect(seen.filter(({ method, path }) => method === 'GET' && path === '/subscriptions')).toHaveLength(3);
});

test('a 429 is told at once, with how long to wait', async () => {
  const { url, ca, answer } = await azure();
  const body = { error: { code: 'TooManyRequests', message: 'Slow down.' } };
  answer(({ path }) =>
    path === '/subscriptions' ? { status: 429, headers: { 'retry-after': '300' }, body } : undefined,
  );
  const { arm, requests } = connectTo(url, ca);
  await expect(arm.send(subscriptions)).rejects.toMatchObject({
    kind: 'throttled',
    retryAfterMs: 300_000,
    said: 'Slow down.',
  });
  expect(requests.filter((line) => line.startsWith('GET /subscriptions'))).toEqual(['GET /subscriptions 429']);
});

test('a cloud that lacks an api-version is asked in the newest that it has, from then on', async () => {
  const { url, ca, seen, answer } = await azure();
  const message =
    "No registered resource provider found for API version '2022-12-01'. The supported api-versions are '2019-11-01, 2021-01-01, 2023-05-05-preview'.";
  answer(({ path, query }) => {
    if (path !== '/subscriptions') return undefined;
    if (query.get('api-version') === '2021-01-01') return { body: { value: [] } };
    return { status: 400, body: { error: { code: 'NoRegisteredProviderFound', message } } };
  });
  const { arm } = connectTo(url, ca);
  await arm.send(subscriptions);
  await arm.send(subscriptions);
  const asked = seen.filter(({ path }) => path === '/subscriptions').map(({ query }) => query.get('api-version'));
  expect(asked).toEqual(['2022-12-01', '2021-01-01', '2021-01-01']);
});

test('a token that was revoked is asked for anew, and the question put again, once', async () => {
  const { url, ca, seen, answer } = await azure();
  let left = 1;
  answer(({ path }) => {
    if (path !== '/subscriptions') return undefined;
    left -= 1;
    return left >= 0 ? { status: 401, body: {} } : { body: { value: [] } };
  });
  const { arm } = connectTo(url, ca);
  expect((await arm.send(subscriptions)).status).toBe(200);
  expect(seen.filter(({ path }) => path.endsWith('/token'))).toHaveLength(2);
  left = 9;
  seen.length = 0;
  await expect(arm.send(subscriptions)).rejects.toMatchObject({ kind: 'unauthorized' });
  expect(seen.filter(({ path }) => path === '/subscriptions')).toHaveLength(2);
});
