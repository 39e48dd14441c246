import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { type Connection, connect } from '../../src/commands/connect.ts';
import { readConfig } from '../../src/config.ts';
import type { PolicySummary } from '../../src/model/policies/policy-asks.ts';
import type { PolicyRef } from '../../src/model/policies/rule.ts';
import { scenarios } from '../../src/simulator/scenarios/index.ts';
import { type Simulator, simulate } from '../../src/simulator/simulate.ts';

const folder = mkdtempSync(join(tmpdir(), 'ciliscope-connect-'));
const file = join(folder, 'kubeconfig');
let simulator: Simulator;
let connection: Connection | undefined;

beforeAll(async () => {
  const scenario = scenarios.find(({ id }) => id === 'healthy');
  if (scenario === undefined) throw new Error('no scenario');
  simulator = await simulate({ scenario, nodes: 3, pods: 12, churn: 0, seed: 3, port: 0, faults: [] });
  writeFileSync(file, simulator.kubeconfig, { mode: 0o600 });
});
afterEach(async () => {
  await connection?.close();
  connection = undefined;
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(flags: { context?: string; kubeconfig?: string } = {}): Connection {
  connection = connect(readConfig({ kubeconfig: file, ...flags }, { HOME: folder }, '0.0.0-test'));
  return connection;
}

const never = new AbortController().signal;
const soon = { timeout: 20_000, interval: 20 };

describe('through the worker', () => {
  test('the store fills, the verdict comes, and what is asked is answered', async () => {
    const { store, asks, ready } = open();
    await ready;
    await vi.waitFor(() => expect(store.get().tables.nodes.rows.size).toBe(3), soon);
    await vi.waitFor(() => expect(store.get().judgement.looked).toBeGreaterThan(0), soon);
    const agent = [...store.get().tables.pods.rows.values()].find(({ labels }) => labels['k8s-app'] === 'cilium');
    const target = { namespace: 'kube-system', pod: agent?.name ?? '', container: 'cilium-agent' };
    const asked = { node: agent?.node ?? '', pod: agent && { namespace: 'kube-system', name: agent.name } };
    expect(await asks.agent(asked, 'status', never)).toMatchObject({ version: expect.stringMatching(/^1\.\d+/) });
    expect(await asks.agent(asked, 'policy-maps', never)).toMatchObject({ maps: expect.any(Map) });
    const kinds = await asks.resources(never);
    expect(kinds.find(({ kind }) => kind === 'CiliumEndpoint')).toMatchObject({
      plural: 'ciliumendpoints',
      namespaced: true,
    });
    const lines: string[] = [];
    for await (const event of asks.logs({ ...target, tailLines: 3 }, never))
      if (event.type === 'lines') lines.push(...event.lines);
    expect(lines).toHaveLength(3);
    await expect(asks.agent(asked, ['policy-map', '7; rm -rf /'], never)).rejects.toThrow(
      /none of the commands that only read/,
    );
  });

  test('what policies come to is told, and answers about them cross', async () => {
    const { store, asks, ready } = open();
    await ready;
    await vi.waitFor(
      () => expect([...store.get().policies.values()].some(({ selects }) => selects > 0)).toBe(true),
      soon,
    );
    const [summary] = store.get().policies.values();
    const { namespace = '' } = summary?.ref ?? {};
    const { policies } = asks;
    expect(await policies.policy(summary?.ref as PolicyRef, never)).toMatchObject(summary as PolicySummary);
    const [from = '', to = ''] = await policies.ends(`${namespace}/`, never);
    const question = { from, to, port: 0, protocol: 'TCP' } as const;
    expect(await policies.verdict(question, never)).toMatchObject({ unread: [] });
    expect((await policies.map('', never)).namespaces).toContain(namespace);
    expect((await policies.reach(to, 'ingress', never)).rows.length).toBeGreaterThan(0);
    expect((await policies.cell(namespace, namespace, never)).pairs.length).toBeGreaterThan(0);
    const removed = { put: [], remove: [...store.get().policies.values()].map(({ ref }) => ref) };
    expect((await policies.whatIf(removed, never)).pairs.every(({ after }) => after === 'allow')).toBe(true);
    await expect(policies.verdict({ ...question, to: 'nowhere/none' }, never)).rejects.toThrow(/nowhere/);
    const stop = new AbortController();
    const asked = policies.map('', stop.signal);
    stop.abort();
    await expect(asked).rejects.toThrow('Cancelled.');
  });

  test('another context: rows of the old one are gone when it resolves', async () => {
    const { store, asks, ready } = open();
    await ready;
    await vi.waitFor(() => expect(store.get().tables.nodes.rows.size).toBe(3), soon);
    await asks.useContext('namespace');
    expect(store.get().cluster.context).toBe('namespace');
    expect(store.get().tables.nodes.rows.size).toBe(0);
    await vi.waitFor(() => expect(store.get().links.get('nodes')?.phase).toBe('forbidden'), soon);
  });

  test('a watched object is read anew on demand', async () => {
    const { store, asks, ready } = open();
    await ready;
    await vi.waitFor(() => expect(store.get().links.get('nodes')?.phase).toBe('live'), soon);
    const name = [...store.get().tables.nodes.rows.values()][0]?.name ?? '';
    await asks.reread([{ kind: 'nodes', namespace: '', name }], never);
    await asks.reread([{ kind: 'nodes', namespace: '', name: 'gone' }], never);
    expect(store.get().tables.nodes.named('', name)).toBeDefined();
  });
});

describe('leaving', () => {
  test('a credential plugin that hangs does not outlive us', async () => {
    const pidFile = join(folder, 'pid');
    const plugin = { command: 'sh', args: ['-c', `sleep 300 & echo $! > ${pidFile}; wait`] };
    const text = parse(simulator.kubeconfig);
    for (const one of text.users) one.user = { exec: plugin };
    const hanging = join(folder, 'hanging');
    writeFileSync(hanging, stringify(text), { mode: 0o600 });
    const { close } = open({ kubeconfig: hanging });
    await vi.waitFor(() => expect(readFileSync(pidFile, 'utf8')).toMatch(/\d+\n/), soon);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    const started = performance.now();
    await close();
    expect(performance.now() - started).toBeLessThan(2_000);
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), soon);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // Killed, and waiting for a parent that collects it.
  return !existsSync(`/proc/${pid}/stat`) || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

describe('at the start', () => {
  const refusals: [name: string, flags: { context?: string; kubeconfig?: string }, says: RegExp][] = [
    ['no such file', { kubeconfig: join(folder, 'absent') }, /does not exist/],
    ['no such context', { context: 'blue' }, /no context "blue".*admin/s],
    ['expired credentials', { context: 'expired' }, /Sign in again/],
  ];
  test.each(refusals)('%s', async (_name, flags, says) => {
    await expect(open(flags).ready).rejects.toThrow(says);
  });

  test('a server that is not there, and one that is something else', async () => {
    const other = join(folder, 'other');
    writeFileSync(other, simulator.kubeconfig.replaceAll(simulator.url, 'https://127.0.0.1:1'));
    await expect(open({ kubeconfig: other }).ready).rejects.toThrow(/refuses connections/);
    await connection?.close();
    writeFileSync(other, simulator.kubeconfig.replaceAll(simulator.url, simulator.control));
    await expect(open({ kubeconfig: other }).ready).rejects.toThrow(
      /does not answer as a Kubernetes API server|refuses these credentials/,
    );
  });
});
