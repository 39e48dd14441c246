import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogTail, QueryEvent } from '../../../../src/model/azure/log-query.ts';
import { AzureProblem } from '../../../../src/sources/azure/azure-problem.ts';
import { follow } from '../../../../src/sources/azure/logs/follow.ts';
import type { LogsClient, LogsQuestion } from '../../../../src/sources/azure/logs/logs-client.ts';
import { fc } from '../../../fixtures/seeded.ts';

// Fake timers do not reach what was imported of this module by name.
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number, value: unknown, { signal }: { signal?: AbortSignal } = {}) =>
    new Promise((resolve, reject) => {
      const stop = () => reject(Object.assign(new Error('aborted'), { name: 'AbortError' }));
      if (signal?.aborted) return stop();
      const timer = setTimeout(() => resolve(value), ms);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        stop();
      });
    }),
}));

const start = Date.parse('2026-11-22T12:00:00Z');
const tail: LogTail = {
  ...{ text: 'Flows | where A | project TimeGenerated, Name', timespan: 'PT5M', searchTable: '', rowId: 'UUID' },
  ...{ mostRows: 10_000, limitS: 60, everyMs: 10_000 },
};

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

/** `ingested` and `visible`, seconds after the start; a row can be asked for from then on. `tick`: 100 ns beyond. */
type Row = { name: string; generated: number; ingested: number; tick?: number; visible?: number };

const text = (seconds: number, tick = 0) =>
  `${new Date(start + seconds * 1_000).toISOString().slice(0, -1)}${String(tick).padStart(4, '0')}Z`;

