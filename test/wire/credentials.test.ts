// Who we are to the server: plugins, tokens that are rotated, certificates that are not to be trusted, proxies.
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { sources as watched } from '../../src/sources/kubernetes/sources.ts';
import { phaseOf, type WatchedCluster, watchCluster } from './watched-cluster.ts';

let cluster: WatchedCluster | undefined;
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

type File = {
  clusters: { name: string; cluster: Record<string, unknown> }[];
  users: { name: string; user: Record<string, unknown> }[];
  contexts: { name: string; context: { cluster: string; user: string } }[];
};

/** Changes what the kubeconfig says of the user of `admin`. */
function withUser(text: string, user: Record<string, unknown>): string {
  const file = parse(text) as File;
  const name = file.contexts.find((one) => one.name === 'admin')?.context.user;
  for (const one of file.users) if (one.name === name) one.user = user;
  return stringify(file);
}

function tokenIn(text: string): string {
  const file = parse(text) as File;
  const name = file.contexts.find((one) => one.name === 'admin')?.context.user;
  return String(file.users.find((one) => one.name === name)?.user['token']);
}

/** A plugin that hands out what `tokenFile` holds and leaves a mark each time it runs. */
function pluginFor(folder: string, tokenFile: string): Record<string, unknown> {
  const command = join(folder, 'login');
  writeFileSync(
    command,
    `#!/bin/sh\necho ran >> ${folder}/runs\nprintf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$(cat ${tokenFile})"\n`,
  );
  chmodSync(command, 0o755);
  return { exec: { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' } };
}

const runs = (folder: string) => readFileSync(join(folder, 'runs'), 'utf8').trim().split('\n').length;

test('a plugin runs once for all, and once more when its token is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ciliscope-login-'));
  const tokenFile = join(folder, 'token');
  let good = '';
  cluster = await watchCluster({
    kubeconfig(text) {
      good = tokenIn(text);
      writeFileSync(tokenFile, good);
      return withUser(text, pluginFor(folder, tokenFile));
    },
  });
  await cluster.allLive();
  expect(runs(folder)).toBe(1);
  const { simulator, until } = cluster;
  simulator.faults.add({ id: 'unauthorized', seconds: 2 });
  simulator.faults.add({ id: 'rights-revoked', resource: 'none', count: 1 });
  await until('stale', (now) => phaseOf(now, 'nodes') === 'stale');
  await cluster.allLive(20_000);
  // Two dozen watches were refused; the plugin was asked for all of them together.
  expect(runs(folder)).toBeGreaterThanOrEqual(2);
  expect(runs(folder)).toBeLessThanOrEqual(4);
  expect(JSON.stringify(cluster.snapshot())).not.toContain(good);
});

test('refused all at once: each asks once, and one of them tries again for all', async () => {
  cluster = await watchCluster();
  await cluster.allLive();
  // What the cluster has not is not asked for.
  const { links } = cluster.snapshot();
  const asks = watched.filter(({ id, rare }) => !rare || links.get(id)?.phase === 'live');
  const from = await cluster.mark();
  cluster.simulator.faults.add({ id: 'unauthorized' });
  await cluster.until('every source is told', (now) => asks.every(({ id }) => refused(now.links.get(id)?.problem)));
  const asked = await cluster.asked(from);
  // The scout leaves after five seconds, and where this machine is slow it is counted here too.
  const ofSources = asked.filter((one) => !one.startsWith('GET '));
  expect(ofSources.length, asked.join(', ')).toBeLessThanOrEqual(asks.length + 1);
});

const refused = (problem = '') => problem.includes('refuses these credentials (401)');

test('a plugin that fails is told in its own words', async () => {
  const attempt = watchCluster({
    kubeconfig: (text) =>
      withUser(text, { exec: { command: 'sh', args: ['-c', 'echo "AADSTS50078: second factor" >&2; exit 1'] } }),
  });
  await expect(attempt).rejects.toThrow(/sh failed \(exit code 1\).*AADSTS50078: second factor/s);
});

