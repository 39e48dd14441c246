import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type EmbeddedCluster, startCluster } from './embedded-cluster.ts';
import { go } from './look.ts';
import type { Driven } from './terminal.ts';

// A drain with a disruption budget in the way, by keys in 80 columns: stopped, hung up, killed, and gone on with.
const budgets = '/apis/policy/v1/namespaces/shop/poddisruptionbudgets';
let cluster: EmbeddedCluster;
let state: string;
let node: string;
const opened: Driven[] = [];

beforeAll(async () => {
  cluster = await startCluster('--scenario', 'healthy', '--nodes', '3', '--pods', '25', '--churn', '0');
});
afterAll(() => cluster.stop());

beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), 'ciliscope-state-'));
  // It moves with every drain.
  const { body } = await cluster.call('GET', '/api/v1/namespaces/shop/pods/db-0');
  node = (body as { spec: { nodeName: string } }).spec.nodeName;
  await cluster.call('POST', budgets, {
    ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'db' } },
    spec: { minAvailable: 3, selector: { matchLabels: { app: 'db' } } },
  });
});
afterEach(async () => {
  for (const one of opened.splice(0)) one.kill();
  await cluster.call('DELETE', `${budgets}/db`);
  await cluster.call(
    'PATCH',
    `/api/v1/nodes/${node}`,
    { spec: { unschedulable: null } },
    'application/merge-patch+json',
  );
  rmSync(state, { recursive: true, force: true });
});

async function open(): Promise<Driven> {
  const console = cluster.console({ args: ['--write'], columns: 80, rows: 24, env: { XDG_STATE_HOME: state } });
  opened.push(console);
  await console.until(/RW \d+:\d\d/, 40_000);
  await console.until(/● (\d+)\/\1/, 40_000);
  return console;
}

/** Begun by keys, and as far as it gets: every pod but one of the budget has left. */
async function draining(): Promise<Driven> {
  const console = await open();
  await go(console, `:drain ${node}`);
  await console.until(/y do it/, 20_000);
  expect(console.text()).toMatch(/budget shop\/db lets\s+none of its pods go now/);
  console.press('y');
  await console.until(/shop\/db-0 {2}waits: its budget db needs 3 healthy/, 30_000);
  // Refused a second time: everybody else has been asked to go by then.
  const refused = () =>
    audited().filter(({ outcome, request }) => outcome === 'refused' && request?.includes('/db-0/'));
  await expect.poll(() => refused().length, { timeout: 30_000 }).toBeGreaterThan(1);
  return console;
}

const audited = () =>
  readFileSync(join(state, 'ciliscope', 'audit.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);

/** `ciliscope audit …` on the same state folder. */
async function audit(...args: string[]): Promise<{ code: number; out: string }> {
  const env = { ...process.env, XDG_STATE_HOME: state };
  const run = promisify(execFile)(process.execPath, ['bin/ciliscope.js', 'audit', ...args], { env });
  return run.then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, out: error.stdout }),
  );
}

async function cordoned(): Promise<boolean> {
  const { body } = await cluster.call('GET', `/api/v1/nodes/${node}`);
  return (body as { spec: { unschedulable?: boolean } }).spec.unschedulable === true;
}

it('waits for the budget and says so, stops on ctrl-c, and a new drain goes on once the budget lets it', async () => {
  const console = await draining();
  expect(console.text()).toMatch(/ctrl-c stops after the step under way/);
  console.press('ctrl-c');
  await console.until(/▲ done in part/, 15_000);
  expect(console.text()).toMatch(/pods evicted\. Stopped\.[\s\S]*shop\/db-\d:\s+its\s+budget\s+db/);
  expect(console.text()).toMatch(/a new drain goes on with what is\s+left/);
  expect(await cordoned()).toBe(true);
  console.press('esc');

  await cluster.call('DELETE', `${budgets}/db`);
  await go(console, `:drain ${node}`);
  await console.until(/cordoned already: this evicts the pods that are left/, 20_000);
  await console.until(/y do it/);
  console.press('y');
  await console.until(/● done/, 40_000);
  expect(console.text()).toMatch(/is drained: cordoned, and none of the \d+ pods? is\s+left\s+on it/);
  console.press('esc');

  await go(console, ':audit');
  await console.until(/● done +drain Node.*\n.*▲ done in part +drain Node/);
  expect((await audit('verify')).code).toBe(0);
  expect((await audit('show', '--markdown')).out).toMatch(/\*\*.* drain Node .*\*\* by admin on admin: done in part/);
}, 120_000);

it('a lost line ends it between two pods, and what is known is on record: to be taken back, and to be gone on with', async () => {
  const console = await draining();
  console.signal('SIGHUP');
  expect(await console.exit).toBeGreaterThan(0);
  expect(audited().at(-1)).toMatchObject({
    about: 'end',
    outcome: 'partly',
    said: expect.stringMatching(/pods evicted\. Stopped\. .*shop\/db-/),
  });
  expect(await cordoned()).toBe(true);

  const next = await open();
  await go(next, ':undo');
  await next.until(/▸.*drain Node .* puts it back/);
  next.press('enter');
  await next.until(/y do it/, 20_000);
  next.press('y');
  await next.until(/● done/, 30_000);
  expect(await cordoned()).toBe(false);
}, 120_000);

it('killed in the middle: no end is on record, each request is; what was there before is kept', async () => {
  const console = await draining();
  console.signal('SIGKILL');
  await console.exit;
  const lines = audited();
  expect(lines.filter(({ about }) => about === 'end')).toEqual([]);
  expect(lines.find(({ request, outcome }) => request?.startsWith('PATCH') && outcome === 'done')).toBeDefined();

  const next = await open();
  await go(next, ':audit');
  await next.until(/no end on record +drain Node/);
  await go(next, ':undo');
  await next.until(/drain Node .* puts it back/);
  const { code, out } = await audit('verify');
  expect([code, out]).toEqual([0, expect.stringMatching(/audit\.ndjson: whole, \d+ lines/)]);
}, 120_000);
