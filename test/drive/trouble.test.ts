import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startCluster } from './embedded-cluster.ts';
import { asked, cellsOf, go, lists, live, sizes, timed, told, under } from './look.ts';
import { type Driven, type DriveOptions, drive } from './terminal.ts';

// What a server can do to somebody who watches it: told in time, rows kept with their age, mended by itself. Where the
// wall clock is the promise, a story is told again when the machine was too busy for it; its limits stay.
let cluster: EmbeddedCluster;
let console: Driven;

beforeAll(async () => {
  cluster = await startCluster('--scenario', 'healthy', '--nodes', '8', '--pods', '560', '--churn', '0');
});
afterEach(async () => {
  console?.kill();
  await cluster.mend();
});
afterAll(() => cluster.stop());

async function open(options: DriveOptions = {}): Promise<void> {
  console = cluster.console({ columns: 120, rows: 40, ...options });
  await console.until(live, 30_000);
}

/** On the agents, the cursor on the third row. Returns that row's node. */
async function onThirdAgent(): Promise<string> {
  console.press('2');
  await console.until(/── Agents 8/);
  console.press('j', 'j');
  await console.until(() => under(console).includes('s000002'));
  return nodeUnder();
}

const nodeUnder = () => /aks-\S+/.exec(under(console))?.[0] ?? '';
const staleFor = () => Number(/stale (\d+)s/.exec(console.screen()[2] ?? '')?.[1] ?? 0);
const isFaint = (node: string) => cellsOf(console, node).every((cell) => cell.faint);

async function createPod(name: string, more: object = {}): Promise<void> {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...more },
    spec: { containers: [{ name: 'main', image: 'example.com/app:1' }] },
  };
  expect((await cluster.call('POST', '/api/v1/namespaces/shop/pods', pod)).status).toBe(201);
}

const pod = (name: string) => `/api/v1/namespaces/shop/pods/${name}`;
const endpoint = (name: string) => `/apis/cilium.io/v2/namespaces/shop/ciliumendpoints/${name}`;

describe.each(sizes)('refused at $columns×$rows', (size) => {
  it('is told within two seconds; the rows stay, dimmed, with their age; it mends itself without a list', {
    retry: 1,
  }, async () => {
    await open(size);
    const node = await onThirdAgent();
    const other = 's000001 np1';
    expect(isFaint(other)).toBe(false);
    const took = await timed(async () => {
      await cluster.fault({ id: 'api-down' });
      await console.until((screen) => told.test(screen[0] ?? ''));
    });
    expect(took).toBeLessThan(2_000);
    await console.until(/── Agents 8 .*▲ stale \d+s/);
    await console.until(/as of \d+s ago: nothing was wrong {2}\S+ (refuses connections|closed the connection)/);
    expect(isFaint(other)).toBe(true);
    const age = staleFor();
    await console.until(() => staleFor() > age);
    expect(nodeUnder()).toBe(node);
    // It is still driven by keys: nothing waits for the server.
    console.press('j');
    await console.until(() => nodeUnder() !== node);
    console.press('k');
    await console.until(() => nodeUnder() === node);
    const from = Date.now();
    await cluster.mend();
    await console.until(live, 20_000);
    await console.until(/── Agents 8 .*● live/);
    await console.until(() => !isFaint(other));
    expect(nodeUnder()).toBe(node);
    expect(lists(await asked(cluster, from))).toEqual([]);
  });
});

