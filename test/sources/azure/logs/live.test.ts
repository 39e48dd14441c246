// Microsoft's client over TLS, the simulator's workspace, and a world whose clock moves only while we wait.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../../../src/config.ts';
import type { QueryEvent } from '../../../../src/model/azure/log-query.ts';
import { chooseQuery } from '../../../../src/queries/choose-query.ts';
import { queries } from '../../../../src/queries/index.ts';
import { azurePlace, workspaceId } from '../../../../src/simulator/azure/azure-settings.ts';
import { azureEnvironment } from '../../../../src/simulator/azure/start-azure.ts';
import { connectAzure } from '../../../../src/sources/azure/connect-azure.ts';
import { findLogs } from '../../../../src/sources/azure/logs/find-logs.ts';
import { runningLogs } from '../../../simulator/logs/running-logs.ts';

let running: Awaited<ReturnType<typeof runningLogs>>;
let folder: string;
const waits: number[] = [];

// Whoever waits lets the world live on for as long.
vi.mock('../../../../src/sources/kubernetes/waiting.ts', async (original) => ({
  ...(await original<object>()),
  pause: async (ms: number) => {
    waits.push(ms);
    running.pass(ms / 1_000);
  },
}));

beforeAll(async () => {
  running = await runningLogs();
  running.pass(330);
  folder = mkdtempSync(join(tmpdir(), 'ciliscope-logs-'));
  writeFileSync(join(folder, 'ca.pem'), running.ca);
});
afterAll(async () => {
  await running.close();
  rmSync(folder, { recursive: true });
});

function connect() {
  const env = { ...azureEnvironment(running.azure, join(folder, 'ca.pem')), PATH: '' };
  const config = readConfig({ workspace: workspaceId(), subscription: azurePlace.subscription }, env, '1.2.3');
  const azure = connectAzure(config, env);
  const stop = new AbortController();
  const found = findLogs(azure, config.azure, () => Promise.reject(new Error('no cluster is needed')), stop.signal);
  return { azure, found, signal: stop.signal };
}

/** Each by the same connection, as the console does it. */
async function asking(
  work: (ask: (id: string, own?: string) => Promise<QueryEvent[]>) => Promise<void>,
): Promise<void> {
  const { azure, found, signal } = connect();
  const { asks, workspace } = await found;
  await work(async (id, own = '') => {
    const saved = queries.find((one) => one.id === id);
    const given = id === 'flows-between' ? { from: 'shop/web', to: 'shop/api' } : {};
    const chosen = saved ? chooseQuery(saved, { workspace }, given) : { text: own, timespan: 'P1D', searchTable: '' };
    if ('missing' in chosen) throw new Error(chosen.missing);
    const { text, timespan, searchTable } = chosen;
    const events: QueryEvent[] = [];
    for await (const batch of asks.query({ text, timespan, searchTable, mostRows: 1_000, limitS: 60 }, signal))
      events.push(...batch);
    return events;
  });
  await azure.close();
}

const rowsIn = (events: readonly QueryEvent[]) => events.flatMap((event) => (event.type === 'rows' ? event.rows : []));

