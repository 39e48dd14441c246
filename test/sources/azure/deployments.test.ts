import { afterEach, beforeEach, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { readManagedCluster } from '../../../src/model/azure/read-managed-cluster.ts';
import type { OperationEvent } from '../../../src/model/plans/deployments.ts';
import { createClusterOperations } from '../../../src/sources/azure/cluster-operations.ts';
import { createDeployments } from '../../../src/sources/azure/deployments.ts';
import { createOperationRecords } from '../../../src/sources/azure/operation-records.ts';
import { type PlanAzure, startPlanAzure } from './plan-azure.ts';

let world: PlanAzure;
beforeEach(async () => {
  world = await startPlanAzure(1);
});
afterEach(() => world.close());

/** As the worker has it, with a list of what became of its jobs instead of a screen. */
async function deployments({ open = true } = {}) {
  const found = await world.read('batch-neu', 'aks-batch-neu');
  const cluster = readManagedCluster(found?.raw ?? {});
  const told: string[] = [];
  const jobs = {
    begin({ title, changes }: { title: string; changes: boolean }) {
      if (changes && !open) throw new UserError('The write window is closed.', ':write opens it.', 'closed');
      told.push(`begins ${title}`);
      return 1;
    },
    progress: (_: number, text: string) => void told.push(text),
    end: (_: number, end: { outcome: string }) => void told.push(end.outcome),
  };
  const { config, connection } = world;
  const made = createDeployments({
    ...{ config, connection, jobs, cluster: () => cluster },
    onChange: () => void told.push('asked again'),
  });
  const plan = () => made.planDeployment({ id: 'upgrade', version: '1.34' }, AbortSignal.timeout(10_000));
  return { ...made, plan, told };
}

async function all(events: AsyncIterable<OperationEvent>): Promise<OperationEvent | undefined> {
  let last: OperationEvent | undefined;
  for await (const event of events) last = event;
  return last;
}

it('plans on what ARM says, and does it as a job', async () => {
  const { plan, operate, told } = await deployments();
  const { change, plan: said } = await plan();
  expect(said).toMatchObject({ title: 'upgrade aks-batch-neu to 1.34', dangerous: true });
  const last = await all(operate(change, AbortSignal.timeout(20_000)));
  expect(last).toMatchObject({ type: 'end', end: { outcome: 'done' } });
  expect(told[0]).toBe('begins upgrade aks-batch-neu to 1.34');
  expect(told.slice(-2)).toEqual(['verified', 'asked again']);
  expect(world.puts()).toHaveLength(1);
});

it('sends nothing while the write window is closed', async () => {
  const { plan, operate } = await deployments({ open: false });
  const { change } = await plan();
  const last = await all(operate(change, AbortSignal.timeout(10_000)));
  expect(last).toMatchObject({ end: { outcome: 'refused', text: 'The write window is closed.' } });
  expect(world.puts()).toHaveLength(0);
  expect(createOperationRecords(world.stateDir).list()).toEqual([]);
});

it('goes on when nobody listens any more', async () => {
  const { plan, operate, told } = await deployments();
  const { change } = await plan();
  for await (const event of operate(change, AbortSignal.timeout(10_000))) if (event.type === 'step') break;
  await expect.poll(() => told, { timeout: 15_000 }).toContain('verified');
});

it('follows what an earlier session began, without the window and without sending anything', async () => {
  const first = await deployments();
  const { change } = await first.plan();
  const records = createOperationRecords(world.stateDir);
  const events = first.operate(change, AbortSignal.timeout(10_000));
  let kept = records.list();
  for await (const event of events) {
    if (event.type !== 'step' || !event.step.taken) continue;
    kept = records.list();
    break;
  }
  await expect.poll(() => first.told, { timeout: 15_000 }).toContain('verified');
  for (const record of kept) records.keep(record);
  const later = await deployments({ open: false });
  later.followPending();
  await expect.poll(() => later.told, { timeout: 15_000 }).toContain('verified');
  expect(world.puts()).toHaveLength(1);
  expect(records.list()).toEqual([]);
});

it('sends nothing beside what another session began, and leaves its record alone', async () => {
  const { change } = await (await deployments()).plan();
  const records = createOperationRecords(world.stateDir);
  const operations = createClusterOperations({ connection: world.connection, records, audit: () => {} });
  const theirs = { ...change, title: 'theirs', arm: world.connection.cloud.arm, since: 1, poller: '' };
  records.keep(theirs);
  const end = await operations.begin(change, { onStep: () => {}, signal: AbortSignal.timeout(10_000) });
  expect(end).toMatchObject({ outcome: 'refused', text: expect.stringContaining('theirs was begun meanwhile') });
  expect(world.puts()).toHaveLength(0);
  records.drop({ ...theirs, since: 2 });
  expect(records.list()).toEqual([theirs]);
});