describe('a connection that breaks', () => {
  it('closed without an answer is told within two seconds and mends itself without a list', { retry: 1 }, async () => {
    await open();
    const node = await onThirdAgent();
    const took = await timed(async () => {
      await cluster.fault({ id: 'hang-up' });
      await console.until((screen) => told.test(screen[0] ?? ''));
    });
    expect(took).toBeLessThan(2_000);
    await console.until(/── Agents 8 .*▲ stale \d+s/);
    const from = Date.now();
    await cluster.mend();
    await console.until(live, 20_000);
    expect(nodeUnder()).toBe(node);
    expect(lists(await asked(cluster, from))).toEqual([]);
  });

  it.each(['watch-closed', 'watch-reset'])(
    '%s, again and again: what comes meanwhile is shown, once, and nothing is listed',
    async (id) => {
      await open();
      await go(console, `:cep late-${id}`);
      await console.until(/── Cilium endpoints 0\/.*● live/);
      const from = Date.now();
      await cluster.fault({ id, resource: 'ciliumendpoints', count: 2 });
      await createPod(`late-${id}`);
      await console.until(/── Cilium endpoints 1\/.*● live/, 15_000);
      await console.until((screen) => screen.filter((line) => line.includes(` late-${id} `)).length === 1);
      expect(lists(await asked(cluster, from)).filter((kind) => kind === 'ciliumendpoints')).toEqual([]);
      await cluster.call('DELETE', pod(`late-${id}`));
    },
  );

  it('half-open is told within fifteen seconds, and mends itself without a list', { retry: 1 }, async () => {
    await open();
    const node = await onThirdAgent();
    // Frozen, not ended: connections stay open, new ones are taken by the kernel, and not a byte comes.
    const took = await timed(async () => {
      process.kill(cluster.pid, 'SIGSTOP');
      await console.until((screen) => told.test(screen[0] ?? ''), 20_000);
    }).finally(() => process.kill(cluster.pid, 'SIGCONT'));
    expect(took).toBeLessThan(15_000);
    const from = Date.now();
    await console.until(live, 30_000);
    await console.until(/── Agents 8 .*● live/);
    expect(nodeUnder()).toBe(node);
    expect(lists(await asked(cluster, from))).toEqual([]);
  });
});

describe('410: what happened since is no longer known', () => {
  // `:cep` reads rows of ours, `:po` the server's own table: each has its own watch.
  const places = [
    { where: ':cep shop', resource: 'ciliumendpoints', title: /── Cilium endpoints .*● live/, path: endpoint },
    { where: ':po shop', resource: 'pods', title: /── pods shop .*● live/, path: pod },
  ];
  const forms = ['watch-gone', 'watch-expired'];
  it.each(forms.flatMap((id) => places.map((place) => ({ id, ...place }))))(
    '$id at $where: rows deleted meanwhile vanish, the selection stays',
    async ({ id, where, resource, title, path }) => {
      await open();
      const names = await podsOfShop();
      const [doomed = '', kept = ''] = names;
      await go(console, where);
      await console.until(title);
      await console.until(() => under(console).includes(doomed));
      console.press('j');
      await console.until(() => under(console).includes(kept));
      const from = Date.now();
      await cluster.fault({ id, resource, count: 2 });
      await cluster.call('DELETE', path(doomed));
      await console.until((screen) => !screen.some((line) => line.includes(doomed)), 20_000);
      await console.until(title, 20_000);
      expect(under(console)).toContain(kept);
      expect(lists(await asked(cluster, from)).filter((kind) => kind === resource).length).toBeLessThan(8);
    },
  );
});

