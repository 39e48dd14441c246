import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Terminal } from '../../src/commands/command.ts';
import { main } from '../../src/main.ts';
import { type Reply, type SmallAzure, startSmallAzure } from '../sources/azure/small-azure.ts';

const guid = 'c2a7e5f0-61b4-4d38-8e9a-07d3b52f6c14';
const subscription = '7f2c9b1e-3d5a-4a86-9c0d-51e8a4f6b2d7';
const workspace = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/log-weu`;
let azure: SmallAzure;
let reply: (kql: string, path: string) => Reply;
let plans: Readonly<Record<string, string>>;

beforeAll(async () => {
  azure = await startSmallAzure();
  azure.answer(({ path, body }) => (path.startsWith('/v1/') ? reply(String(JSON.parse(body).query), path) : undefined));
  azure.answer(({ path }) => {
    if (path === `${workspace}/tables`)
      return {
        body: {
          value: Object.entries(plans).map(([name, plan]) => ({ name, properties: { plan, schema: { name } } })),
        },
      };
    const properties = { customerId: guid };
    return path === workspace ? { body: { id: workspace, name: 'log-weu', properties } } : undefined;
  });
});
afterAll(() => azure.close());
beforeEach(() => {
  azure.seen.length = 0;
  plans = { ContainerNetworkLogs: 'Analytics', ContainerLogV2: 'Analytics' };
  reply = () => ({ body: answer(['Name', 'string'], ['Flows', 'long']) });
});

function answer(...columns: readonly (readonly [string, string])[]): {
  tables: { name: string; columns: { name: string; type: string }[]; rows: unknown[][] }[];
} {
  return { tables: [{ name: 'PrimaryResult', columns: columns.map(([name, type]) => ({ name, type })), rows: [] }] };
}

function rows(...given: readonly (readonly unknown[])[]): (kql: string) => Reply {
  return (kql) => {
    if (kql.includes('LateBy')) return { body: fresh };
    const body = answer(['Name', 'string'], ['Flows', 'long'], ['At', 'datetime']);
    body.tables[0]?.rows.push(...given.map((row) => [...row]));
    return { body };
  };
}

const fresh = answer(['Newest', 'datetime'], ['Ingested', 'datetime'], ['LateBy', 'real']);
fresh.tables[0]?.rows.push(['2026-11-22T11:58:00Z', '2026-11-22T11:58:40Z', 48.4]);

async function typed(...words: readonly string[]): Promise<{ code: number; said: string; told: string }> {
  return typedWith('', words);
}

async function typedWith(input: string, words: readonly string[], at = ['--workspace', workspace]) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end(input);
  const env = {
    ...{ AZURE_AUTHORITY_HOST: azure.url, CILISCOPE_AZURE_ARM: azure.url, CILISCOPE_AZURE_LOGS: azure.url },
    ...{ CILISCOPE_AZURE_CA: azure.ca, AZURE_TENANT_ID: 'tenant', AZURE_CLIENT_ID: 'us', AZURE_CLIENT_SECRET: 'x' },
    ...{ LANG: 'C.UTF-8', PATH: '' },
  };
  const terminal = { stdin, stdout, stderr, env } as unknown as Terminal;
  const code = await main(['query', ...words, ...(words.includes('--list') ? [] : at)], terminal);
  return { code, said: String(stdout.read() ?? ''), told: String(stderr.read() ?? '') };
}

const asked = () => azure.seen.filter(({ path }) => path.startsWith('/v1/'));

describe('query', () => {
  it('lists what there is to ask', async () => {
    const { code, said } = await typed('--list');
    expect([code, said.split('\n').length > 18]).toEqual([0, true]);
    expect(said).toMatch(/^ID +ASKS +PARAMETERS\n/);
    expect(said).toMatch(/\nflows-between +Flows between two workloads +from!, to!\n/);
  });

  it('prints a table, whose moments have their day and whose texts are inert', async () => {
    reply = rows(['shop/\u001b[31mweb\n', 1200, '2026-11-22T12:00:00.1234567Z'], ['pay', 7, null]);
    expect(await typed('top-denied-talkers', '--param', 'namespace=shop')).toEqual({
      code: 0,
      said: 'Name      Flows  At\nshop/web   1200  2026-11-22 12:00:00.123\npay           7\n',
      told: '',
    });
    expect(JSON.parse(asked()[0]?.body ?? '').query).toContain('SourceNamespace == "shop"');
    expect(asked()).toHaveLength(1);
  });

  it('prints one JSON object, with how late rows come', async () => {
    reply = rows(['a', '9223372036854775807', null]);
    const { code, said, told } = await typed('denied-flows', '--json', '--timespan', '2d');
    expect([code, told, said.endsWith('}\n')]).toEqual([0, '', true]);
    expect(JSON.parse(said)).toEqual({
      ...{ version: 1, command: 'query', cluster: null, startedAt: expect.stringMatching(/^20.*Z$/) },
      workspace: { id: guid, name: 'log-weu' },
      query: {
        id: 'denied-flows',
        parameters: {},
        text: expect.stringMatching(/^ContainerNetworkLogs\n/),
        timespan: 'P2D',
      },
      columns: [
        { name: 'Name', type: 'string' },
        { name: 'Flows', type: 'long' },
        { name: 'At', type: 'datetime' },
      ],
      rows: [['a', '9223372036854775807', null]],
      ingestionLag: { newest: '2026-11-22T11:58:00Z', ingested: '2026-11-22T11:58:40Z', lateBySeconds: 48 },
    });
  });

  it('prints CSV that no spreadsheet computes', async () => {
    reply = rows(['=1+1', 1, null], ['a "b", c', -2, null]);
    const { code, said } = await typed('ContainerLogV2 | take 2', '--csv');
    expect([code, said]).toEqual([0, 'Name,Flows,At\r\n\'=1+1,1,\r\n"a ""b"", c",-2,\r\n']);
    expect(JSON.parse(asked()[0]?.body ?? '')).toMatchObject({ query: 'ContainerLogV2 | take 2', timespan: 'P1D' });
  });

  it('reads KQL from stdin', async () => {
    await typedWith('Heartbeat\n| take 1\n', ['-', '--csv']);
    expect(JSON.parse(asked()[0]?.body ?? '').query).toBe('Heartbeat\n| take 1\n');
  });

  it('says of no rows what that is worth', async () => {
    reply = rows();
    expect(await typed('denied-flows')).toEqual({
      code: 0,
      said: '',
      told: expect.stringContaining('No rows. The table’s newest row is of 2026-11-22T11:58:00Z'.replace('’', "'")),
    });
  });

  it('asks /search where the plan wants it, and not for what only costs', async () => {
    plans = { ContainerNetworkLogs: 'Basic' };
    await typed('denied-flows', '--json');
    expect(asked().map(({ path }) => path)).toEqual([`/v1/workspaces/${guid}/search`]);
  });

  it('keeps a part, says that it is one, and what is left out', async () => {
    reply = (kql) => {
      const { body } = rows(['a', 1, null], ['b', 2, null], ['c', 3, null])(kql) as { body: object };
      return {
        body: { ...body, error: { code: 'PartialError', message: 'x', details: [{ message: 'only half of it' }] } },
      };
    };
    const { code, said, told } = await typed('denied-flows', '--json', '--limit', '2');
    expect(code).toBe(0);
    expect(JSON.parse(said)).toMatchObject({ partial: { message: 'only half of it' }, dropped: 1 });
    expect(told).toBe(
      'ciliscope: Only a part came: only half of it\nciliscope: Left out, beyond --limit 2: one row.\n',
    );
  });

  it('follows: each row a line of JSON, until it is interrupted', async () => {
    const hidden = ['ciliscope_ingested', 'ciliscope_now', 'ciliscope_generated', 'ciliscope_id'] as const;
    reply = () => {
      const body = answer(...hidden.map((name) => [name, 'datetime'] as const), ['Name', 'string']);
      const at = '2026-11-22T12:00:00.0000001Z';
      body.tables[0]?.rows.push([at, at, '2026-11-22T11:59:00Z', 'u', 'a'], [at, at, '2026-11-22T11:59:00Z', 'u', 'a']);
      setTimeout(() => process.emit('SIGINT'), 300);
      return { body };
    };
    const { code, said, told } = await typed('denied-flows', '--follow');
    expect([code, said]).toEqual([0, '{"Name":"a"}\n']);
    expect(told).toContain('because the workspace holds it twice: one row.');
    expect(told).toContain('Rows come 60 s after the event');
  });

  it.each([
    [['nothing-like-it'], 'There is no saved query "nothing-like-it". See query --list.'],
    [['denied-flows', '--param', 'namespace'], '--param "namespace" has no value.'],
    [['denied-flows', '--param', 'pods=x'], 'denied-flows has no parameter pods.'],
    [['T', '--param', 'a=b'], '--param is for saved queries.'],
    [['denied-flows', '--timespan', '5 minutes'], 'which is no span of time'],
    [['denied-flows', '--limit', '0'], '--limit is "0".'],
    [['denied-flows', '--timeout', '11m'], '--timeout must be from 1s to 10m.'],
    [['denied-flows', '--json', '--csv'], 'cannot be printed together'],
    [
      ['agent-restarts'],
      'The workspace has no table of the pod inventory. KubePodInventory is filled by the monitoring add-on',
    ],
    [['denied-over-time', '--follow'], 'denied-over-time summarises, and cannot be followed.'],
    [['T | summarize count()', '--follow'], '"summarize" cannot be followed'],
    [[], 'What is asked?'],
  ])('refuses in one sentence what cannot be: %j', async (words, sentence) => {
    const { code, said, told } = await typed(...words);
    expect([code, said]).toEqual([2, '']);
    expect(told).toContain(sentence);
    expect(asked()).toEqual([]);
  });

  it('tells each time it asks again, and does not promise another as it ends', async () => {
    let down = true;
    azure.answer(({ path }) => (down && path.includes('/managedClusters/') ? { status: 504, body: {} } : undefined));
    const cluster = ['--subscription', subscription, '--resource-group', 'rg', '--cluster', 'aks1'];
    const { code, told } = await typedWith('', ['denied-flows'], cluster);
    down = false;
    const again = `ciliscope: Azure answered 504 (${new URL(azure.url).host}), and is asked again.\n`;
    expect(told).toBe(
      `${again}${again}ciliscope: Azure failed to read the managed cluster (504). Try again in a moment.\n`,
    );
    expect(code).toBe(2);
    const missing = await typedWith('', ['denied-flows'], cluster);
    expect([missing.code, missing.told]).toEqual([
      2,
      'ciliscope: There is no managed cluster aks1 in rg. Azure says: nothing.\n',
    ]);
  });

  it('tells how long the service wants it to wait', async () => {
    const then = rows(['a', 1, null]);
    let first = true;
    reply = (kql) => {
      if (!first) return then(kql);
      first = false;
      return { status: 429, headers: { 'retry-after': '1' }, body: {} };
    };
    const { code, told } = await typed('denied-flows', '--csv');
    expect([code, told]).toEqual([0, 'ciliscope: Log Analytics asks to wait. Asking again in 1 s.\n']);
  });

  it('of a word that is neither a table nor a saved query says where those are', async () => {
    reply = () => ({ status: 400, body: { error: { code: 'BadArgumentError', message: 'No table nosuchid' } } });
    const { code, told } = await typed('nosuchid');
    expect([code, told]).toEqual([
      2,
      'ciliscope: The query was refused: No table nosuchid. Nor is it a saved query: see query --list.\n',
    ]);
  });

  it('says what Azure refuses, and asks a workspace that ARM does not show', async () => {
    reply = () => ({ status: 403, body: { error: { code: 'InsufficientAccessError', message: 'no' } } });
    const { code, told } = await typedWith('', ['denied-flows'], ['--workspace', guid]);
    expect([code, asked()[0]?.path]).toEqual([2, `/v1/workspaces/${guid}/query`]);
    expect(told).toContain('ContainerNetworkLogs on the Analytics plan is assumed.');
    expect(told).toContain('Ask for the role Log Analytics Reader on the workspace.');
  });
});
