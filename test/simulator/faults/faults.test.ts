import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { administrator } from '../../../src/simulator/api/access.ts';
import { type ApiServer, startApiServer } from '../../../src/simulator/api/server.ts';
import { type ActiveFaults, createActiveFaults, parseOrder } from '../../../src/simulator/faults/active-faults.ts';
import { faults } from '../../../src/simulator/faults/index.ts';
import { type SmallCluster, smallCluster } from '../voices/small-cluster.ts';
import { ask, type Reply } from './client.ts';

let server: ApiServer;
let active: ActiveFaults;
let small: SmallCluster;

beforeAll(async () => {
  small = smallCluster();
  active = createActiveFaults();
  const cluster = { store: small.store, now: () => small.clock.now, ...small.voices, stop: () => {} };
  server = await startApiServer(
    { ...cluster, log: active.logs(cluster) },
    { tokens: { t: administrator() }, intercept: active.intercept },
  );
  active.stand({ server, store: small.store });
});
afterEach(() => active.clear());
afterAll(() => server.close());

const get = (
  path: string,
  more: { method?: string; body?: unknown; limitMs?: number; headers?: Record<string, string> } = {},
) => ask(server.url + path, { ca: server.ca, token: 't', ...more });

const pods = '/api/v1/pods';
const watch = `${pods}?watch=1&resourceVersion=0&allowWatchBookmarks=true`;
const lines = (reply: Reply) => reply.body.split('\n').filter((line) => line !== '');
const types = (reply: Reply) => lines(reply).map((line) => JSON.parse(line).type);

type Case = [order: string, request: () => Promise<Reply>, expected: (reply: Reply) => void];

