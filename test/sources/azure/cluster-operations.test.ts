import { readdirSync, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { record } from '../../../src/model/objects/raw.ts';
import { planEnableCilium } from '../../../src/model/plans/enable-cilium.ts';
import type { AgreedChange } from '../../../src/model/plans/operation.ts';
import { writableBody } from '../../../src/model/plans/writable-body.ts';
import { createClusterOperations } from '../../../src/sources/azure/cluster-operations.ts';
import { createOperationRecords } from '../../../src/sources/azure/operation-records.ts';
import { type PlanAzure, startPlanAzure } from './plan-azure.ts';

let world: PlanAzure;
beforeEach(async () => {
  world = await startPlanAzure();
});
afterEach(() => world.close());

const waits = { look: 30, looks: 3, poll: 50, throttled: 50 };
const busy = { kind: 'status', code: 500, reason: 'InternalServerError', message: 'Something broke.' } as const;

function operations(stateDir = world.stateDir) {
  const told: string[] = [];
  const steps: string[] = [];
  const records = createOperationRecords(stateDir);
  const audit = (_: AgreedChange, outcome: string, said: string) => told.push(`${outcome} ${said}`.trim());
  const of = createClusterOperations({ connection: world.connection, records, audit, waits });
  const follow = { onStep: ({ text }: { text: string }) => steps.push(text), signal: AbortSignal.timeout(20_000) };
  return { ...of, records, told, steps, follow };
}

/** Tags the development cluster, with whatever is in it that we know nothing of. */
async function change(tags: Record<string, string> = { owner: 'net' }): Promise<AgreedChange> {
  const found = await world.read('dev-weu', 'aks-dev-weu');
  if (found === undefined) throw new Error('there is no such cluster');
  const { raw, etag } = found;
  return {
    ...{ plan: 'enable-acns', title: 'tag aks-dev-weu', target: world.target('dev-weu', 'aks-dev-weu') },
    ...{ body: { ...writableBody(raw), tags }, before: raw, etag },
  };
}

describe('an operation', () => {
  it('is sent once with the etag, followed to its end, audited, and leaves no record', async () => {
    const one = operations();
    const agreed = await change();
    expect(await one.begin(agreed, one.follow)).toMatchObject({ outcome: 'done', text: 'Azure says Succeeded.' });
    const [put, ...others] = world.puts();
    expect(others).toEqual([]);
    expect(put?.headers['if-match']).toBe(agreed.etag);
    expect(put?.path).toMatch(/\?api-version=2026-06-01$/);
    expect((await world.read('dev-weu', 'aks-dev-weu'))?.raw.tags).toEqual({ owner: 'net' });
    expect(one.records.list()).toEqual([]);
    expect(one.told).toEqual(['sending', 'done']);
    expect(one.steps).toContain('InProgress in Azure');
  });

  it('keeps what Azure’s own client does not know', async () => {
    const one = operations();
    const agreed = await change();
    const properties = {
      ...record(agreed.body.properties),
      futureProfile: { mode: 'Strange', list: [1, { a: null }] },
    };
    await one.begin({ ...agreed, body: { ...agreed.body, properties } }, one.follow);
    expect(JSON.parse(world.puts()[0]?.body ?? '')).toEqual({ ...agreed.body, properties });
  });

  it('does nothing where the cluster was changed since it was read', async () => {
    const one = operations();
    const agreed = await change();
    await one.begin(await change({ owner: 'somebody' }), one.follow);
    const end = await one.begin(agreed, one.follow);
    expect(end).toMatchObject({ outcome: 'refused', kind: 'changed' });
    expect((await world.read('dev-weu', 'aks-dev-weu'))?.raw.tags).toEqual({ owner: 'somebody' });
    expect(one.records.list()).toEqual([]);
  });

  it('waits as long as Azure asks, and sends the same again', async () => {
    const one = operations();
    world.failPut({
      kind: 'status',
      code: 429,
      reason: 'TooManyRequests',
      message: 'Slow down.',
      retryAfterSeconds: 1,
    });
    const started = Date.now();
    expect(await one.begin(await change(), one.follow)).toMatchObject({ outcome: 'done' });
    expect(Date.now() - started).toBeGreaterThan(1_000);
    expect(world.puts().map(({ status }) => status)).toEqual([429, 200]);
  });

  it('says that another operation runs, waits for its end, and leaves it to somebody to read again', async () => {
    const one = operations();
    const agreed = await change();
    world.azure.settings.change({ delay: { agent: [0, 0], resource: [0, 0] } });
    // Somebody else's, on another machine.
    const other = operations(join(world.stateDir, 'elsewhere'));
    const first = other.begin(await change({ owner: 'somebody' }), other.follow);
    await expect.poll(() => other.steps).toContain('Azure took it');
    const now = await world.read('dev-weu', 'aks-dev-weu');
    const end = await one.begin({ ...agreed, etag: now?.etag ?? '' }, one.follow);
    expect(end).toMatchObject({ outcome: 'refused', kind: 'busy' });
    expect('text' in end && end.text).toContain('in progress update managed cluster operation');
    expect('text' in end && end.text).toContain(`by ${world.azure.application.id}`);
    expect(await first).toMatchObject({ outcome: 'done' });
  });

  it('that fails says why', async () => {
    const one = operations();
    world.failOperation('SubnetIsFull', 'Subnet with name default is full.');
    const end = await one.begin(await change(), one.follow);
    expect(end).toMatchObject({ outcome: 'failed' });
    expect('text' in end && end.text).toContain('Subnet with name default is full.');
    expect(one.records.list()).toEqual([]);
  });
});

describe('a lost answer', () => {
  it('is looked for: what arrived is not sent again', async () => {
    const one = operations();
    world.failPut({ kind: 'lose-answer' });
    expect(await one.begin(await change(), one.follow)).toMatchObject({ outcome: 'done' });
    expect(world.puts()).toHaveLength(1);
    expect((await world.read('dev-weu', 'aks-dev-weu'))?.raw.tags).toEqual({ owner: 'net' });
  });

  it('of a request that did not arrive: it is sent once more after looking', async () => {
    const one = operations();
    world.failPut(busy);
    expect(await one.begin(await change(), one.follow)).toMatchObject({ outcome: 'done' });
    expect(world.puts().map(({ status }) => status)).toEqual([500, 200]);
    expect(one.steps).toContain('it had not arrived: sent once more');
  });

  it('twice: it is given up, and nothing was changed', async () => {
    const one = operations();
    world.failPut(busy, busy);
    expect(await one.begin(await change(), one.follow)).toMatchObject({ outcome: 'refused', kind: 'lost' });
    expect(world.puts()).toHaveLength(2);
  });
});

describe('after we were cut off', () => {
  it('the operation is on record before it is sent, for its owner alone, and is followed without sending anything', async () => {
    const stop = new AbortController();
    const one = operations();
    const end = await one.begin(await change(), {
      signal: stop.signal,
      onStep({ text }) {
        if (text === 'sent to Azure') {
          const folder = join(world.stateDir, 'operations');
          const [file = ''] = readdirSync(folder);
          expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
          expect(JSON.parse(readFileSync(join(folder, file), 'utf8'))).toMatchObject({
            poller: '',
            title: 'tag aks-dev-weu',
          });
        }
        if (text === 'Azure took it') stop.abort();
      },
    });
    expect(end).toMatchObject({ outcome: 'left' });
    const later = operations();
    const [kept] = later.records.list();
    expect(kept?.poller).not.toBe('');
    expect(await later.resume(kept as never, later.follow)).toMatchObject({ outcome: 'done' });
    expect(world.puts()).toHaveLength(1);
    expect(later.records.list()).toEqual([]);
  });

  it('before the answer came: what arrived is recognised, what did not is told', async () => {
    const one = operations();
    const agreed = await change();
    const kept = { ...agreed, arm: world.connection.cloud.arm, since: Date.now(), poller: '' };
    one.records.keep(kept);
    expect(await one.resume(kept, one.follow)).toMatchObject({ outcome: 'refused', kind: 'lost' });
    expect(world.puts()).toHaveLength(0);
    await one.begin(agreed, one.follow);
    expect(await one.resume(kept, one.follow)).toMatchObject({ outcome: 'done' });
  });

  it('by nobody: what another process on this machine is sending is left alone', async () => {
    const one = operations();
    const owner = { pid: process.ppid, host: hostname() };
    const kept = { ...(await change()), arm: world.connection.cloud.arm, since: Date.now(), poller: '', owner };
    one.records.keep(kept);
    const end = await one.resume(kept, one.follow);
    expect(end).toMatchObject({ outcome: 'left', text: expect.stringContaining(`Process ${process.ppid} `) });
    expect(one.records.list()).toEqual([kept]);
    const elsewhere = { ...kept, owner: { ...owner, host: 'another' } };
    expect(await one.resume(elsewhere, one.follow)).toMatchObject({ kind: 'lost' });
  });

  it('and somebody else changed the cluster: it is said', async () => {
    const one = operations();
    const agreed = await change();
    const kept = { ...agreed, arm: world.connection.cloud.arm, since: Date.now(), poller: '' };
    await one.begin(await change({ owner: 'somebody' }), one.follow);
    expect(await one.resume(kept, one.follow)).toMatchObject({ outcome: 'refused', kind: 'changed' });
  });

  it('and the sign-in ends meanwhile: the record stays', async () => {
    const one = operations();
    const agreed = await change();
    const end = await one.begin(agreed, {
      ...one.follow,
      onStep({ text }) {
        if (text !== 'Azure took it') return;
        world.azure.expireTokens();
        for (let times = 0; times < 20; times += 1) {
          world.fail(({ service }) => service === 'authority', {
            kind: 'status',
            code: 400,
            reason: 'invalid_client',
            message: 'gone',
          });
        }
      },
    });
    expect(end).toMatchObject({ outcome: 'left' });
    expect(one.records.list()).toHaveLength(1);
  });
});

it('a plan of an existing cluster arrives as it was shown', async () => {
  const one = operations();
  const found = await world.read('dev-weu', 'aks-dev-weu');
  const raw = record(found?.raw);
  const asAzure = {
    ...record(raw.properties),
    networkProfile: { ...record(record(raw.properties).networkProfile), networkPlugin: 'azure' },
  };
  const plan = planEnableCilium({ raw: { ...raw, properties: asAzure }, azVersion: '' });
  expect(plan.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const end = await one.begin(
    {
      plan: plan.id,
      title: plan.title,
      target: plan.target,
      body: plan.body ?? {},
      before: raw,
      etag: found?.etag ?? '',
    },
    one.follow,
  );
  expect(end).toMatchObject({ outcome: 'done' });
  expect(record(record((await world.read('dev-weu', 'aks-dev-weu'))?.raw.properties).networkProfile)).toMatchObject({
    networkDataplane: 'cilium',
  });
});
