import { expect, test } from 'vitest';
import type { ApiClient } from '../../../src/sources/kubernetes/api-client.ts';
import { createDiscovery } from '../../../src/sources/kubernetes/discovery.ts';

const pods = { name: 'pods', kind: 'Pod', namespaced: true, verbs: ['list'] };
const answers: Readonly<Record<string, unknown>> = {
  '/api': { versions: ['v1'] },
  '/apis': { groups: [{ name: 'metrics.k8s.io', versions: [{ version: 'v1' }] }] },
  '/api/v1': { resources: [pods] },
};

/** A server without aggregated discovery, one of whose groups is down; `asked` hears of each request. */
function legacyServer(asked: (path: string) => void): ApiClient {
  const json = async ({ path, signal }: { path: string; signal: AbortSignal }) => {
    asked(path);
    await new Promise(setImmediate);
    signal.throwIfAborted();
    if (!(path in answers)) throw new Error('down');
    return answers[path];
  };
  return { json } as Partial<ApiClient> as ApiClient;
}

const never = new AbortController().signal;

test('of a group that is down no kinds are known, and none is remembered: what is whole is', async () => {
  const asked: string[] = [];
  const { resources } = createDiscovery();
  const down = legacyServer((path) => asked.push(path));
  for (const _ of [1, 2]) expect((await resources(down, never)).map(({ plural }) => plural)).toEqual(['pods']);
  expect(asked.filter((path) => path.includes('metrics'))).toHaveLength(2);
  const stale = { metadata: { name: 'metrics.k8s.io' }, versions: [{ version: 'v1', freshness: 'Stale' }] };
  for (const [items, times] of [
    [[stale], 4],
    [[], 2],
  ] as const) {
    asked.length = 0;
    const client = { json: async ({ path }: { path: string }) => asked.push(path) && { items } };
    for (const _ of [1, 2]) await resources(client as unknown as ApiClient, never);
    expect(asked).toHaveLength(times);
  }
});

test('who leaves before all kinds are known leaves no half list behind', async () => {
  const leaving = new AbortController();
  const client = legacyServer((path) => path.includes('metrics') && leaving.abort());
  const { resources } = createDiscovery();
  await expect(resources(client, leaving.signal)).rejects.toThrow(/abort/i);
  const found = await resources(client, new AbortController().signal);
  expect(found.map(({ plural }) => plural)).toEqual(['pods']);
});
