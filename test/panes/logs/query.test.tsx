import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import type { AzureAsks } from '../../../src/model/azure/azure-asks.ts';
import type { LogQuery, QueryEvent, ResultColumn } from '../../../src/model/azure/log-query.ts';
import type { AzureLogin } from '../../../src/model/azure/login.ts';
import type { Facts } from '../../../src/model/facts.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { LogsScreen } from '../../../src/panes/logs/LogsScreen.tsx';
import { QueryScreen } from '../../../src/panes/logs/QueryScreen.tsx';
import type { PaneProps } from '../../../src/panes/pane-props.ts';
import { now, snapshotOf } from '../fixtures/cluster.ts';
import { emptyDesk, frameOf, noAsks, noPolicies, noRoad } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';

const link = { phase: 'live', heard: now } as const;
const signedIn: AzureLogin = {
  state: 'signed-in',
  cloud: 'public',
  credential: 'Azure CLI',
  account: 'jane@example.com',
  tenant: 't',
  expires: 0,
  problems: [],
};

function withFacts(given: {
  login?: Partial<AzureLogin>;
  tables?: Facts['workspace']['tables'];
  problem?: string;
}): Snapshot {
  const { login = {}, tables, problem } = given;
  const workspace = tables && {
    id: '',
    customerId: 'guid',
    name: 'log-prod',
    location: '',
    retentionDays: 30,
    dailyCapGb: -1,
    capReached: false,
    tables,
  };
  return {
    ...snapshotOf(),
    facts: {
      azureLogin: { link, value: { ...signedIn, ...login }, at: now, version: 1 },
      workspace:
        workspace === undefined
          ? { link: { phase: 'forbidden', heard: 0, problem: problem ?? '' }, at: 0, version: 1 }
          : { link, value: workspace, at: now, version: 1 },
    },
  };
}

const flows = [{ name: 'ContainerNetworkLogs', plan: 'Analytics', columns: [] }];
const columns: readonly ResultColumn[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'SourcePod', type: 'string' },
  { name: 'DestinationPod', type: 'string' },
  { name: 'Port', type: 'string' },
  { name: 'Flows', type: 'long' },
  { name: 'Layer4', type: 'dynamic' },
];
const rowOf = (index: number) => [
  `2026-03-04T12:0${index % 10}:00Z`,
  `shop/web-${index}`,
  'pay/db-0',
  '5432',
  index,
  '{"TCP":{"destination_port":5432}}',
];
const rowsOf = (count: number): QueryEvent => ({
  type: 'rows',
  rows: Array.from({ length: count }, (_, index) => rowOf(index)),
});
const end: QueryEvent = { type: 'end', rows: 0, ms: 400, bytes: 0 };

type Answer = (query: LogQuery, signal: AbortSignal) => AsyncIterable<readonly QueryEvent[]>;
const answering = (...events: QueryEvent[]): Answer =>
  async function* () {
    yield [{ type: 'columns', columns }, ...events];
  };
/** Answers, and stays open until it is left. */
const staying = (...events: QueryEvent[]): Answer =>
  async function* (_query, signal) {
    yield [{ type: 'columns', columns }, ...events];
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };

let mounted: Mounted | undefined;
afterEach(() => mounted?.close());

function open(
  args: readonly string[],
  query: Answer,
  more: { snapshot?: Snapshot; tail?: Answer; width?: number; height?: number } = {},
) {
  const asked: LogQuery[] = [];
  const recording =
    (answer: Answer): Answer =>
    (one, signal) => {
      asked.push(one);
      return answer(one, signal);
    };
  const azure = { query: recording(query), tail: recording(more.tail ?? query) } as unknown as AzureAsks;
  const asks = new Proxy({} as PaneProps['asks'], { get: (_, name) => (name === 'azure' ? azure : noAsks) });
  const frame = frameOf(more.width ?? 80, more.height ?? 20, { args });
  const desk = emptyDesk({
    schema: () => Promise.resolve(),
    analyse: () => new Promise(() => {}),
    complete: () => new Promise(() => {}),
  });
  mounted = mount(QueryScreen, more.snapshot ?? withFacts({ tables: flows }), frame, asks, noRoad, noPolicies, desk);
  return { screen: mounted, asked, told: frame.told, desk };
}

