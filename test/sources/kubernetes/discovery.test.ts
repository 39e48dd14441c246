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

test('who leaves before all kinds are known leaves no half list behind', async () => {
  const leaving = new AbortController();
  const client = legacyServer((path) => path.includes('metrics') && leaving.abort());
  const { resources } = createDiscovery();
  await expect(resources(client, leaving.signal)).rejects.toThrow(/abort/i);
  const found = await resources(client, new AbortController().signal);
  expect(found.map(({ plural }) => plural)).toEqual(['pods']);
});
