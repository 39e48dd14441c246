import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { pod, type SmallCluster, startSmallCluster } from './small-cluster.ts';

const web = '/api/v1/namespaces/shop/pods/web';

describe('what a pod can be asked', () => {
  let cluster: SmallCluster;
  beforeAll(async () => {
    cluster = await startSmallCluster();
    const two = pod('two');
    two['spec'] = {
      nodeName: 'node-1',
      containers: [{ name: 'c' }, { name: 'd' }],
      initContainers: [{ name: 'first' }],
    };
    cluster.store.create({ ...pod('web'), status: { phase: 'Running', podIP: '10.1.2.3' } }, 'tester');
    cluster.store.create(two, 'tester');
  });
  afterAll(() => cluster.stop());

  const logs: { query: string; pod?: string; status?: number; says: string | RegExp }[] = [
    { query: '', says: 'c line 0\nc line 1\nc line 2\nc line 3\n' },
    { query: 'tailLines=1', says: 'c line 3\n' },
    { query: 'tailLines=0', says: '' },
    { query: 'sinceSeconds=2', says: /^c line 3\n$/ },
    { query: 'limitBytes=11', says: 'c line 0\nc ' },
    { query: 'timestamps=true&tailLines=1', says: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z c line 3\n$/ },
    { query: 'follow=true&tailLines=1', says: 'c line 3\nc line 4\nc line 5\n' },
    { query: 'previous=true', status: 400, says: /previous terminated container \\"c\\" in pod \\"web\\" not found/ },
    { query: 'container=x', status: 400, says: /container x is not valid for pod web/ },
    { query: 'container=first&tailLines=1', pod: 'two', says: 'first line 3\n' },
    {
      query: '',
      pod: 'two',
      status: 400,
      says: /a container name must be specified for pod two, choose one of: \[c d\] or one of the init containers: \[first\]/,
    },
    { query: '', pod: 'none', status: 404, says: /pods \\"none\\" not found/ },
  ];
  for (const log of logs) {
    it(`answers log?${log.query} of ${log.pod ?? 'web'}`, async () => {
      const { status, text } = await cluster.ask(
        'GET',
        `/api/v1/namespaces/shop/pods/${log.pod ?? 'web'}/log?${log.query}`,
      );
      if (log.says instanceof RegExp) expect(text).toMatch(log.says);
      else expect(text).toBe(log.says);
      expect(status).toBe(log.status ?? 200);
    });
  }

  it('hands on what it serves, and says where nothing listens', async () => {
    const good = await cluster.ask('GET', '/api/v1/namespaces/shop/pods/web:9962/proxy/metrics');
    expect(good).toMatchObject({ status: 200, text: 'cilium_version{version="1.18.6"} 1\n' });
    const bad = await cluster.ask('GET', '/api/v1/namespaces/shop/pods/web:1/proxy/metrics');
    expect(bad.status).toBe(503);
    expect(bad.body.message).toBe('error trying to reach service: dial tcp 10.1.2.3:1: connect: connection refused');
  });

  for (const protocol of ['v5.channel.k8s.io', 'v4.channel.k8s.io']) {
    it(`runs a command over ${protocol}`, async () => {
      expect(await exec(['echo', 'a', 'b'], protocol)).toEqual({
        protocol,
        stdout: 'a b\n',
        stderr: '',
        status: { metadata: {}, status: 'Success' },
      });
    });
  }

  it('tells how a command failed', async () => {
    const { stderr, status } = await exec(['bad'], 'v5.channel.k8s.io');
    expect(stderr).toBe('bad: it failed\n');
    expect(status).toMatchObject({
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '3' }] },
    });
  });

  it('says that it does not speak SPDY', async () => {
    const headers = { connection: 'upgrade', upgrade: 'SPDY/3.1' };
    const { status, body } = await upgrade(`${web}/exec?command=echo`, headers);
    expect(status).toBe(400);
    expect(body).toMatch(/WebSocket/);
  });

  it('is evicted where its budget allows it', async () => {
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
    };
    const made = cluster.store.create(budget, 'tester');
    const ask = () =>
      cluster.ask('POST', `${web}/eviction`, {
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'web' } },
      });
    expect(await ask()).toMatchObject({ status: 429, headers: { 'retry-after': '10' } });
    const status = {
      observedGeneration: 1,
      disruptionsAllowed: 0,
      currentHealthy: 1,
      desiredHealthy: 1,
      expectedPods: 1,
    };
    const known = cluster.store.update({ ...made, status }, 'tester', 'status');
    const ready = {
      ...cluster.store.get('Pod', 'shop', 'web'),
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    };
    cluster.store.update(ready as never, 'tester', 'status');
    const refused = await ask();
    expect(refused.body).toMatchObject({
      details: { causes: [{ message: 'The disruption budget web needs 1 healthy pods and has 1 currently' }] },
    });
    cluster.store.update({ ...known, status: { ...status, disruptionsAllowed: 1 } }, 'tester', 'status');
    expect((await ask()).status).toBe(201);
    expect(cluster.store.get('Pod', 'shop', 'web')?.metadata.deletionTimestamp).toBeDefined();
  });

  function exec(command: string[], protocol: string) {
    const query = command.map((word) => `command=${encodeURIComponent(word)}`).join('&');
    const url = `${cluster.server.url.replace('https', 'wss')}${web}/exec?${query}&stdout=true&stderr=true`;
    const socket = new WebSocket(url, [protocol], {
      ca: cluster.server.ca,
      headers: { authorization: 'Bearer admin' },
    });
    const said = ['', '', '', ''];
    return new Promise<{ protocol: string; stdout: string; stderr: string; status: unknown }>((resolve, reject) => {
      socket.on('message', (message) => {
        const data = message as Buffer;
        said[data[0] ?? 0] += data.subarray(1).toString();
      });
      socket.on('error', reject);
      socket.on('close', () =>
        resolve({
          protocol: socket.protocol,
          stdout: said[1] ?? '',
          stderr: said[2] ?? '',
          status: JSON.parse(said[3] ?? '') as unknown,
        }),
      );
    });
  }

  async function upgrade(path: string, headers: Record<string, string>) {
    const { request } = await import('node:https');
    return new Promise<{ status: number; body: string }>((resolve, reject) => {
      const asked = request(cluster.server.url + path, {
        method: 'POST',
        ca: cluster.server.ca,
        headers: { ...headers, authorization: 'Bearer admin' },
      });
      asked.on('response', (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
      asked.on('error', reject);
      asked.end();
    });
  }
});
