// What is asked for on a key, next to the watches: refused, gone, under odd names.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { type WatchedCluster, watchCluster } from './watched-cluster.ts';

let cluster: WatchedCluster | undefined;
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

const never = new AbortController().signal;
const node = { group: '', version: 'v1', plural: 'nodes' };
const firstNode = (watched: WatchedCluster) => [...watched.snapshot().tables.nodes.rows.values()][0]?.name ?? '';

test('one request refused twice (401) does not close the door for good', { timeout: 30_000 }, async () => {
  cluster = await watchCluster();
  await cluster.allLive();
  const { simulator, sources } = cluster;
  const name = firstNode(cluster);
  // Watches go on as they are: none of them meets the refusal and could end it.
  simulator.faults.add({ id: 'unauthorized', verb: 'get', resource: 'nodes', count: 2 });
  await expect(sources.asks.object(node, '', name, never)).rejects.toThrow(/refuses these credentials/);
  await expect
    .poll(() => sources.asks.object(node, '', name, never).catch(() => undefined), { timeout: 12_000, interval: 200 })
    .toMatchObject({ metadata: { name } });
});

test('an object that a GET finds gone leaves, also while its watch is silent', async () => {
  cluster = await watchCluster();
  await cluster.allLive();
  const { simulator, sources, until, snapshot } = cluster;
  const name = firstNode(cluster);
  simulator.faults.add({ id: 'watch-silent', verb: 'watch', resource: 'nodes' });
  await until('watched in silence', () => simulator.faults.orders().length === 1);
  await cluster.allLive();
  simulator.cluster.store.remove('Node', '', name);
  await sources.asks.reread([{ kind: 'nodes', namespace: '', name }], never);
  expect(snapshot().tables.nodes.named('', name)).toBeUndefined();
  expect(snapshot().tables.nodes.rows.size).toBe(2);
});

test('a command in a pod: refused once, it is run with credentials read anew', async () => {
  cluster = await watchCluster({ scenario: 'healthy' });
  await cluster.allLive(20_000);
  const { simulator, sources, snapshot, until } = cluster;
  const agent = [...snapshot().tables.pods.rows.values()].find(({ labels }) => labels['k8s-app'] === 'cilium');
  const target = { namespace: 'kube-system', pod: agent?.name ?? '', container: 'cilium-agent' };
  simulator.faults.add({ id: 'unauthorized', verb: 'create', resource: 'pods', count: 1 });
  simulator.faults.add({ id: 'unauthorized', verb: 'get', resource: 'pods', count: 1 });
  const answer = await sources.commands.exec(target, ['cilium-dbg', 'status', '--brief'], 10_000, never);
  expect(answer).toMatchObject({ ended: 'exit', exitCode: 0 });
  const statuses = () =>
    (snapshot().requests?.log ?? []).filter(({ verb }) => verb === 'EXEC pods').map(({ status }) => status);
  await until('both are in the list of requests', () => statuses().length >= 2);
  expect(statuses()).toEqual([401, 101]);
});

test('names in a kubeconfig are inert where they are drawn, and true where they are used', async () => {
  const odd = 'red\u001b[2J\u202e';
  cluster = await watchCluster({
    kubeconfig(text) {
      const file = parse(text);
      file.contexts.push({ name: odd, context: file.contexts[0].context });
      return stringify(file);
    },
  });
  const { sources, snapshot } = cluster;
  const found = (await sources.asks.contexts()).find(({ name }) => name === odd);
  expect(found?.title).toBe('red^[[2J<U+202E>');
  await sources.asks.useContext(odd);
  expect(snapshot().cluster.context).toBe('red^[[2J<U+202E>');
  await cluster.allLive();
});

test('no secret of the kubeconfig or of a plugin is in anything that is shown', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ciliscope-secret-'));
  const script = join(folder, 'login.sh');
  let token = '';
  cluster = await watchCluster({
    kubeconfig(text) {
      const file = parse(text);
      token = String(file.users.find((one: { user: { token?: string } }) => one.user.token)?.user.token);
      writeFileSync(script, `echo '${JSON.stringify({ kind: 'ExecCredential', status: { token } })}'\n`);
      for (const one of file.clusters) one.cluster.server = one.cluster.server.replace('://', '://jane:sesame@');
      for (const one of file.users) one.user = { exec: { command: 'sh', args: [script, '--client-secret', 'sesame'] } };
      return stringify(file);
    },
  });
  await cluster.allLive();
  const { changes, simulator, until, snapshot } = cluster;
  await until('the plugin is in the list of requests', () => snapshot().requests?.byVerb.RUN === 1);
  simulator.faults.add({ id: 'unauthorized', seconds: 1 });
  await until('refused', (now) => now.links.get('nodes')?.phase === 'stale');
  const shown = JSON.stringify(changes);
  expect(shown).toContain('sh (3 arguments)');
  for (const secret of [token, 'sesame', 'jane', 'Bearer']) expect(shown).not.toContain(secret);
});
