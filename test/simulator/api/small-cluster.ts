import { Agent, request } from 'undici';
import { administrator, expired, namespaceOnly, readerWithoutRights } from '../../../src/simulator/api/access.ts';
import { startApiServer } from '../../../src/simulator/api/server.ts';
import type { ApiServerOptions } from '../../../src/simulator/api/setting.ts';
import type { Cluster, KubeObject } from '../../../src/simulator/cluster.ts';
import { builtInResources, customResourceDefinitions } from '../../../src/simulator/resources/index.ts';
import { createObjectStore } from '../../../src/simulator/store.ts';

export type Answer = {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  body: Record<string, never> & KubeObject;
};
export type Line = { type: string; object: KubeObject & { code?: number; rows?: { cells: unknown[] }[] } };

/** A server on a cluster of four namespaces, the definitions and nothing that lives; what a pod says is in `says`. */
export async function startSmallCluster(options: Partial<ApiServerOptions> & { history?: number } = {}) {
  const store = createObjectStore(builtInResources(), () => Date.now(), { history: options.history ?? 1000 });
  for (const definition of customResourceDefinitions()) store.create(definition, 'kube-apiserver');
  for (const name of ['default', 'kube-system', 'kube-public', 'shop']) store.create(namespace(name), 'kube-apiserver');
  const cluster: Cluster = {
    store,
    now: () => Date.now(),
    metrics: (_pod, port) => (port === 9962 ? 'cilium_version{version="1.18.6"} 1\n' : undefined),
    log: (_pod, container, asked) => (asked.previous ? undefined : lines(container, asked)),
    exec: (_pod, _container, [program = '', ...words]) => ({
      async run(write) {
        if (program === 'echo') write('stdout', `${words.join(' ')}\n`);
        else write('stderr', `${program}: it failed\n`);
        return program === 'echo' ? 0 : 3;
      },
    }),
    stop() {},
  };
  const tokens = {
    admin: administrator(),
    reader: readerWithoutRights(),
    shop: namespaceOnly('shop-user', ['shop']),
    old: expired(),
  };
  const server = await startApiServer(cluster, { tokens, ...options });
  const agent = new Agent({ connect: { ca: server.ca }, headersTimeout: 10_000, bodyTimeout: 10_000 });

  const ask = async (
    method: string,
    path: string,
    more: { body?: unknown; token?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> => {
    const { token = 'admin' } = more;
    const patch = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const response = await request(server.url + path, {
      method: method as 'GET',
      dispatcher: agent,
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(more.body === undefined ? {} : { 'content-type': patch }),
        'user-agent': 'tester/1.0',
        ...more.headers,
      },
      ...(more.body === undefined
        ? {}
        : { body: typeof more.body === 'string' ? more.body : JSON.stringify(more.body) }),
    });
    const text = await response.body.text();
    let body = {} as Answer['body'];
    try {
      body = JSON.parse(text) as Answer['body'];
    } catch {
      // Not every answer is JSON.
    }
    return { status: response.statusCode, headers: response.headers, text, body };
  };

  return {
    store,
    server,
    agent,
    ask,
    /** All lines of a watch that ends by itself. */
    async watch(path: string, headers: Record<string, string> = {}): Promise<Line[]> {
      const { text } = await ask('GET', path, { headers });
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Line);
    },
    kubeconfig(token = 'admin'): string {
      const ca = Buffer.from(server.ca).toString('base64');
      return JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'here',
        clusters: [{ name: 'here', cluster: { server: server.url, 'certificate-authority-data': ca } }],
        users: [{ name: 'here', user: { token } }],
        contexts: [{ name: 'here', context: { cluster: 'here', user: 'here' } }],
      });
    },
    async stop() {
      await agent.destroy();
      await server.close();
    },
  };
}

export type SmallCluster = Awaited<ReturnType<typeof startSmallCluster>>;

export function namespace(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

export function pod(name: string, labels: Record<string, string> = { app: 'web' }, nodeName = 'node-1'): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels },
    spec: { nodeName, containers: [{ name: 'c', image: 'registry.example/app:1' }] },
  };
}

async function* lines(container: string, asked: { follow: boolean; signal: AbortSignal }) {
  const start = Date.now() - 4500;
  for (let index = 0; index < 4; index++) yield { at: start + index * 1000, line: `${container} line ${index}` };
  for (let index = 4; asked.follow && index < 6; index++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    yield { at: Date.now(), line: `${container} line ${index}` };
  }
}