const cases: Case[] = [
  ['watch-closed', () => get(watch), (r) => expect([r.end, types(r)]).toEqual(['clean', ['ADDED']])],
  [
    'watch-reset',
    () => get(watch),
    (r) => {
      expect([r.status, r.end]).toEqual([200, 'reset']);
      expect(() => JSON.parse(lines(r).at(-1) ?? '')).toThrow();
    },
  ],
  [
    'watch-expired',
    () => get(watch),
    (r) =>
      expect(JSON.parse(lines(r).at(-1) ?? '')).toMatchObject({
        type: 'ERROR',
        object: { code: 410, reason: 'Expired' },
      }),
  ],
  ['watch-gone', () => get(watch), (r) => expect([r.status, JSON.parse(r.body).reason]).toEqual([410, 'Expired'])],
  [
    'watch-silent',
    () => get(watch, { limitMs: 500 }),
    (r) => expect([r.status, r.body, r.end]).toEqual([200, '', 'open']),
  ],
  ['relist-expired', () => get(`${pods}?resourceVersion=5`), (r) => expect(r.status).toBe(410)],
  ['relist-expired', () => get(`${pods}?resourceVersion=0`), (r) => expect(r.status).toBe(200)],
  ['relist-expired', () => get(pods), (r) => expect(r.status).toBe(200)],
  [
    'too-large-resource-version',
    () => get(`${pods}?resourceVersion=999999`),
    (r) => {
      expect(r.status).toBe(504);
      expect(r.body).toContain('Too large resource version: 999999');
    },
  ],
  ['disordered-events', () => get(watch, { limitMs: 500 }), (r) => expect(types(r)).toContain('DELETED')],
  ['too-many-requests', () => get(pods), (r) => expect([r.status, r.headers['retry-after']]).toEqual([429, '10'])],
  ['unauthorized', () => get(pods), (r) => expect(r.status).toBe(401)],
  [
    'forbidden',
    () => get(pods),
    (r) =>
      expect(JSON.parse(r.body)).toMatchObject({
        code: 403,
        message: 'pods is forbidden: User "admin" cannot list resource "pods" in API group "" at the cluster scope',
      }),
  ],
  ['forbidden', () => get('/api/v1/nodes'), (r) => expect(r.status).toBe(200)],
  ['forbidden,resource=nodes', () => get('/api/v1/nodes'), (r) => expect(r.status).toBe(403)],
  [
    'rights-revoked,resource=ciliumendpoints',
    () => get('/apis/cilium.io/v2/ciliumendpoints'),
    (r) => expect(r.status).toBe(403),
  ],
  [
    'write-conflict',
    () => get('/api/v1/namespaces/shop', { method: 'DELETE' }),
    (r) => expect([r.status, JSON.parse(r.body).reason]).toEqual([409, 'Conflict']),
  ],
  [
    'admission-denied',
    () => get('/api/v1/namespaces', { method: 'POST', body: { metadata: { name: 'x' } } }),
    (r) => expect([r.status, r.body]).toEqual([403, expect.stringContaining('admission webhook')]),
  ],
  [
    'admission-forbidden',
    () => get('/api/v1/namespaces/shop', { method: 'DELETE' }),
    (r) => expect([r.status, r.body]).toEqual([403, expect.stringContaining('because it is being terminated')]),
  ],
  [
    'write-invalid',
    () => get('/api/v1/namespaces/shop', { method: 'DELETE' }),
    (r) => expect([r.status, JSON.parse(r.body).reason]).toEqual([422, 'Invalid']),
  ],
  [
    'write-lost',
    () =>
      get('/api/v1/namespaces', {
        method: 'POST',
        body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'lost' } },
      }),
    (r) => {
      expect([r.status, r.end]).toEqual([0, 'reset']);
      expect(small.store.get('Namespace', '', 'lost')).toBeDefined();
    },
  ],
  [
    'metrics-down',
    () => get('/api/v1/namespaces/kube-system/pods/cilium-aaaaa:9962/proxy/metrics'),
    (r) => expect(r.status).toBe(503),
  ],
  ['api-down', () => get(pods), (r) => expect(r.end).toBe('refused')],
  ['black-hole', () => get(pods, { limitMs: 500 }), (r) => expect([r.status, r.end]).toEqual([0, 'open'])],
  ['hang-up', () => get(pods), (r) => expect([r.status, r.end]).toEqual([0, 'reset'])],
  [
    'slow-body',
    () => get(pods, { limitMs: 500 }),
    (r) => {
      expect(r.end).toBe('open');
      expect(r.body.length).toBeLessThan(5);
    },
  ],
  ['slow-lists', () => get(pods, { limitMs: 500 }), (r) => expect([r.status, r.end]).toEqual([0, 'open'])],
  ['slow-lists', () => get('/api/v1/nodes/node-1'), (r) => expect(r.status).toBe(200)],
  ['odd-objects', () => get(pods), (r) => expect(r.status).toBe(200)],
  [
    'hostile-text',
    () => get(`${pods}?fieldSelector=metadata.name=cilium-bbbbb`),
    (r) => {
      expect(r.status).toBe(200);
      expect(JSON.parse(r.body).items[0].metadata.labels['example.com/hostile']).toContain('\u001b[2J');
    },
  ],
  [
    'clock-skew',
    () => get('/api/v1/namespaces/kube-system/pods/cilium-aaaaa'),
    (r) => expect(JSON.parse(r.body).status.containerStatuses[0].state.running.startedAt).toBe('2026-11-22T01:10:00Z'),
  ],
  [
    'reordered-keys',
    () => get('/api/v1/nodes/node-1'),
    (r) =>
      expect(Object.keys(JSON.parse(r.body)).indexOf('metadata')).toBeGreaterThan(
        Object.keys(JSON.parse(r.body)).indexOf('status'),
      ),
  ],
  [
    'log-gone',
    () => get('/api/v1/namespaces/kube-system/pods/cilium-aaaaa/log?container=cilium-agent'),
    (r) => expect(r.status).toBe(404),
  ],
  [
    'log-cut',
    () => get('/api/v1/namespaces/kube-system/pods/cilium-aaaaa/log?container=cilium-agent&follow=true'),
    (r) => expect(r.end).toBe('reset'),
  ],
  [
    'log-flood',
    () =>
      get('/api/v1/namespaces/kube-system/pods/cilium-aaaaa/log?container=cilium-agent&follow=true', { limitMs: 1000 }),
    (r) => expect(r.body.length).toBeGreaterThan(1_000_000),
  ],
  [
    'log-without-newline',
    () => get('/api/v1/namespaces/kube-system/pods/cilium-aaaaa/log?container=cilium-agent', { limitMs: 5000 }),
    (r) => expect(r.body.trimEnd().length).toBe(5_000_000),
  ],
  [
    'log-binary',
    () => get('/api/v1/namespaces/kube-system/pods/cilium-aaaaa/log?container=cilium-agent'),
    (r) => expect(r.body).toContain('\u0000'),
  ],
  [
    'without-table',
    () => get(pods, { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' } }),
    (r) => expect(JSON.parse(r.body).kind).toBe('PodList'),
  ],
  [
    'without-watch-list',
    () => get(`${pods}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan`),
    (r) => expect(r.status).toBe(422),
  ],
  [
    'without-aggregated-discovery',
    () =>
      get('/apis', {
        headers: { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json' },
      }),
    (r) => expect(JSON.parse(r.body).kind).toBe('APIGroupList'),
  ],
  [
    'without-gzip',
    () => get(pods, { headers: { 'accept-encoding': 'gzip' } }),
    (r) => expect(r.headers['content-encoding']).toBeUndefined(),
  ],
];

describe('a fault on the wire', () => {
  it.each(cases)('%s', async (order, request, expected) => {
    active.add(parseOrder(order));
    expected(await request());
  });

  it.each(['certificate-expired', 'certificate-wrong-host', 'certificate-unknown-authority'])(
    '%s, until it is cleared',
    async (id) => {
      active.add({ id });
      await expect.poll(async () => (await get('/version')).end).toBe('untrusted');
      await active.clear();
      await expect.poll(async () => (await get('/version')).status).toBe(200);
    },
  );

  it('api-down is over when it is cleared', async () => {
    active.add({ id: 'api-down' });
    await expect.poll(async () => (await get('/version')).end).toBe('refused');
    await active.clear();
    expect((await get('/version')).status).toBe(200);
  });

  it('continue-expired strikes on page 3, and not again', async () => {
    active.add({ id: 'continue-expired' });
    const page = async (token: string) => {
      const reply = await get(`${pods}?limit=1${token === '' ? '' : `&continue=${encodeURIComponent(token)}`}`);
      return { status: reply.status, token: JSON.parse(reply.body).metadata.continue as string };
    };
    const first = await page('');
    const second = await page(first.token);
    expect((await page(second.token)).status).toBe(410);
    expect((await page('')).status).toBe(200);
  });

  it('crd-removed takes the kind away and brings it back with its objects', async () => {
    const list = '/apis/cilium.io/v2/ciliumendpoints';
    active.add({ id: 'crd-removed' });
    expect((await get(list)).status).toBe(404);
    await active.clear();
    expect(JSON.parse((await get(list)).body).items).toHaveLength(2);
  });

  it('server-errors strikes every other request', async () => {
    active.add({ id: 'server-errors' });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await get('/version')).status);
    expect(statuses).toEqual([500, 200, 503, 200]);
  });

  it('unauthorized-once strikes once', async () => {
    active.add({ id: 'unauthorized-once' });
    expect([(await get(pods, { limitMs: 500 })).status, (await get(pods)).status]).toEqual([401, 200]);
  });

  it('event-storm touches pods', async () => {
    active.add({ id: 'event-storm' });
    const reply = await get(`${pods}?watch=1&resourceVersion=${small.store.version}`, { limitMs: 1000 });
    expect(lines(reply).length).toBeGreaterThan(50);
  });
});

