import { request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import type { FaultAction } from '../../../src/simulator/api/intercept.ts';
import { nothingFor } from '../../nothing-for.ts';
import { type Line, pod, type SmallCluster, startSmallCluster } from './small-cluster.ts';

const pods = '/api/v1/namespaces/shop/pods';
const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };

describe('a watch', () => {
  let cluster: SmallCluster;
  afterEach(() => cluster.stop());

  it('starts with what there is and ends in time', async () => {
    cluster = await startSmallCluster();
    make('a', 'b');
    expect(tell(await cluster.watch(`${pods}?watch=1&resourceVersion=0&timeoutSeconds=1`))).toEqual([
      'ADDED a',
      'ADDED b',
    ]);
  });

  it('replays what happened since a version, in order', async () => {
    cluster = await startSmallCluster();
    make('a');
    const from = cluster.store.version;
    make('b');
    label('a', 'x');
    cluster.store.remove('Pod', 'shop', 'b');
    const lines = await cluster.watch(`${pods}?watch=1&resourceVersion=${from}&timeoutSeconds=1`);
    expect(tell(lines)).toEqual(['ADDED b', 'MODIFIED a', 'DELETED b']);
    const versions = lines.map((line) => Number(line.object.metadata.resourceVersion));
    expect(versions).toEqual([from + 1, from + 2, from + 3]);
  });

  it('tells a live change while it stands', async () => {
    cluster = await startSmallCluster();
    const seen = live(`${pods}?watch=1&resourceVersion=${cluster.store.version}&timeoutSeconds=30`);
    await seen.standing;
    make('late');
    expect(tell([await seen.next()])).toEqual(['ADDED late']);
    seen.stop();
  });

  it('tells as deleted what leaves its selection, as it last was', async () => {
    cluster = await startSmallCluster();
    make('a');
    const from = cluster.store.version;
    label('a', 'other');
    const [line] = await cluster.watch(
      `${pods}?watch=1&labelSelector=app%3Dweb&resourceVersion=${from}&timeoutSeconds=1`,
    );
    expect(line).toMatchObject({
      type: 'DELETED',
      object: { metadata: { labels: { app: 'web' }, resourceVersion: String(from + 1) } },
    });
  });

  it('ends its first part with a marked bookmark where asked for', async () => {
    cluster = await startSmallCluster();
    make('a');
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const lines = await cluster.watch(`${pods}?${query}&timeoutSeconds=1`);
    expect(tell(lines)).toEqual(['ADDED a', 'BOOKMARK undefined']);
    expect(lines[1]?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
  });

  it('sends bookmarks between', async () => {
    cluster = await startSmallCluster({ bookmarkMs: 200 });
    const query = `watch=1&allowWatchBookmarks=true&resourceVersion=${cluster.store.version}&timeoutSeconds=1`;
    const lines = await cluster.watch(`${pods}?${query}`);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines[0]).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { resourceVersion: String(cluster.store.version) } },
    });
  });

  it('gives a table its columns once', async () => {
    cluster = await startSmallCluster();
    make('a', 'b');
    const lines = await cluster.watch(`${pods}?watch=1&resourceVersion=0&timeoutSeconds=1`, table);
    expect(lines.map((line) => line.object['columnDefinitions'] === null)).toEqual([false, true]);
    expect(lines[1]?.object.rows?.[0]?.cells.slice(0, 3)).toEqual(['b', '0/1', '']);
  });

  it('says in the stream that a version is forgotten', async () => {
    cluster = await startSmallCluster({ history: 3 });
    make('a', 'b', 'c', 'd', 'e', 'f');
    const [line] = await cluster.watch(`${pods}?watch=1&resourceVersion=1&timeoutSeconds=1`);
    expect(line).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
  });

  it('ends when its kind is gone, and the kind comes back with its definition', async () => {
    cluster = await startSmallCluster();
    const path = '/apis/cilium.io/v2/ciliumendpoints';
    const seen = live(`${path}?watch=1&timeoutSeconds=30`);
    await seen.standing;
    const definition = cluster.store.get('CustomResourceDefinition', '', 'ciliumendpoints.cilium.io');
    await cluster.ask('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/ciliumendpoints.cilium.io');
    await seen.over;
    expect((await cluster.ask('GET', path)).status).toBe(404);
    const { resourceVersion: _version, ...metadata } = definition?.metadata ?? { name: '' };
    await cluster.ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      body: { ...definition, metadata },
    });
    expect((await cluster.ask('GET', path)).status).toBe(200);
  });

  const faults: { it: string; action: FaultAction; expected: string[] | 'broken' }[] = [
    { it: 'ends after an event', action: { kind: 'watch-end', afterEvents: 1 }, expected: ['ADDED a'] },
    {
      it: 'ends with an error',
      action: { kind: 'watch-error', afterEvents: 2, code: 410, reason: 'Expired', message: 'too old' },
      expected: ['ADDED a', 'ADDED b', 'ERROR undefined'],
    },
    {
      it: 'doubles what it is told to',
      action: { kind: 'watch-rewrite', rewrite: (line) => [line, line] },
      expected: ['ADDED a', 'ADDED a', 'ADDED b', 'ADDED b', 'ADDED c', 'ADDED c'],
    },
    { it: 'breaks off mid-line', action: { kind: 'reset', afterBytes: 500 }, expected: 'broken' },
    { it: 'never starts', action: { kind: 'hang-up' }, expected: 'broken' },
  ];
  for (const fault of faults) {
    it(`with a fault ${fault.it}`, async () => {
      cluster = await startSmallCluster({ intercept: (asked) => (asked.verb === 'watch' ? fault.action : undefined) });
      make('a', 'b', 'c');
      const lines = cluster.watch(`${pods}?watch=1&resourceVersion=0&timeoutSeconds=1`);
      if (fault.expected === 'broken') await expect(lines).rejects.toThrow();
      else expect(tell(await lines)).toEqual(fault.expected);
    });
  }

  it('falls silent with a fault, and stays open past its time', async () => {
    const silent: FaultAction = { kind: 'watch-silent', afterEvents: 1 };
    cluster = await startSmallCluster({ intercept: (asked) => (asked.verb === 'watch' ? silent : undefined) });
    make('a', 'b');
    const seen = live(`${pods}?watch=1&resourceVersion=0&timeoutSeconds=1`);
    expect(tell([await seen.next()])).toEqual(['ADDED a']);
    await expect(Promise.race([seen.next(), seen.over, nothingFor(1500)])).resolves.toBeUndefined();
    seen.stop();
  });

  function make(...names: string[]) {
    for (const name of names) cluster.store.create(pod(name), 'tester');
  }

  function label(name: string, app: string) {
    const found = cluster.store.get('Pod', 'shop', name);
    if (found === undefined) throw new Error(`no pod ${name}`);
    found.metadata.labels = { app };
    cluster.store.update(found, 'tester');
  }

  /** A watch read line by line. */
  function live(path: string) {
    const waiting: ((line: Line) => void)[] = [];
    const lines: Line[] = [];
    const abort = new AbortController();
    const response = request(cluster.server.url + path, {
      dispatcher: cluster.agent,
      headers: { authorization: 'Bearer admin' },
      signal: abort.signal,
    });
    const over = response
      .then(async ({ body }) => {
        let rest = '';
        for await (const chunk of body) {
          const parts = (rest + String(chunk)).split('\n');
          rest = parts.pop() ?? '';
          for (const part of parts) {
            const line = JSON.parse(part) as Line;
            const first = waiting.shift();
            if (first === undefined) lines.push(line);
            else first(line);
          }
        }
      })
      .catch(() => {});
    return {
      standing: response.then((found) => expect(found.statusCode).toBe(200)),
      over,
      next: () =>
        new Promise<Line>((resolve) => (lines.length > 0 ? resolve(lines.shift() as Line) : waiting.push(resolve))),
      stop: () => abort.abort(),
    };
  }
});

function tell(lines: readonly Line[]): string[] {
  return lines.map((line) => `${line.type} ${line.object.metadata?.name ?? nameInTable(line)}`);
}

function nameInTable(line: Line): string | undefined {
  return line.object.rows?.[0]?.cells[0] as string | undefined;
}
