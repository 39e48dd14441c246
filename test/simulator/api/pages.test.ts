import { gunzipSync } from 'node:zlib';
import { request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/simulator/cluster.ts';
import { pod, type SmallCluster, startSmallCluster } from './small-cluster.ts';

const pods = '/api/v1/namespaces/shop/pods';

describe('a list in pages', () => {
  let cluster: SmallCluster;
  afterEach(() => cluster.stop());

  it('is one picture, whatever happens between its pages', async () => {
    cluster = await startSmallCluster();
    for (const name of ['a', 'c', 'e', 'g']) cluster.store.create(pod(name), 'tester');
    const first = await page(`${pods}?limit=2`);
    expect(first).toMatchObject({ names: ['a', 'c'], remaining: 2 });
    cluster.store.remove('Pod', 'shop', 'e');
    cluster.store.create(pod('f'), 'tester');
    const second = await page(`${pods}?limit=2&continue=${first.token}`);
    expect(second).toEqual({ names: ['e', 'g'], remaining: undefined, token: undefined, version: first.version });
    expect((await page(pods)).names).toEqual(['a', 'c', 'f', 'g']);
  });

  it('counts what remains as it was then', async () => {
    cluster = await startSmallCluster();
    for (const name of ['a', 'c', 'e']) cluster.store.create(pod(name), 'tester');
    const { token } = await page(`${pods}?limit=1`);
    for (const name of ['b', 'd', 'f']) cluster.store.create(pod(name), 'tester');
    expect(await page(`${pods}?limit=1&continue=${token}`)).toMatchObject({ names: ['c'], remaining: 1 });
  });

  it('can be seen as of an earlier version', async () => {
    cluster = await startSmallCluster();
    cluster.store.create(pod('a'), 'tester');
    const then = cluster.store.version;
    cluster.store.remove('Pod', 'shop', 'a');
    expect((await page(`${pods}?resourceVersion=${then}&resourceVersionMatch=Exact`)).names).toEqual(['a']);
  });

  it('says when its picture is forgotten, and how to go on without it', async () => {
    cluster = await startSmallCluster({ history: 3 });
    for (const name of ['a', 'c']) cluster.store.create(pod(name), 'tester');
    const { token } = await page(`${pods}?limit=1`);
    for (const name of ['m', 'n', 'o', 'p', 'q', 'r']) cluster.store.create(pod(name), 'tester');
    const gone = await cluster.ask('GET', `${pods}?limit=1&continue=${token}`);
    expect(gone).toMatchObject({ status: 410, body: { reason: 'Expired' } });
    const { continue: again } = gone.body.metadata as unknown as { continue: string };
    expect((await page(`${pods}?limit=2&continue=${again}`)).names).toEqual(['c', 'm']);
  });

  it('fills a page past what its selector leaves out', async () => {
    cluster = await startSmallCluster();
    for (const [name, app] of [
      ['a', 'x'],
      ['b', 'y'],
      ['c', 'x'],
      ['d', 'x'],
    ] as const) {
      cluster.store.create(pod(name, { app }), 'tester');
    }
    const first = await page(`${pods}?limit=2&labelSelector=app%3Dx`);
    expect(first).toMatchObject({ names: ['a', 'c'], remaining: undefined });
    expect((await page(`${pods}?limit=2&labelSelector=app%3Dx&continue=${first.token}`)).names).toEqual(['d']);
  });

  for (const { without, encoding } of [
    { without: [], encoding: 'gzip' },
    { without: ['gzip'] as const, encoding: undefined },
  ]) {
    it(`is ${encoding ?? 'plain'} for who takes gzip${without.length > 0 ? ' from a server without' : ''}`, async () => {
      cluster = await startSmallCluster({ without });
      for (let index = 0; index < 400; index++) cluster.store.create(pod(`p-${index}`), 'tester');
      const response = await request(cluster.server.url + pods, {
        dispatcher: cluster.agent,
        headers: { authorization: 'Bearer admin', 'accept-encoding': 'gzip' },
      });
      const bytes = Buffer.from(await response.body.arrayBuffer());
      expect(response.headers['content-encoding']).toBe(encoding);
      const text = encoding === 'gzip' ? gunzipSync(bytes).toString() : bytes.toString();
      expect((JSON.parse(text) as { items: unknown[] }).items).toHaveLength(400);
    });
  }

  async function page(path: string) {
    const { body } = await cluster.ask('GET', path);
    const list = body as unknown as {
      items: KubeObject[];
      metadata: { continue?: string; remainingItemCount?: number; resourceVersion: string };
    };
    return {
      names: list.items.map((item) => item.metadata.name),
      remaining: list.metadata.remainingItemCount,
      token: list.metadata.continue,
      version: list.metadata.resourceVersion,
    };
  }
});