describe('an order', () => {
  it('strikes watches that are already open: they end, and the next ones are struck', async () => {
    const open = get(watch);
    await expect.poll(() => server.requests().at(-1)?.verb).toBe('watch');
    const other = get('/api/v1/nodes?watch=1&resourceVersion=0', { limitMs: 2000 });
    await expect.poll(() => server.requests().at(-1)?.path).toContain('nodes?watch');
    active.add(parseOrder('watch-gone,resource=pods'));
    expect((await open).end).toBe('clean');
    expect((await get(watch)).status).toBe(410);
    expect((await other).end).toBe('open');
  });

  it('with a count strikes so many requests', async () => {
    active.add(parseOrder('too-many-requests,count=2'));
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) statuses.push((await get(pods)).status);
    expect(statuses).toEqual([429, 429, 200]);
    expect(active.orders()).toEqual([]);
  });

  it('with seconds ends by itself', async () => {
    active.add(parseOrder('unauthorized,seconds=0.2'));
    expect((await get(pods)).status).toBe(401);
    await expect.poll(async () => (await get(pods)).status).toBe(200);
  });

  it('with a verb and a resource strikes only those', async () => {
    active.add(parseOrder('black-hole,verb=list,resource=nodes'));
    expect((await get('/api/v1/nodes', { limitMs: 500 })).end).toBe('open');
    expect((await get('/api/v1/nodes/node-1')).status).toBe(200);
    expect((await get(pods)).status).toBe(200);
  });

  it.each([
    '',
    'no-such-fault',
    'black-hole,count=0',
    'black-hole,count=x',
    'black-hole,seconds=-1',
    'black-hole,colour=red',
  ])('"%s" is refused', (text) => {
    expect(() => active.add(parseOrder(text))).toThrow(/fault/);
  });
});

it('every fault has an id of its own and a sentence', () => {
  expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length);
  for (const { id, title } of faults) {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(title).toMatch(/^[A-Z0-9s].*\.$/);
  }
});
