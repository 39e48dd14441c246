import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { FaultAction, RequestEntry } from '../../../src/simulator/api/intercept.ts';
import { nothingFor } from '../../nothing-for.ts';
import { pod, type SmallCluster, startSmallCluster } from './small-cluster.ts';

const pods = '/api/v1/namespaces/shop/pods';

describe('the server', () => {
  let cluster: SmallCluster;
  afterEach(() => cluster.stop());

  it('writes a line for each request', async () => {
    const entries: RequestEntry[] = [];
    cluster = await startSmallCluster({ onRequest: (entry) => entries.push(entry) });
    await cluster.ask('GET', `${pods}?limit=5`);
    await cluster.ask('GET', '/version', { token: 'old' });
    expect(entries).toMatchObject([
      { verb: 'list', method: 'GET', path: `${pods}?limit=5`, status: 200, user: 'admin', userAgent: 'tester/1.0' },
      { method: 'GET', path: '/version', status: 401, user: '' },
    ]);
    expect(entries[0]?.bytes).toBeGreaterThan(50);
    expect(cluster.server.requests()).toEqual(entries);
  });

  it('refuses connections when told to, and is back on the same port', async () => {
    cluster = await startSmallCluster();
    await cluster.server.refuse();
    await expect(cluster.ask('GET', '/version')).rejects.toThrow(/ECONNREFUSED|ECONNRESET|other side closed/);
    await cluster.server.accept();
    expect((await cluster.ask('GET', '/version')).status).toBe(200);
  });

  for (const { kind, code } of [
    { kind: 'expired', code: 'CERT_HAS_EXPIRED' },
    { kind: 'wrong-host', code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    { kind: 'unknown-authority', code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_SIGNATURE_FAILURE|SELF_SIGNED' },
  ] as const) {
    it(`can present a certificate that is ${kind}`, async () => {
      cluster = await startSmallCluster();
      expect(await handshake()).toBe('verified');
      await cluster.server.present(kind);
      expect(await handshake()).toMatch(new RegExp(code));
      await cluster.server.present('valid');
      expect(await handshake()).toBe('verified');
    });
  }

  const faults: { it: string; action: FaultAction; expected: object | 'broken' }[] = [
    {
      it: 'answers a status that says when to come back',
      action: { kind: 'status', code: 429, reason: 'TooManyRequests', message: 'later', retryAfterSeconds: 7 },
      expected: { status: 429, headers: { 'retry-after': '7' }, body: { details: { retryAfterSeconds: 7 } } },
    },
    { it: 'hangs up', action: { kind: 'hang-up' }, expected: 'broken' },
    { it: 'cuts the body', action: { kind: 'reset', afterBytes: 20 }, expected: 'broken' },
    {
      it: 'changes objects',
      action: { kind: 'rewrite', rewrite: (object) => ({ ...object, status: null }) },
      expected: { status: 200, body: { items: [{ metadata: { name: 'a' }, status: null }] } },
    },
    {
      it: 'drips',
      action: { kind: 'slow', bytesPerSecond: 20_000 },
      expected: { status: 200, body: { kind: 'PodList' } },
    },
  ];
  for (const fault of faults) {
    it(`with a fault ${fault.it}`, async () => {
      cluster = await startSmallCluster({ intercept: (asked) => (asked.resource === 'pods' ? [fault.action] : []) });
      cluster.store.create(pod('a'), 'tester');
      const answer = cluster.ask('GET', pods);
      if (fault.expected === 'broken') await expect(answer).rejects.toThrow();
      else expect(await answer).toMatchObject(fault.expected);
      expect((await cluster.ask('GET', '/version')).status).toBe(200);
    });
  }

  it('carries out what it then does not answer', async () => {
    cluster = await startSmallCluster({
      intercept: (asked) => (asked.verb === 'create' ? { kind: 'lose-answer' } : undefined),
    });
    await expect(cluster.ask('POST', pods, { body: pod('a') })).rejects.toThrow();
    expect(cluster.store.get('Pod', 'shop', 'a')).toBeDefined();
  });

  it('leaves a black hole open until the client gives up', async () => {
    cluster = await startSmallCluster({
      intercept: (asked) => (asked.resource === 'pods' ? { kind: 'black-hole' } : []),
    });
    let became = 'nothing';
    void cluster.ask('GET', pods).then(
      () => (became = 'answered'),
      () => (became = 'broken'),
    );
    await nothingFor(300);
    expect(became).toBe('nothing');
  });

  for (const { feature, path, headers, expected } of [
    {
      feature: 'table',
      path: pods,
      headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' },
      expected: { status: 200, body: { kind: 'PodList' } },
    },
    {
      feature: 'aggregated-discovery',
      path: '/apis',
      headers: { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json' },
      expected: { status: 200, body: { kind: 'APIGroupList' } },
    },
    {
      feature: 'watch-list',
      path: `${pods}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=1`,
      headers: {},
      expected: { status: 422, body: { reason: 'Invalid' } },
    },
  ] as const) {
    it(`can lack ${feature}`, async () => {
      cluster = await startSmallCluster({ without: [feature] });
      expect(await cluster.ask('GET', path, { headers })).toMatchObject(expected);
    });
  }

  function handshake(): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: cluster.server.port, ca: cluster.server.ca });
      socket.on('secureConnect', () => {
        socket.destroy();
        resolve('verified');
      });
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(`${error.code} ${error.message}`));
    });
  }
});