test('a token file, with the line break that editors leave', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ciliscope-token-'));
  const tokenFile = join(folder, 'token');
  let good = '';
  cluster = await watchCluster({
    kubeconfig(text) {
      good = tokenIn(text);
      writeFileSync(tokenFile, `${good}\n`);
      return withUser(text, { tokenFile });
    },
  });
  await cluster.allLive();
  expect(cluster.snapshot().tables.nodes.rows.size).toBe(3);
});

test.each([
  ['certificate-expired', /has expired/],
  ['certificate-wrong-host', /is for another name/],
  ['certificate-unknown-authority', /authority this kubeconfig does not know/],
])('%s: refused, with the cause, also where the environment says not to look', async (id, says) => {
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  try {
    await expect(watchCluster({ faults: [{ id }], env, settleFaultsMs: 300 })).rejects.toThrow(says);
  } finally {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
  }
});

test('a certificate that changes while we watch: stale, with the cause, never insecure', async () => {
  cluster = await watchCluster();
  await cluster.allLive();
  cluster.simulator.faults.add({ id: 'certificate-unknown-authority' });
  await cluster.until(
    'named',
    (now) => /authority this kubeconfig does not know/.test(now.links.get('nodes')?.problem ?? ''),
    10_000,
  );
  expect(phaseOf(cluster.snapshot(), 'nodes')).toBe('stale');
  expect(cluster.snapshot().tables.nodes.rows.size).toBe(3);
});

test('a kubeconfig that says from now on another address, and not to verify: it is done, and said', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'ciliscope-insecure-')), 'kubeconfig');
  let given = '';
  cluster = await watchCluster({
    config: { kubeconfig: [file] },
    kubeconfig(text) {
      given = text;
      writeFileSync(file, text, { mode: 0o600 });
      return text;
    },
  });
  await cluster.allLive();
  const { server, insecure } = cluster.snapshot().cluster;
  expect(insecure).toBe(false);
  const changed = parse(given) as File;
  const moved = server.replace('127.0.0.1', 'localhost');
  for (const one of changed.clusters) {
    one.name = 'moved';
    delete one.cluster['certificate-authority-data'];
    Object.assign(one.cluster, { server: moved, 'insecure-skip-tls-verify': true });
  }
  for (const { context } of changed.contexts) context.cluster = 'moved';
  writeFileSync(file, stringify(changed));
  cluster.simulator.faults.add({ id: 'certificate-unknown-authority' });
  await cluster.until('said', (now) => now.cluster.insecure, 20_000);
  await cluster.allLive(20_000);
  expect(cluster.snapshot().cluster).toMatchObject({ server: moved, clusterName: 'moved', insecure: true });
});

test('through a proxy that the kubeconfig names', async () => {
  const asked: string[] = [];
  const proxy = await startProxy(asked);
  const { port } = proxy.address() as AddressInfo;
  cluster = await watchCluster({
    kubeconfig(text) {
      const file = parse(text) as File;
      for (const one of file.clusters) one.cluster['proxy-url'] = `http://127.0.0.1:${port}`;
      return stringify(file);
    },
  });
  await cluster.allLive();
  expect(asked.length).toBeGreaterThan(5);
  expect(new Set(asked)).toEqual(new Set([new URL(cluster.simulator.url).host]));
  await cluster.close();
  cluster = undefined;
  proxy.closeAllConnections();
  proxy.close();
});

function startProxy(asked: string[]): Promise<Server> {
  const proxy = createServer();
  proxy.on('connect', (request, client, head) => {
    asked.push(request.url ?? '');
    const [host, port] = (request.url ?? '').split(':');
    const upstream = dial(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    for (const end of [client, upstream]) end.on('error', () => {});
  });
  const { promise, resolve } = Promise.withResolvers<Server>();
  proxy.listen(0, '127.0.0.1', () => resolve(proxy));
  return promise;
}