async function podsOfShop(): Promise<string[]> {
  const { body } = await cluster.call('GET', '/api/v1/namespaces/shop/pods?limit=20');
  return (body as { items: { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name);
}

describe('a server whose certificates were rotated', () => {
  it('is not trusted until fresh credentials are there, and then without starting again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ciliscope-again-'));
    const kubeconfig = join(folder, 'kubeconfig');
    const size = ['--scenario', 'healthy', '--nodes', '2', '--pods', '12', '--churn', '0'];
    const first = await startCluster(...size);
    copyFileSync(first.kubeconfig, kubeconfig);
    console = drive(process.execPath, ['bin/ciliscope.js', '--kubeconfig', kubeconfig], {
      columns: 120,
      env: { XDG_STATE_HOME: folder },
    });
    await console.until(live, 30_000);
    console.press('2');
    await console.until(/── Agents 2 .*● live/);
    await first.stop();
    await console.until((screen) => told.test(screen[0] ?? ''));
    // The same port, a certificate authority of its own: as after a rotation of the certificates.
    const second = await startCluster(...size, '--port', new URL(first.url).port);
    try {
      await console.until(
        /as of \d+s ago: nothing was wrong {2}The certificate of \S+ is signed by an authority/,
        30_000,
      );
      expect(console.text()).toMatch(/── Agents 2 .*▲ stale/);
      copyFileSync(second.kubeconfig, kubeconfig);
      await console.until(live, 60_000);
      await console.until(/── Agents 2 .*● live/);
    } finally {
      await second.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('a server that has too much to do', () => {
  it('429: says how often and when it asks again, and does not ask before', async () => {
    await open();
    await onThirdAgent();
    const from = Date.now();
    await cluster.fault({ id: 'too-many-requests', resource: 'nodes' });
    await console.until(/▲ \d+\/\d+ 429 ×\d+, retry \d+s/);
    await console.until(/── Agents 8 .*stale \d+s, retry \d+s/);
    await cluster.mend();
    await console.until(live, 20_000);
    const nodes = (await asked(cluster, from)).filter(({ resource }) => resource === 'nodes');
    const refused = nodes.filter(({ status }) => status === 429);
    const answered = nodes.find(({ status }) => status === 200);
    expect(refused).toHaveLength(1);
    expect((answered?.at ?? 0) - (refused[0]?.at ?? 0)).toBeGreaterThanOrEqual(10_000);
    expect(lists(nodes)).toEqual([]);
  });

  it('slow lists: says how far it is, page by page, and keys work meanwhile', async () => {
    await cluster.fault({ id: 'slow-lists' });
    console = cluster.console({ columns: 120, rows: 40, env: { CILISCOPE_WATCH_LIST: 'never' } });
    await console.until(/◐ so far|◐ looking/, 20_000);
    await go(console, ':cep');
    await console.until(/── Cilium endpoints 500 .*◐ loading 500 of ~\d+/, 40_000);
    const first = under(console);
    console.press('j');
    await console.until(() => under(console) !== '' && under(console) !== first);
    await cluster.mend();
    await console.until(live, 30_000);
  });
});

describe('credentials', () => {
  // A break of less than a second: on a machine that is too busy for that it is told, and rightly.
  it('one 401 that heals is not worth a word', { retry: 1 }, async () => {
    await open();
    await go(console, ':cep healed');
    await console.until(/── Cilium endpoints 0\/.*● live/);
    const before = console.bytes().length;
    await cluster.fault({ id: 'unauthorized-once', resource: 'ciliumendpoints' });
    await createPod('healed');
    try {
      await console.until((screen) => screen.some((line) => line.includes(' healed ')));
      await console.until(live);
      expect(console.bytes().slice(before)).not.toMatch(/stale|401|Sign in/);
    } finally {
      await cluster.call('DELETE', pod('healed'));
    }
  });

  it('a 401 that stays: rows stay as stale, it says what to run and asks seldom; mended, it goes on by itself', async () => {
    await open();
    const node = await onThirdAgent();
    await cluster.fault({ id: 'unauthorized' });
    await console.until(/── Agents 8 .*▲ stale \d+s/);
    expect(nodeUnder()).toBe(node);
    await console.until(
      /as of \d+s ago: nothing was wrong {2}The server refuses these credentials \(401\)\. Sign in again/,
    );
    // Every source has been told, also those whose request was on its way when the first was refused.
    await console.until((screen) => /▲ 0\/\d+ /.test(screen[0] ?? ''));
    const from = Date.now();
    const age = staleFor();
    await console.until(() => staleFor() >= age + 4, 15_000);
    // Two dozen sources stand refused; one scout asks for all of them, once in five seconds.
    expect((await asked(cluster, from)).slice(5)).toEqual([]);
    await cluster.mend();
    await console.until(live, 30_000);
    console.press('2');
    await console.until(/── Agents 8 .*● live/);
  });
});

describe('rights', () => {
  it('taken away while watching: no row is shown any more, and the missing right is named', async () => {
    await open();
    await go(console, ':cep shop');
    await console.until(/── Cilium endpoints .*● live/);
    await cluster.fault({ id: 'rights-revoked', resource: 'ciliumendpoints' });
    await console.until(/── Cilium endpoints .*forbidden: list ciliumendpoints/);
    await console.until(/Ask for the right to list and watch ciliumendpoints/);
    await console.until((screen) => /▲ \d+\/\d+ endpoints forbidden/.test(screen[0] ?? ''));
    expect(console.text()).not.toMatch(/\d+\.\d+\.\d+\.\d+/);
    console.press('2');
    await console.until(/── Agents 8 .*● live/);
  });
});
