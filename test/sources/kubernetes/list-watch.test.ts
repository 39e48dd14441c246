// What befalls one source while its answers are on their way, in an order that no server can be made to keep.
import { afterEach, expect, test } from 'vitest';
import type { Change } from '../../../src/model/change.ts';
import { createIntern } from '../../../src/model/intern.ts';
import type { Link } from '../../../src/model/link.ts';
import { ApiProblem } from '../../../src/sources/kubernetes/api-problem.ts';
import { createChangeBatch } from '../../../src/sources/kubernetes/change-batch.ts';
import type { Ask } from '../../../src/sources/kubernetes/http-pool.ts';
import { createListWatch } from '../../../src/sources/kubernetes/list-watch.ts';
import { sources } from '../../../src/sources/kubernetes/sources.ts';

let stop = new AbortController();
afterEach(() => {
  stop.abort();
  stop = new AbortController();
});

type Answers = { list(ask: Ask): Promise<string>; watch?(ask: Ask): Promise<void> };

/** Sources of a server that answers as `answers` says; `watch` throws, or the watch stays open. */
function watching(answers: Answers, abilities = { watchList: false }) {
  const rows = new Map<string, string>();
  const links = new Map<string, Link[]>();
  const asked: string[] = [];
  const take = (changes: Change[]) => {
    for (const change of changes) {
      if (change.type === 'put') for (const row of change.rows) rows.set(row.name, row.version);
      else if (change.type === 'remove') for (const uid of change.uids) rows.delete(uid);
      else if (change.type === 'link') links.set(change.source, [...(links.get(change.source) ?? []), change.link]);
    }
  };
  const client = {
    now: Date.now,
    near: () => true,
    probed: Date.now,
    probe: async () => {},
    returned: () => new AbortController().signal,
    credentials: { session: () => ({ cluster: { server: 'https://localhost' } }) },
    text(ask: Ask) {
      asked.push(`LIST ${ask.query?.['labelSelector'] ?? ''}${ask.query?.['continue'] ?? ''}`);
      return answers.list(ask);
    },
    async open(ask: Ask) {
      asked.push('WATCH');
      await answers.watch?.(ask);
      return { status: 200, headers: {}, body: openUntil(ask.signal) };
    },
  };
  const sink = createChangeBatch(take, Date.now, 0);
  const start = (id: string) => {
    const source = sources.find((one) => one.id === id);
    if (source === undefined) throw new Error(`no source ${id}`);
    const [onSettled, onReopened, silenceMs, namespace] = [() => {}, () => {}, 60_000, ''];
    const more = {
      abilities,
      onSettled,
      onReopened,
      silenceMs,
      namespace,
      intern: createIntern(),
      signal: stop.signal,
    };
    return createListWatch({ client: client as never, served: {} as never, source, sink, ...more });
  };
  const phase = (id: string) => links.get(id)?.at(-1)?.phase;
  return { start, rows, asked, phase, links };
}

async function* openUntil(signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
  yield Buffer.of();
}

function page(pods: Readonly<Record<string, string>>, resourceVersion: string, next = ''): string {
  const items = Object.entries(pods).map(([name, version]) => ({
    metadata: { name, uid: name, namespace: 'kube-system', resourceVersion: version },
  }));
  return JSON.stringify({ items, metadata: { resourceVersion, continue: next } });
}

const live = (watched: ReturnType<typeof watching>, id: string) =>
  expect.poll(() => watched.phase(id), { timeout: 5_000 }).toBe('live');

test('what is read ahead and comes late brings back nothing that the list knows better', async () => {
  const late = Promise.withResolvers<void>();
  const watched = watching({
    async list({ query = {} }) {
      if (query['labelSelector'] === undefined) return page({ a: '9', b: '8' }, '10');
      if (query['continue'] === undefined) return page({ a: '1' }, '5', 'more');
      await late.promise;
      return page({ b: '2', gone: '3' }, '5');
    },
  });
  const source = watched.start('systemPods');
  const ahead = source.ahead();
  await expect.poll(() => watched.rows.size).toBe(1);
  void source.run();
  // As long as the list takes, where nothing keeps it back.
  for (let turns = 0; turns < 50; turns++) await new Promise(setImmediate);
  late.resolve();
  await ahead;
  await live(watched, 'systemPods');
  expect(watched.rows).toEqual(
    new Map([
      ['a', '9'],
      ['b', '8'],
    ]),
  );
});

test('of the system’s ConfigMaps those of the network and of DNS are kept', async () => {
  const watched = watching({
    list: async () => page({ 'cilium-config': '1', 'coredns-custom': '2', 'cluster-autoscaler-status': '3' }, '10'),
  });
  void watched.start('configMaps').run();
  await live(watched, 'configMaps');
  expect([...watched.rows.keys()]).toEqual(['cilium-config', 'coredns-custom']);
});

test('who may read one ConfigMap only has that one', async () => {
  const watched = watching({
    async list({ query = {} }) {
      if (query['fieldSelector'] !== 'metadata.name=cilium-config') throw new ApiProblem('forbidden', 'Forbidden.');
      return page({ 'cilium-config': '1' }, '10');
    },
  });
  void watched.start('configMaps').run();
  await live(watched, 'configMaps');
  expect([...watched.rows.keys()]).toEqual(['cilium-config']);
  expect(watched.links.get('configMaps')?.map(({ phase }) => phase)).not.toContain('forbidden');
});

test('who may read no ConfigMap is told so', async () => {
  const watched = watching({
    async list() {
      throw new ApiProblem('forbidden', 'Forbidden.');
    },
  });
  void watched.start('configMaps').run();
  await expect.poll(() => watched.phase('configMaps')).toBe('forbidden');
  expect(watched.asked).toEqual(['LIST ', 'LIST ']);
});

test('a list asked for while one is being read is that one, and the next is read when it is asked for', async () => {
  const first = Promise.withResolvers<void>();
  let lists = 0;
  const watched = watching({
    async list() {
      if (lists++ === 0) await first.promise;
      return page({ a: String(lists) }, '10');
    },
  });
  const source = watched.start('nodes');
  void source.run();
  await expect.poll(() => watched.asked).toEqual(['LIST ']);
  source.relist();
  first.resolve();
  await live(watched, 'nodes');
  expect(lists).toBe(1);
  await expect.poll(() => watched.asked).toContain('WATCH');
  source.relist();
  await expect.poll(() => watched.rows.get('a')).toBe('2');
});

test('a server that streams no lists refuses that to all who ask at once: none of them has failed', async () => {
  const both = Promise.withResolvers<void>();
  let streams = 0;
  const watched = watching(
    {
      list: async () => page({ a: '1' }, '10'),
      async watch({ query = {} }) {
        if (query['sendInitialEvents'] === undefined) return;
        streams++;
        if (streams === 2) both.resolve();
        await both.promise;
        throw new ApiProblem('refused', 'sendInitialEvents is forbidden');
      },
    },
    { watchList: true },
  );
  for (const id of ['daemonSets', 'deployments']) void watched.start(id).run();
  for (const id of ['daemonSets', 'deployments']) await live(watched, id);
  expect(streams).toBe(2);
  expect([...watched.links.values()].flat().filter(({ phase }) => phase === 'failed')).toEqual([]);
});
