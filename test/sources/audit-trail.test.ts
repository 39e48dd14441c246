// What the audit tells of commands that are run in pods, and what keys say of rights that are missing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { cordon } from '../../src/actions/cordon.ts';
import { deletePolicy } from '../../src/actions/delete-policy.ts';
import { createRoad } from '../../src/actions/road.ts';
import { type WatchedCluster, watchCluster } from '../wire/watched-cluster.ts';

let cluster: WatchedCluster | undefined;
const signal = new AbortController().signal;
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

async function watched(options: Parameters<typeof watchCluster>[0]): Promise<WatchedCluster> {
  cluster = await watchCluster({ scenario: 'healthy', ...options });
  return cluster;
}

async function agentOf({ until, snapshot }: WatchedCluster) {
  const found = () => [...snapshot().tables.pods.rows.values()].find((pod) => pod.labels['k8s-app'] === 'cilium');
  await until('an agent is seen', () => found() !== undefined);
  return { namespace: 'kube-system', pod: found()?.name ?? '', container: 'cilium-agent' };
}

const audited = ({ config }: WatchedCluster) =>
  readFileSync(join(config.stateDir, 'audit.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

it('every command has a line before it is run and one for its end, those that go on, too', async () => {
  const here = await watched({});
  const target = await agentOf(here);
  const { asks, commands } = here.sources;
  await commands.exec(target, ['cilium-dbg', 'status', '--brief'], 10_000, signal);
  const stop = new AbortController();
  for await (const _ of commands.follow(target, ['cilium-dbg', 'monitor', '--type', 'drop', '-j'], stop.signal)) {
    stop.abort();
  }
  stop.abort();
  await here.until('both have ended on record', () => audited(here).length >= 4);
  const object = `Pod kube-system/${target.pod}`;
  // As the server knows us, not as the kubeconfig calls us; and which cluster the context is.
  const base = { about: 'exec', user: 'admin', context: 'admin', cluster: 'aks-prod-weu', object };
  expect(audited(here)).toMatchObject([
    { ...base, job: 1, outcome: 'sending', request: 'cilium-agent: cilium-dbg status --brief' },
    { ...base, job: 1, outcome: 'done', said: expect.stringMatching(/^exit 0 after \d+\.\ds$/) },
    { ...base, job: 2, outcome: 'sending', request: 'cilium-agent: cilium-dbg monitor --type drop -j' },
    { ...base, job: 2, outcome: 'done' },
  ]);
  expect(await asks.audit()).toMatchObject([
    { about: 'exec', outcome: 'done' },
    { about: 'exec', outcome: 'done' },
  ]);
  expect(JSON.stringify(audited(here))).not.toMatch(/bearer|token/i);
}, 30_000);

it('a command that cannot be told of is not run', async () => {
  const here = await watched({ config: { stateDir: '/dev/null/state' } });
  const target = await agentOf(here);
  const from = await here.mark();
  await expect(here.sources.commands.exec(target, ['cilium-dbg', 'status'], 10_000, signal)).rejects.toThrow(
    /The audit file cannot be written .* nothing was done/,
  );
  expect((await here.asked(from)).filter((one) => one.includes('exec'))).toEqual([]);
});

it('a right that is missing is said before anything is planned; one that may be there elsewhere is not', async () => {
  const here = await watched({ scenario: 'empty', context: 'namespace' });
  const { sources, snapshot } = here;
  const road = createRoad({ asks: sources.asks, snapshot, subscribe: () => () => {}, protectedNames: [] });
  expect(road.refusal(cordon, { node: 'one' })).toMatch(/^read-only: :write/);
  const missing = await road.open(60_000);
  expect(missing).toContain('create/update/delete ciliumclusterwidenetworkpolicies');
  expect(missing).toContain('patch nodes');
  expect(road.refusal()).toBeUndefined();
  expect(road.refusal(cordon, { node: 'one' })).toBe('you may not patch nodes');
  const ref = { kind: 'CiliumClusterwideNetworkPolicy', namespace: '', name: 'x' } as const;
  expect(road.refusal(deletePolicy, { ref })).toBe('you may not delete ciliumclusterwidenetworkpolicies');
  const own = { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'x' } as const;
  expect(road.refusal(deletePolicy, { ref: own })).toBeUndefined();
});
