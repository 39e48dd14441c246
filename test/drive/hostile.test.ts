import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startCluster } from './embedded-cluster.ts';
import { cellsOf, filterBy, go, live, under } from './look.ts';
import { strangers } from './own-sequences.ts';
import type { Driven } from './terminal.ts';

// Somebody who may write labels, annotations, messages and logs tries to write to the terminal of whoever looks.
const evil = [
  '\x1b[2J\x1b[31mred\x1b]0;title\x07',
  '\x1b]52;c;cm0gLXJmIC8=\x07',
  '\x9b31m\x85\x90q\x9c\x1bP+q\x1b\\\x1b_a\x1b\\',
  'a\rb\u2028c\u202egpj.exe\u2066d\u200e',
  '漢字👩‍👩‍👧‍👦e\u0301\u0301\u0301\u0301\u0301\u200b\ufeff',
].join(' ');

let cluster: EmbeddedCluster;
let console: Driven;

beforeAll(async () => {
  const size = ['--nodes', '4', '--pods', '24', '--churn', '0'];
  cluster = await startCluster('--scenario', 'agent-crash-loop', ...size, '--fault', 'hostile-text');
  await plant();
  console = cluster.console({ columns: 120, rows: 40 });
  await console.until(live, 30_000);
});
afterAll(async () => {
  console?.kill();
  await cluster?.stop();
});

async function create(path: string, object: object): Promise<void> {
  const { status, body } = await cluster.call('POST', path, object);
  expect(status, JSON.stringify(body)).toBe(201);
}

async function plant(): Promise<void> {
  const metadata = { name: 'evil', namespace: 'shop', annotations: { 'example.com/note': evil } };
  await create('/api/v1/namespaces/shop/pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: {
      containers: [
        {
          name: 'main',
          image: 'example.com/app:1',
          command: [evil],
          args: [evil],
          env: [{ name: 'EVIL', value: evil }],
        },
      ],
    },
  });
  await create('/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies', {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata,
    spec: { description: evil, endpointSelector: { matchLabels: { app: 'evil' } }, ingress: [{}] },
  });
  const now = new Date().toISOString();
  await create('/api/v1/namespaces/shop/events', {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { ...metadata, name: 'evil.1' },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'evil' },
    type: 'Warning',
    reason: `Failed漢字${evil}`,
    message: evil,
    source: { component: `kubelet${evil}` },
    count: 1,
    firstTimestamp: now,
    lastTimestamp: now,
  });
  await create('/api/v1/namespaces/shop/configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { text: `${evil}\n${evil}` },
  });
}

const places: readonly (readonly [where: string, seen: RegExp])[] = [
  ['0', /── 7 Changed/],
  ['v', /── (Why|6 Troubleshoot)/],
  ['1', /── Cluster/],
  ['2', /── Agents/],
  ['enter', /mount-bpf-fs[\s\S]*last words/],
  [':ces', /── Endpoint slices/],
  [':cep', /── Cilium endpoints/],
  [':eps', /── Kubernetes endpoint slices/],
  ['3', /── Endpoint changes/],
  ['4', /── Policies[\s\S]*evil/],
  ['7', /── Timeline/],
  [':find evil', /── Mentions of/],
  [':ctx', /── Contexts/],
  [':ns', /── Namespaces/],
  ['!', /── Requests/],
  [':no', /── nodes/],
];

describe('whatever is written into the cluster', () => {
  it('the recogniser knows a stranger', () => {
    expect(strangers('\x1b[1;31mred\x1b[m\x1b[3;4H\x1b[K\r\n●')).toEqual([]);
    for (const stranger of [
      '\x1b]52;c;eA==\x07',
      '\x9b2J',
      'a\rb',
      '\u202e',
      '\x1b[5A',
      '\x1b[?1000h',
      '\x1bc',
      '\ufffd',
    ]) {
      expect(strangers(`x${stranger}`), JSON.stringify(stranger)).not.toEqual([]);
    }
  });

  it.each(places)('reaches the terminal as inert text: %j', async (where, seen) => {
    if (where.startsWith(':')) await go(console, where);
    else console.press(where);
    await console.until(seen);
    // A sequence of ours may be half written at the moment one looks; a stranger stays.
    await expect.poll(() => strangers(console.bytes())).toEqual([]);
  });

  it('a table of the server keeps its columns, however wide the characters', async () => {
    await go(console, ':ev -n shop');
    await console.until(/── events[\s\S]*漢字/);
    const rows = console.screen();
    const heading = rows.findIndex((line) => /REASON +OBJECT/.test(line));
    const object = (rows[heading] ?? '').indexOf('OBJECT');
    const cells = rows.map((_, row) => console.line(row).map(({ text }) => text || ''));
    const evilRow = rows.findIndex((line) => line.includes('漢字'));
    // By cells, not by characters: a wide one has two.
    expect((cells[evilRow] ?? []).slice(object, object + 8).join('')).toBe('pod/evil');
    expect(strangers(console.bytes())).toEqual([]);
  });

  it.each([
    [':po -n shop', /── pods shop \d+ .*live/],
    [':cm -n shop', /── configmaps shop \d+ .*live/],
    [':cnp', /── Policies \d+ .*live/],
    [':ev -n shop', /── events shop \d+ .*live/],
  ])('YAML, description and events of %s show it, inert', async (table, title) => {
    console.press('0');
    await console.until('── 7 Changed');
    await go(console, table);
    await console.until(title);
    await filterBy(console, 'evil');
    await console.until(() => under(console).includes('evil'));
    console.press('y');
    await console.until(/apiVersion:/);
    await console.until(/\^\[|<U\+/);
    expect(cellsOf(console, 'apiVersion').length).toBeGreaterThan(0);
    console.press('d');
    await console.until(/── .* · description/);
    // Of a policy `e` lends the terminal to an editor; its events stand in the description.
    if (table !== ':cnp') console.press('e');
    await console.until(/event/i);
    expect(strangers(console.bytes())).toEqual([]);
  });

  it.each(['log-binary', 'log-without-newline'])('%s: a log that is none', async (id) => {
    console.press('0');
    await console.until('── 7 Changed');
    await cluster.mend();
    await cluster.fault({ id });
    await go(console, ':po -n kube-system -l k8s-app=cilium');
    await console.until(/── pods kube-system/);
    await console.until(/▸ cilium-/);
    console.press('l');
    await console.until(id === 'log-binary' ? /\^\[|<U\+/ : /xxxxxxxxxx/);
    expect(strangers(console.bytes())).toEqual([]);
  });

  it('and a small terminal is no way around it', async () => {
    const small = cluster.console({ columns: 60, rows: 16 });
    await small.until(live, 30_000);
    for (const [digit, title] of [
      ['1', 'Cluster'],
      ['2', 'Agents'],
      ['3', 'Endpoint changes'],
      ['4', 'Policies'],
      ['7', 'Timeline'],
    ]) {
      small.press(digit ?? '');
      await small.until((screen) => (screen[2] ?? '').startsWith(`── ${title}`));
    }
    small.press('0');
    await small.until('── 7 Changed');
    small.press('v');
    await small.until(/── (Why|6 Troubleshoot)/);
    expect(strangers(small.bytes())).toEqual([]);
    expect(Math.max(...small.screen().map((line) => [...line].length))).toBeLessThanOrEqual(60);
  });
});
