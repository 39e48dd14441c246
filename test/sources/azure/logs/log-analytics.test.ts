import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config.ts';
import type { LogQuery, QueryEvent } from '../../../../src/model/azure/log-query.ts';
import type { AzureConnection } from '../../../../src/sources/azure/azure-connection.ts';
import { connectAzure } from '../../../../src/sources/azure/connect-azure.ts';
import { createLogAnalytics } from '../../../../src/sources/azure/logs/log-analytics.ts';
import { type LogsPlace, openLogsClient } from '../../../../src/sources/azure/logs/logs-client.ts';
import { type Reply, type SmallAzure, startSmallAzure } from '../small-azure.ts';

const guid = 'c2a7e5f0-61b4-4d38-8e9a-07d3b52f6c14';
const workspace =
  '/subscriptions/7f2c9b1e-3d5a-4a86-9c0d-51e8a4f6b2d7/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/w';
const rows = '{"tables":[{"name":"PrimaryResult","columns":[{"name":"n","type":"long"}],"rows":[[1],[2]]}]}';

let azure: SmallAzure;
let connection: AzureConnection;
beforeEach(async () => {
  azure = await startSmallAzure();
  const env = {
    AZURE_AUTHORITY_HOST: azure.url,
    CILISCOPE_AZURE_LOGS: azure.url,
    CILISCOPE_AZURE_ARM: azure.url,
    CILISCOPE_AZURE_CA: azure.ca,
    AZURE_TENANT_ID: '4b1d0c35-8f27-4e69-a0b2-9c6e5d7f1a83',
    AZURE_CLIENT_ID: 'us',
    AZURE_CLIENT_SECRET: 'secret',
    PATH: '',
  };
  connection = connectAzure(readConfig({}, env, '1.2.3'), env);
});
afterEach(async () => {
  await connection.close();
  await azure.close();
});

async function ask(
  reply: Reply | (() => Reply),
  more: Partial<LogQuery> = {},
  place: LogsPlace = { guid },
): Promise<QueryEvent[]> {
  azure.answer(({ path }) => (path.startsWith('/v1/') ? (typeof reply === 'function' ? reply() : reply) : undefined));
  const client = await openLogsClient(connection, place);
  const query = { text: 'T | take 2', timespan: 'PT1H', searchTable: '', mostRows: 100, limitS: 60, ...more };
  const events: QueryEvent[] = [];
  for await (const batch of createLogAnalytics(() => client).query(query, new AbortController().signal))
    events.push(...batch);
  return events;
}

const asked = () => azure.seen.filter(({ path }) => path.startsWith('/v1/'));
const audience = (authorization: unknown) =>
  JSON.parse(Buffer.from(String(authorization).split('.')[1] ?? '', 'base64url').toString()).aud;