describe('one question', () => {
  it('is asked when it is opened, and its rows are shown with how long it took', async () => {
    const { screen, asked } = open(['denied-flows', 'namespace=shop'], answering(rowsOf(12), end));
    const text = await screen.until(/12 rows · 0.4s/);
    expect(asked[0]?.text).toContain('SourceNamespace == "shop"');
    expect(asked[0]).toMatchObject({ timespan: 'PT1H', searchTable: '' });
    expect(text).toMatch(/Denied flows · ns:shop · last 1h/);
    expect(screen.lines()[2]).toMatch(/TimeGenerated +SourcePod +DestinationPod +Port +Flows/);
    expect(screen.lines()[3]).toMatch(/▸ 12:00:00 +shop\/web-0 +pay\/db-0 +5432 +0/);
  });

  it('is put anew to another cluster: the rows of one are never shown as those of the next', async () => {
    const { screen, asked } = open(['denied-flows'], staying(rowsOf(12)));
    await screen.until(/12 rows/);
    const other = withFacts({ tables: flows });
    screen.show({ ...other, epoch: other.epoch + 1, facts: {} });
    await expect.poll(() => screen.lines().join('\n')).not.toMatch(/shop\/web-0/);
    screen.show({ ...other, epoch: other.epoch + 1 });
    await expect.poll(() => asked.length).toBe(2);
  });

  it.each<[string, Answer, RegExp]>([
    [
      'failed',
      () => failing(new UserError('The name x is not known.', 'Line 2, column 9.')),
      /✖ failed: The name x[\s\S]*The name x is not known\.[\s\S]*Line 2, column 9/,
    ],
    [
      'forbidden',
      () => failing(new UserError('Azure refuses.', 'Ask for a role.', 'forbidden')),
      /forbidden: Log Analytics Reader[\s\S]*Azure refuses/,
    ],
    [
      'partial',
      answering(rowsOf(2), { type: 'partial', code: 'PartialError', message: 'E_QUERY_RESULT_SET_TOO_LARGE' }, end),
      /▲ partial: E_QUERY_RESULT_SET_TOO_LARGE · 2 rows/,
    ],
    ['bounded', answering(rowsOf(5), { type: 'dropped', rows: 412_000, why: 'most' }, end), /▲ 5 of 412,005 kept/],
    ['no rows', answering(end), /no rows[\s\S]*not evidence of absence/],
    ['under way', staying(), /◐ asking \d+s[\s\S]*being asked/],
  ])('%s is said', async (_, answer, expected) => {
    const { screen } = open(['denied-flows'], answer);
    await screen.until(expected);
  });

  it('ctrl-c cancels it and keeps what had come; ctrl-r asks again', async () => {
    const { screen, asked } = open(['denied-flows'], staying(rowsOf(3)));
    await screen.until(/◐ reading 3 rows/);
    await screen.press('ctrl-c');
    await screen.until(/▲ cancelled · 3 rows so far/);
    await screen.press('ctrl-r');
    await screen.until(/◐ reading/);
    expect(asked.length).toBe(2);
  });

  it('⏎ unfolds the row, n goes to the next, esc comes back to the rows', async () => {
    const { screen } = open(['denied-flows'], answering(rowsOf(3), end));
    await screen.until(/3 rows/);
    await screen.press('enter');
    await screen.until(/SourcePod +shop\/web-0[\s\S]*TCP[\s\S]*destination_port +5432/);
    await screen.press('n');
    await screen.until(/SourcePod +shop\/web-1/);
    await screen.press('esc');
    await screen.until(/▸ 12:01:00/);
    await screen.press('enter');
    await screen.until(/SourcePod +shop\/web-1/);
    await screen.press('q');
    await screen.until(/▸ 12:01:00/);
  });

  it('v asks why of the two pods; c copies the row as JSON', async () => {
    const { screen, told } = open(['denied-flows'], answering(rowsOf(3), end));
    await screen.until(/3 rows/);
    await screen.press('j', 'v');
    expect(told.went).toEqual([{ pane: 'verdict', args: ['shop/web-1', 'pay/db-0', '5432/TCP'] }]);
    await screen.press('c');
    expect(JSON.parse(told.copied[0] ?? '')).toMatchObject({
      SourcePod: 'shop/web-1',
      Flows: 1,
      Layer4: { TCP: { destination_port: 5432 } },
    });
  });

  it('filters, orders by a column, hides one and shows all again', async () => {
    const { screen } = open(['denied-flows'], answering(rowsOf(12), end));
    await screen.until(/12 rows/);
    await screen.press('s', 'f');
    await screen.until(/by Flows[\s\S]*▸ 12:01:00 +shop\/web-11/);
    await screen.press('/web-1');
    await screen.until(/3\/12[\s\S]*web-11[\s\S]*web-10[\s\S]*web-1 /);
    await screen.press('esc', 'right', 'right', 'h');
    await screen.until(/TimeGenerated +DestinationPod/);
    await screen.press('H');
    await screen.until(/TimeGenerated +SourcePod/);
  });

  it('a filter finds what stands in a column that is hidden', async () => {
    const { screen } = open(['denied-flows'], answering(rowsOf(12), end));
    await screen.until(/12 rows/);
    await screen.press('right', 'right', 'h', '/web-3');
    await screen.until(/1\/12[\s\S]*▸ 12:03:00 +pay\/db-0/);
  });

  it('t asks about a longer time', async () => {
    const { screen, asked } = open(['denied-flows'], answering(rowsOf(1), end));
    await screen.until(/last 1h/);
    await screen.press('t');
    await screen.until(/last 3h/);
    expect(asked.at(-1)?.timespan).toBe('PT3H');
  });
});