describe('a tail of the simulated workspace', () => {
  it('tells every row once and loses none, with late rows, copies, 429, errors and parts on the way', async () => {
    const { azure, found, signal } = connect();
    const { asks } = await found;
    const stop = new AbortController();
    const told: string[] = [];
    const counts = { late: 0, duplicates: 0, partial: 0, gaps: 0, waited: 0, questions: 0 };
    let lag = { p50: 0, p95: 0 };
    const began = running.world.now();
    running.faults.add({ id: 'azure-late-rows' });
    running.faults.add({ id: 'azure-duplicate-rows' });
    const tail = {
      ...{
        text: 'ContainerNetworkLogs | project TimeGenerated, UUID, Verdict | order by TimeGenerated asc',
        rowId: 'UUID',
      },
      ...{ timespan: 'PT2M', searchTable: '', mostRows: 10_000, limitS: 60, everyMs: 20_000 },
    };
    for await (const events of asks.tail(tail, AbortSignal.any([signal, stop.signal]))) {
      counts.questions += 1;
      if (counts.questions === 5) running.faults.add({ id: 'azure-query-throttled', count: 2 });
      if (counts.questions === 12) running.faults.add({ id: 'azure-error', count: 1 });
      if (counts.questions === 16) running.faults.add({ id: 'azure-query-partial', count: 1 });
      for (const event of events) {
        if (event.type === 'rows') {
          told.push(...event.rows.map((row) => String(row[1])));
          counts.late += event.late ?? 0;
          counts.duplicates += event.duplicates ?? 0;
        } else if (event.type === 'partial') counts.partial += 1;
        else if (event.type === 'gap') counts.gaps += 1;
        else if (event.type === 'lag') lag = event;
        else if (event.type === 'waiting' && /slow down|500/.test(event.why)) counts.waited += 1;
      }
      if (running.world.now() - began > 900_000) stop.abort();
    }
    await running.faults.clear();
    await azure.close();
    const held = [...running.logs.lines('ContainerNetworkLogs')].map((line) => JSON.parse(line));
    const meant = held.filter(({ ingested }) => {
      const at = Date.parse(ingested);
      // What was taken in during the last half minute may still have been asked for.
      return at > began - 120_000 && at < began + 870_000;
    });
    const ids = new Set(meant.map(({ UUID }) => UUID as string));
    expect(ids.size).toBeGreaterThan(100);
    expect(new Set(told).size).toBe(told.length);
    expect([...ids].filter((id) => !told.includes(id))).toEqual([]);
    expect(held.length).toBeGreaterThan(new Set(held.map(({ UUID }) => UUID)).size);
    expect(counts).toMatchObject({ partial: 1, gaps: 0, waited: 3 });
    expect(counts.late).toBeGreaterThan(0);
    expect(counts.duplicates).toBeGreaterThan(0);
    expect(lag.p95).toBeGreaterThan(lag.p50);
    expect(waits).toContain(40_000);
  }, 60_000);
});

describe('every saved query', () => {
  it.each([
    ['the table of today', 'analytics', 'dedicated'],
    ['its older name', 'older-name', 'legacy'],
    ['the Basic plan', 'basic', 'dedicated'],
  ] as const)(
    'is answered by %s',
    async (_name, flowLogs, audit) => {
      await running.with({ flowLogs, audit }, async () => {
        running.pass(60);
        await asking(async (ask) => {
          // The others are asked the same in all three.
          const differing = queries.filter(({ reads }) => flowLogs === 'analytics' || /flows|audit/.test(reads.join()));
          for (const { id } of differing) expect((await ask(id)).at(-1), id).toMatchObject({ type: 'end' });
          const tables = rowsIn(await ask('ingestion-health')).map(([table]) => table);
          expect(tables.includes('ContainerNetworkLogs')).toBe(flowLogs === 'analytics');
        });
      });
    },
    90_000,
  );
});

describe('a workspace that means harm', () => {
  it('is bounded, inert and otherwise as it is', async () => {
    await running.with({ id: 'azure-hostile-rows' }, async () => {
      await asking(async (ask) => {
        for (const name of ['HostileValues_CL', 'HostileWide_CL', 'HostileLong_CL']) {
          const events = await ask('', name);
          const rows = rowsIn(events);
          expect(events.at(-1), name).toMatchObject({ type: 'end', rows: rows.length });
          expect(rows.length, name).toBeGreaterThan(0);
          expect(rows.length, name).toBeLessThanOrEqual(1_000);
          const texts = rows.flat().filter((cell) => typeof cell === 'string');
          expect(texts.filter((text) => text.length > 66_000)).toEqual([]);
          expect(texts.filter((text) => harm.test(text))).toEqual([]);
          if (name === 'HostileLong_CL')
            expect(events).toContainEqual({ type: 'dropped', rows: 499_000, why: 'only 1,000 are kept' });
          if (name === 'HostileWide_CL') expect(rows[0]).toHaveLength(500);
        }
        const moments = rowsIn(
          await ask('', 'HostileValues_CL | where isnotempty(When) | project Text, When | sort by When asc'),
        );
        expect(moments).toEqual([
          ['earliest', '0001-01-01T00:00:00Z'],
          ['', '2026-11-22T12:00:00.0000001Z'],
          ['latest', '9999-12-31T23:59:59.9999999Z'],
        ]);
      });
    });
  }, 90_000);
});

const harm = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;
