import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer as createWebServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createChecks } from '../../src/checks/run.ts';
import { readConfig } from '../../src/config.ts';
import { apply, emptySnapshot } from '../../src/model/snapshot.ts';
import { connect } from '../../src/sources/connect.ts';

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<string> {
  servers.push(server);
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('whoever goes to another context while the first does not answer is there, and hears no more of the first', async () => {
  const dialled = Promise.withResolvers<void>();
  const mute = await listening(createServer(() => dialled.resolve()));
  const lists: string[] = [];
  const other = await listening(
    createWebServer(({ url = '' }, answer) => {
      if (url.includes('/daemonsets?')) lists.push(url);
      answer.writeHead(url === '/version' ? 200 : 403, { 'content-type': 'application/json' });
      answer.end(url === '/version' ? '{"gitVersion":"v1.34.0"}' : '{"kind":"Status","code":403,"message":"no"}');
    }),
  );
  const named = (server: string, name: string) => ({ name, cluster: { server } });
  const folder = mkdtempSync(join(tmpdir(), 'ciliscope-connect-'));
  const file = join(folder, 'kubeconfig');
  const kubeconfig = {
    clusters: [named(mute, 'mute'), named(other, 'other')],
    contexts: ['mute', 'other'].map((name) => ({ name, context: { cluster: name } })),
    'current-context': 'mute',
  };
  writeFileSync(file, JSON.stringify(kubeconfig), { mode: 0o600 });
  let snapshot = emptySnapshot(Date.now());
  const sources = connect(
    readConfig({ kubeconfig: file }, { HOME: folder }, '0.0.0-test'),
    { HOME: folder },
    (changes) => {
      snapshot = apply(snapshot, changes, Date.now());
    },
    () => snapshot,
    (standMs) => createChecks({ standMs, everyLook: true }),
  );
  const started = sources.start();
  await dialled.promise;
  await sources.asks.useContext('other');
  await expect(started).resolves.toBeUndefined();
  await expect.poll(() => snapshot.links.get('daemonSets')?.phase, { timeout: 5_000 }).toBe('forbidden');
  expect(snapshot.cluster.context).toBe('other');
  expect(lists).toHaveLength(1);
  await sources.close();
});