describe('a tail', () => {
  const lag: QueryEvent = { type: 'lag', p50: 31_000, p95: 48_000, newestIngested: '' };
  const waiting: QueryEvent = { type: 'waiting', until: 0, why: 'every 10s' };

  it('follows its end with the lag in sight; moving up pauses it, f follows again', async () => {
    let more: (events: readonly QueryEvent[]) => void = () => {};
    const tail: Answer = async function* (_query, signal) {
      yield [{ type: 'columns', columns }, rowsOf(10), lag, waiting];
      while (!signal.aborted)
        yield await new Promise<readonly QueryEvent[]>((resolve) => {
          more = resolve;
        });
    };
    const { screen } = open(['denied-flows'], answering(rowsOf(1), end), { tail, height: 10 });
    await screen.until(/1 row/);
    await screen.press('f');
    await screen.until(/● following · 10 rows · lag p95 48s[\s\S]*▸ 12:09:00/);
    await screen.press('k');
    more([
      { type: 'rows', rows: [rowOf(9), rowOf(3)], late: 1 },
      { type: 'gap', from: 0, to: 1, text: 'asked too fast for 40s' },
    ]);
    await screen.until(/▲ paused, 3 new[\s\S]*1 late · 1 gap[\s\S]*12:03:00 {6}▲ shop\/web-3/);
    await screen.press('f');
    await screen.until(/● following · 12 rows[\s\S]*── asked too fast for 40s/);
    await screen.press('f');
    await screen.until(/▲ paused/);
  });

  it('that is asked to wait says so in its title, and since when it follows', async () => {
    const throttled: QueryEvent = { type: 'waiting', until: Date.now() + 60_000, why: 'Slow down.', kind: 'throttled' };
    const { screen } = open(['denied-flows'], answering(rowsOf(1), end), {
      tail: staying(rowsOf(3), waiting, throttled),
    });
    await screen.until(/last 1h/);
    await screen.press('f');
    const text = await screen.until(/▲ throttled \(429\), asks again in \d+s · 3/);
    expect(text).toMatch(/Denied flows · since .*\d\d:\d\d ─/);
    expect(text).not.toMatch(/following|last 1h/);
  });

  it('what counts cannot be followed, and says so', async () => {
    const { screen } = open(['denied-flows-by-policy'], answering(rowsOf(1), end));
    await screen.until(/1 row/);
    expect(await screen.press('f')).toMatch(/only rows as they come can be followed/);
  });
});

