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