describe('Log Analytics on the wire', () => {
  it('is asked by /query, with the token of its audience, and says what it needs', async () => {
    expect(await ask({ body: rows })).toEqual([
      { type: 'columns', columns: [{ name: 'n', type: 'long' }] },
      { type: 'rows', rows: [[1], [2]] },
      { type: 'end', rows: 2, ms: expect.any(Number), bytes: rows.length },
    ]);
    const [request] = asked();
    expect(request).toMatchObject({ method: 'POST', path: `/v1/workspaces/${guid}/query` });
    expect(JSON.parse(request?.body ?? '')).toEqual({ query: 'T | take 2', timespan: 'PT1H' });
    expect(request?.headers).toMatchObject({
      prefer: 'wait=60,include-statistics=true,include-render=true',
      'content-type': expect.stringContaining('application/json'),
      'user-agent': expect.stringContaining('ciliscope/1.2.3'),
    });
    expect(audience(request?.headers['authorization'])).toBe('https://api.loganalytics.io/.default');
  });

  it('is asked by /search for a table of the Basic plan, with the time in the address alone', async () => {
    await ask({ body: rows }, { searchTable: 'T', timespan: '2026-11-22T10:00:00.1234567Z/PT5M' });
    const [request] = asked();
    expect(request?.path).toBe(`/v1/workspaces/${guid}/search`);
    expect(Object.fromEntries(request?.query ?? [])).toEqual({ timespan: '2026-11-22T10:00:00.1234567Z/PT5M' });
    expect(JSON.parse(request?.body ?? '')).toEqual({ query: 'T | take 2' });
    expect(request?.headers['content-length']).toBe(String(request?.body.length));
  });

  it('is asked for a resource where no GUID is known', async () => {
    await ask({ body: rows }, {}, { resource: workspace });
    expect(asked()[0]?.path).toBe(`/v1${workspace}/query`);
  });

  it.each([
    ['204, a workspace that holds nothing yet', { status: 204, body: '' }],
    ['a good answer without a body', { body: '' }],
  ])('answers without rows: %s', async (_name, reply) => {
    expect(await ask(reply)).toEqual([{ type: 'end', rows: 0, ms: expect.any(Number), bytes: 0 }]);
  });

  const semantic = {
    error: {
      message: 'The request had some invalid properties',
      code: 'BadArgumentError',
      innererror: {
        code: 'SemanticError',
        message: 'A semantic error occurred.',
        innererror: {
          code: 'SEM0100',
          message: "'where' operator: Failed to resolve column named 'x'",
          line: 1,
          pos: 12,
        },
      },
    },
  };
  it.each([
    [
      400,
      semantic,
      'refused',
      "The query was refused: 'where' operator: Failed to resolve column named 'x' (line 1, position 12).",
    ],
    [403, { error: { code: 'InsufficientAccessError', message: 'no' } }, 'forbidden', 'Log Analytics Reader'],
    [
      404,
      { error: { code: 'PathNotFoundError', message: 'gone' } },
      'missing',
      'There is no such workspace in this cloud',
    ],
    [413, {}, 'refused', 'too large'],
    [504, { error: { code: 'GatewayTimeout', message: 'Gateway timeout' } }, 'server', 'took longer than 60 s'],
    [500, 'oh no', 'server', 'Log Analytics answered 500'],
    [200, '<html>sign in</html>', 'server', 'What came is no answer of Log Analytics'],
    [200, rows.slice(0, -4), 'server', 'broke off after 2 rows'],
  ])('says in words what %s means', async (status, body, kind, words) => {
    await expect(ask({ status, body })).rejects.toMatchObject({ kind, message: expect.stringContaining(words) });
    expect(asked()).toHaveLength(1);
  });

  it('waits as long as it is told to, says so, and asks again', async () => {
    let first = true;
    const slow = { status: 429, headers: { 'retry-after-ms': '20' }, body: { error: { code: 'ThrottledError' } } };
    const events = await ask(() => {
      const reply = first ? slow : { body: rows };
      first = false;
      return reply;
    });
    expect(events.map(({ type }) => type)).toEqual(['waiting', 'columns', 'rows', 'end']);
    expect(asked()).toHaveLength(2);
  });

  it('is not waited for without end', async () => {
    await expect(ask({ status: 429, headers: { 'retry-after': '3600' }, body: {} })).rejects.toMatchObject({
      kind: 'throttled',
    });
    expect(asked()).toHaveLength(1);
  });

  it('ends the request when nobody reads on', async () => {
    const many = `{"tables":[{"name":"PrimaryResult","columns":[{"name":"n","type":"string"}],"rows":[${Array.from({ length: 20_000 }, () => `["${'x'.repeat(200)}"]`)}]}]}`;
    azure.answer(({ path }) => (path.startsWith('/v1/') ? { body: many } : undefined));
    const client = await openLogsClient(connection, { guid });
    const query = { text: 'T', timespan: 'PT1H', searchTable: '', mostRows: 100_000, limitS: 60 };
    let rowsSeen = 0;
    for await (const batch of createLogAnalytics(() => client).query(query, new AbortController().signal)) {
      for (const event of batch) if (event.type === 'rows') rowsSeen += event.rows.length;
      if (rowsSeen > 0) break;
    }
    expect(rowsSeen).toBeLessThan(20_000);
  });

  it('ends silently when it is cancelled before there was an answer', async () => {
    const stop = new AbortController();
    azure.answer(({ path }) => {
      if (path.startsWith('/v1/')) stop.abort();
      return undefined;
    });
    const client = await openLogsClient(connection, { guid });
    const query = { text: 'T', timespan: 'PT1H', searchTable: '', mostRows: 10, limitS: 60 };
    const events: QueryEvent[] = [];
    for await (const batch of createLogAnalytics(() => client).query(query, stop.signal)) events.push(...batch);
    expect(events).toEqual([]);
  });
});