/** As the service does it: what is visible now, was ingested since, and happened in the timespan; in order, so many. */
function service(
  rows: readonly Row[],
  trouble: (question: number) => string | AzureProblem | undefined = () => undefined,
) {
  const questions: LogsQuestion[] = [];
  const sorted = rows
    .map((row) => ({ ...row, at: text(row.ingested, row.tick), made: text(row.generated) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const client: LogsClient = {
    async ask(question) {
      questions.push(question);
      const failure = trouble(questions.length);
      if (failure instanceof AzureProblem) throw failure;
      const now = (Date.now() - start) / 1_000;
      const [, sign, since = '', ago] =
        /ingestion_time\(\) (>=?) (?:datetime\(([^)]*)\)|ago\((\d+)s\))/.exec(question.text) ?? [];
      const from = ago === undefined ? since : text(now - Number(ago));
      const span = Number(/^PT(\d+)S$/.exec(question.timespan)?.[1]);
      const take = Number(/take (\d+)$/.exec(question.text)?.[1] ?? Infinity);
      const found = sorted
        .filter(({ visible, ingested, generated, at }) => {
          const isMeant = question.isSearch || (sign === '>' ? at > from : at >= from);
          return isMeant && (visible ?? ingested) <= now && generated >= now - span;
        })
        .slice(0, take);
      const here = text(now);
      const own = ['ciliscope_ingested', 'ciliscope_now', 'ciliscope_generated', 'ciliscope_id'];
      const columns = [...(question.isSearch ? own.slice(2) : own), 'TimeGenerated', 'Name'];
      const cells = (failure === 'half' ? found.slice(0, found.length / 2) : found).map(({ name, made, at }) => {
        const shared = [made, name, made, name];
        return question.isSearch ? shared : [at, here, ...shared];
      });
      const body = {
        tables: [{ name: 'PrimaryResult', columns: columns.map((name) => ({ name, type: 'string' })), rows: cells }],
        ...(failure === 'half' ? { error: { code: 'PartialError', message: 'only a part' } } : {}),
      };
      return { date: Math.floor(Date.now() / 1_000) * 1_000, body: pieces(JSON.stringify(body)) };
    },
  };
  return { client, questions };
}

async function* pieces(body: string): AsyncIterable<Buffer> {
  yield Buffer.from(body);
}

/** Follows for so many seconds of the service's time. */
async function followed(client: LogsClient, seconds: number, more: Partial<LogTail> = {}): Promise<QueryEvent[]> {
  const stop = new AbortController();
  const events: QueryEvent[] = [];
  const reading = (async () => {
    for await (const batch of follow(client, { ...tail, ...more }, stop.signal)) events.push(...batch);
  })();
  const ended = reading.catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(seconds * 1_000);
  stop.abort();
  const error = await ended;
  if (error !== undefined) throw error;
  return events;
}

const names = (events: readonly QueryEvent[]) =>
  events.flatMap((event) => (event.type === 'rows' ? event.rows.map((row) => String(row[1])) : []));
const told = <T extends QueryEvent['type']>(events: readonly QueryEvent[], type: T) =>
  events.filter((event): event is Extract<QueryEvent, { type: T }> => event.type === type);

describe('a tail', () => {
  it('tells every row once, whatever becomes visible when, in which order, and how often', async () => {
    const row = fc.record({
      generated: fc.integer({ min: -400, max: 250 }),
      delay: fc.integer({ min: 0, max: 120 }),
      tick: fc.integer({ min: 0, max: 2 }),
      hidden: fc.integer({ min: 0, max: 29 }),
      copies: fc.constantFrom(0, 0, 0, 1, 2),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 60 }), async (given) => {
        vi.setSystemTime(start);
        const rows = given.flatMap(({ generated, delay, tick, hidden, copies }, at): Row[] => {
          const one = { name: `row ${at}`, generated, tick, ingested: generated + delay };
          return Array.from({ length: copies + 1 }, (_, copy) => {
            const ingested = one.ingested + copy * 7;
            return { ...one, ingested, visible: ingested + hidden };
          });
        });
        const { client } = service(rows);
        const events = await followed(client, 420);
        // It begins with what was ingested in the last five minutes, or a little before.
        const since = (seconds: number) => rows.filter(({ ingested }) => ingested > -seconds).map(({ name }) => name);
        const seen = names(events);
        expect(new Set(seen).size).toBe(seen.length);
        expect(since(300).filter((name) => !seen.includes(name))).toEqual([]);
        expect(seen.filter((name) => !since(331).includes(name))).toEqual([]);
        expect(told(events, 'gap')).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('goes on at once where more rows wait than one answer holds, also of one and the same moment', async () => {
    const rows = Array.from({ length: 12_000 }, (_, at): Row => {
      const ingested = at < 2_000 ? 3 : at < 9_000 ? 4 : 4 + (at - 9_000) / 1_000;
      return { name: `row ${at}`, generated: 1, ingested: Math.floor(ingested), tick: at < 9_000 ? 5 : at % 10_000 };
    });
    const { client, questions } = service(rows);
    const events = await followed(client, 21);
    expect(names(events)).toHaveLength(12_000);
    expect(new Set(names(events)).size).toBe(12_000);
    expect(questions.length).toBeLessThan(25);
    expect(told(events, 'gap')).toEqual([]);
  });

  it('marks what it cannot reach: more rows of one moment than can be asked for', async () => {
    const burst = Array.from({ length: 21_000 }, (_, at): Row => ({ name: `row ${at}`, generated: 1, ingested: 3 }));
    const { client } = service([...burst, { name: 'after', generated: 2, ingested: 4 }]);
    const events = await followed(client, 12);
    expect(told(events, 'gap')).toEqual([
      { type: 'gap', from: start + 3_000, to: start + 3_001, text: expect.stringContaining('one moment') },
    ]);
    expect(names(events)).toContain('after');
  });

  it('counts late rows and copies, and says how late rows come', async () => {
    const { client } = service([
      { name: 'a', generated: 1, ingested: 5 },
      { name: 'b', generated: 30, ingested: 40 },
      { name: 'a', generated: 1, ingested: 55 },
      { name: 'late', generated: 2, ingested: 62 },
      { name: 'tomorrow', generated: 90_000, ingested: 63 },
      { name: 'c', generated: 70, ingested: 80 },
    ]);
    const events = await followed(client, 100);
    expect(names(events)).toEqual(['a', 'b', 'late', 'tomorrow', 'c']);
    expect(told(events, 'rows').map(({ late = 0, duplicates = 0 }) => [late, duplicates])).toEqual([
      [0, 0],
      [0, 0],
      [0, 1],
      [1, 0],
      [0, 0],
    ]);
    expect(told(events, 'lag').at(-1)).toEqual({ type: 'lag', p50: 10_000, p95: 60_000, newestIngested: text(80) });
    expect(told(events, 'columns').map(({ columns }) => columns.map(({ name }) => name))).toEqual([
      ['TimeGenerated', 'Name'],
    ]);
  });

  it('asks less often while it is asked to wait, and loses nothing', async () => {
    const slow = new AzureProblem('throttled', 'Azure asks us to slow down (429).', '', { retryAfterMs: 45_000 });
    const rows = Array.from({ length: 100 }, (_, at): Row => ({ name: `row ${at}`, generated: at, ingested: at + 20 }));
    const { client, questions } = service(rows, (question) => (question === 3 || question === 4 ? slow : undefined));
    const events = await followed(client, 300);
    expect(names(events)).toHaveLength(100);
    const waits = told(events, 'waiting').map(({ until, why }) => [Math.round((until - start) / 1_000), why]);
    // 10 s, then twice what was asked for, then back to the usual pace.
    expect(waits.slice(0, 7)).toEqual([
      [10, ''],
      [20, ''],
      [65, 'Azure asks us to slow down (429).'],
      [110, 'Azure asks us to slow down (429).'],
      [130, 'Slower for a while: we were asked to wait.'],
      [140, ''],
      [150, ''],
    ]);
    expect(questions).toHaveLength(23);
  });

  it('asks for a part again, and marks what stays away', async () => {
    const rows = Array.from({ length: 40 }, (_, at): Row => ({ name: `row ${at}`, generated: at, ingested: at }));
    const some = service(rows, (question) => (question === 5 ? 'half' : undefined));
    const events = await followed(some.client, 120);
    expect(names(events)).toHaveLength(40);
    expect(told(events, 'partial').map(({ message }) => message)).toEqual(['only a part']);
    expect(told(events, 'gap')).toEqual([]);
    const always = service(rows, () => 'half');
    const [gap, ...others] = told(await followed(always.client, 45), 'gap');
    expect([gap?.text, others]).toEqual(['Only a part of the answer came, again and again.', []]);
    expect(gap?.to).toBeGreaterThan(gap?.from ?? 0);
  });

  it('asks nothing while nobody reads, and afterwards for all that came meanwhile', async () => {
    const rows = Array.from(
      { length: 5 },
      (_, at): Row => ({ name: `row ${at}`, generated: at * 3_600, ingested: at * 3_600 + 5 }),
    );
    const { client, questions } = service(rows);
    const stop = new AbortController();
    const reader = follow(client, tail, stop.signal)[Symbol.asyncIterator]();
    await reader.next();
    const asked = questions.length;
    await vi.advanceTimersByTimeAsync(5 * 3_600_000);
    expect(questions).toHaveLength(asked);
    const next = reader.next();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(names((await next).value ?? [])).toEqual(rows.map(({ name }) => name));
  });

  it('follows a table of the Basic plan by the time of its events, seldom', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, at): Row => ({ name: `row ${at}`, generated: at * 5, ingested: at * 5 + 30 }),
    );
    const { client, questions } = service([...rows, ...rows.slice(0, 3)]);
    const events = await followed(client, 500, { searchTable: 'Flows' });
    expect(names(events)).toEqual(rows.map(({ name }) => name));
    expect(questions.every(({ isSearch, text: asked }) => isSearch && !asked.includes('ingestion_time'))).toBe(true);
    expect(questions.length).toBeLessThan(18);
    expect(told(events, 'remark')[0]?.text).toContain('5 minutes late');
  });

  it.each([
    ['forbidden', new AzureProblem('forbidden', 'The workspace may not be read.')],
    ['refused', new AzureProblem('refused', 'The query was refused.')],
    ['signed-out', new AzureProblem('signed-out', 'Nobody is signed in.')],
  ])('ends where it may not be asked: %s', async (_kind, problem) => {
    const { client } = service([], () => problem);
    await expect(followed(client, 5)).rejects.toBe(problem);
  });

  it('is refused where rows do not say when they were ingested', async () => {
    const client: LogsClient = {
      ask: async () => ({
        date: start,
        body: pieces(
          '{"tables":[{"columns":[{"name":"TimeGenerated","type":"datetime"}],"rows":[["2026-11-22T12:00:00Z"]]}]}',
        ),
      }),
    };
    await expect(followed(client, 5)).rejects.toThrow('cannot be followed');
  });
});