describe('without an answer to be had', () => {
  it.each<[string, Snapshot, RegExp]>([
    [
      'not signed in',
      withFacts({ login: { state: 'none', problems: ['Azure CLI: az is not installed.'] } }),
      /○ not signed in[\s\S]*az is not installed[\s\S]*:login/,
    ],
    ['off', withFacts({ login: { state: 'off' } }), /○ Azure is off[\s\S]*--no-azure/],
    [
      'a code',
      withFacts({ login: { state: 'code', code: { userCode: 'ABCD-EFGH', address: 'https://login', until: now } } }),
      /◐ signing in[\s\S]*ABCD-EFGH/,
    ],
    [
      'forbidden',
      withFacts({ problem: 'No right to read it.' }),
      /forbidden: Log Analytics Reader[\s\S]*No right to read it/,
    ],
  ])('%s: said, and nothing is asked', async (_, snapshot, expected) => {
    const { screen, asked } = open(['denied-flows'], answering(), { snapshot });
    await screen.until(expected);
    expect(asked).toEqual([]);
  });

  it('a table that the workspace has not: what to enable', async () => {
    const { screen } = open(['denied-flows'], answering(), {
      snapshot: withFacts({ tables: [{ ...(flows[0] as (typeof flows)[0]), name: 'Heartbeat' }] }),
    });
    await screen.until(/no table of flow logs[\s\S]*plan enable-flow-logs/);
  });

  it('on the Basic plan it is put to /search', async () => {
    const { screen, asked } = open(['denied-flows'], answering(end), {
      snapshot: withFacts({ tables: [{ ...(flows[0] as (typeof flows)[0]), plan: 'Basic' }] }),
    });
    await screen.until(/no rows/);
    expect(asked[0]?.searchTable).toBe('ContainerNetworkLogs');
  });
});

describe('the editor', () => {
  it('takes what is typed and pasted, and runs on an empty last line', async () => {
    const { screen, asked, desk } = open([], answering(rowsOf(2), end));
    await screen.until(/ 1 /);
    for (const key of 'T | take 5') await screen.press(key);
    await screen.press('enter', 'enter');
    await screen.until(/2 rows/);
    expect(asked[0]?.text.trim()).toBe('T | take 5');
    expect(desk.history.get()[0]?.text.trim()).toBe('T | take 5');
  });

  it('esc goes to the rows, e comes back to the same text', async () => {
    const { screen } = open(['ContainerLogV2', '|', 'count'], answering(rowsOf(1), end), { height: 24 });
    await screen.until(/ContainerLogV2 \| count/);
    await screen.press('e');
    await screen.until(/ 1 +ContainerLogV2 \| count/);
    await screen.press('end', '!', 'esc', 'e');
    await screen.until(/ContainerLogV2 \| count!/);
  });
});

describe('the saved questions', () => {
  it('are listed with what they answer; those the workspace cannot answer say why', async () => {
    const frame = frameOf(120, 30);
    mounted = mount(LogsScreen, withFacts({ tables: flows }), frame);
    const text = await mounted.until(/● ready/);
    expect(text).toMatch(/▸ Denied flows +1h +Who was denied what/);
    expect(text).toMatch(/Agent errors by pattern +6h +○ The workspace has no table of container logs/);
    await mounted.press('enter');
    expect(frame.told.went).toEqual([{ pane: 'query', args: ['denied-flows'] }]);
  });
});

async function* failing(error: Error): AsyncGenerator<readonly QueryEvent[]> {
  yield [];
  throw error;
}
