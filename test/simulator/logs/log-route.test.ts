// The query API on the wire, asked by the service's own client and by hand.
import { LogsQueryResultStatus } from '@azure/monitor-query';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { azurePlace, clusterId } from '../../../src/simulator/azure/azure-settings.ts';
import { path, runningLogs } from './running-logs.ts';

let running: Awaited<ReturnType<typeof runningLogs>>;
beforeAll(async () => {
  running = await runningLogs();
  running.pass(330);
});
afterAll(() => running.close());

// biome-ignore lint/suspicious/noExplicitAny: answers as they come
type Any = any;
const read = (body: string): Any => JSON.parse(body);
const query = (text: string, timespan?: string) => running.post(`${path}/query`, { query: text, timespan });

describe("the service's own client", () => {
  it('is answered with what the table holds, with statistics and what to draw', async () => {
    const text = 'ContainerNetworkLogs | summarize Rows = count() by Verdict | render columnchart';
    const result = await running.client.queryWorkspace(
      azurePlace.workspaceGuid,
      text,
      { duration: 'P1D' },
      {
        includeQueryStatistics: true,
        includeVisualization: true,
      },
    );
    if (result.status !== LogsQueryResultStatus.Success) throw new Error('partial');
    const held = [...running.logs.lines('ContainerNetworkLogs')];
    expect(result.tables[0]?.columnDescriptors).toEqual([
      { name: 'Verdict', type: 'string' },
      { name: 'Rows', type: 'long' },
    ]);
    expect(result.tables[0]?.rows).toEqual([['FORWARDED', held.length]]);
    expect(result.visualization).toMatchObject({ visualization: 'columnchart' });
    expect(result.statistics).toMatchObject({ query: { inputDatasetStatistics: { rows: { total: held.length } } } });
  });

  it('is told what is wrong with a query', async () => {
    const asked = running.client.queryWorkspace(azurePlace.workspaceGuid, 'Heartbeat | where Nope == 1', {
      duration: 'PT1H',
    });
    await expect(asked).rejects.toMatchObject({ statusCode: 400, code: 'BadArgumentError' });
  });

  it('is told that an answer is only a part', async () => {
    await running.with({ id: 'azure-query-partial', count: 1 }, async () => {
      const asked = () =>
        running.client.queryWorkspace(azurePlace.workspaceGuid, 'Heartbeat | project Computer', { duration: 'P1D' });
      const [first, second] = [await asked(), await asked()];
      if (first.status !== LogsQueryResultStatus.PartialFailure) throw new Error('whole');
      if (second.status !== LogsQueryResultStatus.Success) throw new Error('partial');
      expect(first.partialError.code).toBe('PartialError');
      expect(first.partialTables[0]?.rows.length).toBe(Math.ceil((second.tables[0]?.rows.length ?? 0) / 2));
    });
  });
});

describe('a query', () => {
  it('returns each row with the moment at which it was taken in', async () => {
    const { body } = await query('ContainerNetworkLogs | project UUID, Ingested = ingestion_time(), TimeGenerated');
    const held = [...running.logs.lines('ContainerNetworkLogs')].map((line) => JSON.parse(line) as Any);
    expect(held.length).toBeGreaterThan(50);
    const short = (text: string) => text.replace(/0+Z$/, 'Z');
    expect(read(body).tables[0].rows).toEqual(
      held.map(({ UUID, ingested, TimeGenerated }) => [UUID, short(ingested), short(TimeGenerated)]),
    );
  });

  it('sees only what its timespan leaves', async () => {
    const text = 'Heartbeat | summarize Minutes = dcount(bin(TimeGenerated, 1m))';
    const minutes = async (timespan?: string) => read((await query(text, timespan)).body).tables[0].rows[0][0];
    expect(await minutes()).toBe(5);
    expect(await minutes('PT2M30S')).toBe(3);
    expect(await minutes('2026-11-22T12:00:00Z/2026-11-22T12:02:30Z')).toBe(2);
    expect(await minutes('2026-11-22T12:00:00Z/PT90S')).toBe(1);
  });

  it('may be put to the cluster instead of the workspace', async () => {
    const { status, body } = await running.post(`/v1${clusterId()}/query`, { query: 'Heartbeat | count' });
    expect([status, read(body).tables[0].rows]).toEqual([200, [[15]]]);
  });

  const refusals: [what: string, where: string, body: unknown, status: number, words: string[]][] = [
    ['of nothing', '/query', {}, 400, ['BadArgumentError', 'missing or empty']],
    ['that is no object', '/query', 'Heartbeat', 400, ['BadArgumentError']],
    ['over no time at all', '/query', { query: 'Heartbeat', timespan: 'today' }, 400, ['InvalidTimespan', 'today']],
    ['that cannot be read', '/query', { query: 'Heartbeat | where (' }, 400, ['BadArgumentError', 'SyntaxError']],
    ['of a table that is not there', '/query', { query: 'AKSNothing' }, 400, ['SemanticError', 'AKSNothing']],
    [
      'across to a strange workspace',
      '/query',
      { query: 'Heartbeat', workspaces: ['other'] },
      404,
      ['PathNotFoundError'],
    ],
    ['that is enormous', '/query', { query: `// ${'x'.repeat(1_000_000)}` }, 413, ['RequestEntityTooLarge']],
    [
      'with join on /search',
      '/search',
      { query: 'Heartbeat | join Usage on TenantId' },
      400,
      ["'join' is not supported"],
    ],
    ['of two tables on /search', '/search', { query: 'union Heartbeat, Usage' }, 400, ["'union' is not supported"]],
  ];
  it.each(refusals)('%s is refused', async (_what, where, body, status, words) => {
    const answer = await running.post(path + where, body);
    expect(answer.status).toBe(status);
    for (const word of words) expect(answer.body).toContain(word);
  });

  it('to a workspace that nobody knows is refused', async () => {
    const answer = await running.post('/v1/workspaces/00000000-0000-0000-0000-000000000000/query', { query: 'Usage' });
    expect([answer.status, read(answer.body).error.code]).toEqual([404, 'PathNotFoundError']);
  });

  it('of a table on the Basic plan is sent to /search, which reads one table over the timespan of its address', async () => {
    await running.with({ flowLogs: 'basic' }, async () => {
      const text = 'ContainerNetworkLogs | where Verdict == "FORWARDED" | project UUID';
      const refused = await query(text);
      expect([refused.status, read(refused.body).error.innererror.code]).toEqual([
        400,
        'UnsupportedApiQueryValidationError',
      ]);
      expect(read(refused.body).error.innererror.message).toContain('Query of Basic Logs table is not supported');
      const rows = async (address: string) =>
        read((await running.post(`${path}/search${address}`, { query: text, timespan: 'PT1S' })).body).tables[0].rows;
      expect((await rows('')).length).toBe([...running.logs.lines('ContainerNetworkLogs')].length);
      const some = (await rows('?timespan=PT2M')).length;
      expect(some).toBeGreaterThan(0);
      expect(some).toBeLessThan((await rows('?timespan=PT1H')).length);
      const beside = await query('Heartbeat | where Computer !has "ContainerNetworkLogs" | count');
      expect(beside.status).toBe(200);
    });
  });

  it.each([
    ['azure-query-throttled', 429, 'ThrottledError'],
    ['azure-query-timeout', 504, 'GatewayTimeout'],
  ])('%s: so often as was ordered', async (id, status, code) => {
    await running.with({ id, count: 2 }, async () => {
      const answers = [await query('Usage'), await query('Usage'), await query('Usage')];
      expect(answers.map((answer) => answer.status)).toEqual([status, status, 200]);
      expect(read(answers[0]?.body ?? '').error.code).toBe(code);
      if (status === 429) expect(answers[0]?.headers['retry-after']).toBe('20');
    });
  });
});

describe('a hostile workspace', () => {
  const hostile = (text: string, check: (answer: Any) => void) =>
    running.with({ id: 'azure-hostile-rows' }, async () => check(read((await query(text)).body)));

  it('holds escape sequences, a megabyte in a cell, and moments before and after all others', () =>
    hostile('HostileValues_CL', ({ tables: [{ rows, columns }] }) => {
      const column = (name: string) =>
        rows.map((row: Any[]) => row[columns.findIndex((one: Any) => one.name === name)]);
      expect(column('Text').some((text: string) => text.includes('\u001b]0;'))).toBe(true);
      expect(Math.max(...column('Text').map((text: string) => text.length))).toBe(1_000_000);
      expect(column('When')).toEqual(
        expect.arrayContaining([
          null,
          '0001-01-01T00:00:00Z',
          '9999-12-31T23:59:59.9999999Z',
          '2026-11-22T12:00:00.0000001Z',
        ]),
      );
      expect(column('Number')).toContain('NaN');
      expect(column('Bag')).toContain('{"cut": [1, 2');
    }));

  it('has a table of 10,000 columns', () =>
    hostile('HostileWide_CL', ({ tables: [{ columns, rows }] }) => {
      expect(columns.length).toBe(10_001);
      expect(rows[2][10_000]).toBe(29_999);
    }));

  it('answers with 500,000 rows at most, and says so', () =>
    hostile('HostileLong_CL | project Number', ({ error, tables: [{ rows }] }) => {
      expect(rows.length).toBe(500_000);
      expect(error).toMatchObject({ code: 'PartialError' });
      expect(error.details[0].innererror.message).toContain('exceed the set limit of 500000 records');
    }));

  it('answers with 64 MB at most, and says so', () =>
    hostile('HostileHeavy_CL | project Text', ({ error, tables: [{ rows }] }) => {
      expect(rows.length).toBe(68);
      expect(error.details[0].innererror.message).toContain('bytes');
    }));

  it('spoils rows of ordinary tables too', () =>
    hostile('ContainerNetworkLogs | where SourcePodName contains "\u001b"', ({ tables: [{ rows }] }) => {
      expect(rows.length).toBeGreaterThan(0);
    }));
});

it('without data nothing is answered', async () => {
  const empty = await runningLogs(false);
  const answer = await empty.post(`${path}/query`, { query: 'Heartbeat' });
  await empty.close();
  expect([answer.status, answer.body]).toEqual([204, '']);
});
