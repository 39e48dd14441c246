import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type EmbeddedCluster, startCluster } from './embedded-cluster.ts';
import { cellsOf, go, live, under } from './look.ts';
import { drive } from './terminal.ts';

// What comes and goes while one looks: objects, kinds, whole clusters.
let cluster: EmbeddedCluster;
let other: EmbeddedCluster;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ciliscope-appearing-'));
  const size = ['--nodes', '4', '--pods', '30', '--churn', '0'];
  [cluster, other] = await Promise.all([
    startCluster('--scenario', 'healthy', ...size),
    startCluster('--scenario', 'no-cilium', '--nodes', '3', '--pods', '9', '--churn', '0', '--seed', '77'),
  ]);
});
afterAll(async () => {
  await Promise.all([cluster?.stop(), other?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

describe('objects', () => {
  it('a pod that is made stands out, one that is deleted stays struck and then goes; the cursor stays', async () => {
    const console = cluster.console({ columns: 100, rows: 60 });
    await console.until(live, 30_000);
    await go(console, ':po shop');
    await console.until(/── pods shop 30 .*● live/);
    const first = under(console);
    console.press('j');
    await console.until(() => under(console) !== '' && under(console) !== first);
    // The name alone: ages go on.
    const name = () => under(console).split(/\s+/)[1];
    const row = name();
    const pods = '/api/v1/namespaces/shop/pods';
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a-new-one' },
      spec: { containers: [{ name: 'main', image: 'example.com/app:1' }] },
    };
    await cluster.call('POST', pods, pod);
    await console.until(/── pods shop 31 /);
    await console.until(() => cellsOf(console, 'a-new-one').some((cell) => cell.bold));
    expect(name()).toBe(row);
    await console.until(() => cellsOf(console, 'a-new-one').every((cell) => !cell.bold));
    await console.until(/a-new-one +1\/1 +Running/);
    await cluster.call('DELETE', `${pods}/a-new-one?gracePeriodSeconds=0`);
    await console.until(() => cellsOf(console, 'a-new-one').some((cell) => cell.struck));
    expect(console.screen().find((line) => line.includes('a-new-one'))).toMatch(/−/);
    await console.until((screen) => !screen.some((line) => line.includes('a-new-one')));
    await console.until(/── pods shop 30 /);
    expect(name()).toBe(row);
    console.kill();
  });
});

describe('kinds', () => {
  it('removed while one looks: not installed, no row left; installed again: live again', async () => {
    const console = cluster.console({ columns: 100 });
    await console.until(live, 30_000);
    await go(console, ':cep');
    await console.until(/── Cilium endpoints \d\d .*● live/);
    await console.until(/10\.244\.\d+\.\d+/);
    await cluster.fault({ id: 'crd-removed' });
    await console.until(/── Cilium endpoints .*○ not installed/, 20_000);
    await console.until(/This cluster has no ciliumendpoints\.cilium\.io/);
    expect(console.text()).not.toMatch(/10\.244\.\d+\.\d+/);
    console.press('2');
    await console.until(/── Agents 4 .*● live/);
    await cluster.mend();
    await go(console, ':cep');
    await console.until(/── Cilium endpoints \d\d .*● live/, 20_000);
    await console.until(/10\.244\.\d+\.\d+/);
    await console.until(live, 20_000);
    console.kill();
  });

  it('a cluster without Cilium is told as that, and only that', async () => {
    const console = other.console({ columns: 100, rows: 30 });
    await console.until(/▲ 1 {2}the network of this cluster is not Cilium/, 30_000);
    await console.until(live);
    console.press('3');
    await console.until(/── Endpoint changes .*○ not installed/);
    console.press('2');
    await console.until(/── Agents/);
    expect(console.text()).not.toMatch(/✖|crash|the DaemonSet wants/);
    console.kill();
  });
});

describe('clusters', () => {
  type Kubeconfig = { clusters: Named[]; users: Named[]; contexts: Named[] };
  type Named = { name: string; cluster?: object; user?: object; context?: { cluster: string; user: string } };

  /** One kubeconfig with the administrators of both clusters and somebody without rights. */
  function both(): string {
    const read = (path: string) => parse(readFileSync(path, 'utf8')) as Kubeconfig;
    const [first, second] = [read(cluster.kubeconfig), read(other.kubeconfig)];
    const file = join(folder, 'kubeconfig');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'with-cilium',
      clusters: [
        { name: 'one', cluster: first.clusters[0]?.cluster },
        { name: 'two', cluster: second.clusters[0]?.cluster },
      ],
      users: [
        { name: 'one', user: first.users[0]?.user },
        { name: 'two', user: second.users[0]?.user },
        { name: 'expired', user: second.users[3]?.user },
      ],
      contexts: [
        { name: 'with-cilium', context: { cluster: 'one', user: 'one' } },
        { name: 'without', context: { cluster: 'two', user: 'two' } },
        { name: 'no-longer', context: { cluster: 'two', user: 'expired' } },
      ],
    };
    writeFileSync(file, stringify(config), { mode: 0o600 });
    return file;
  }

  /** A policy of the first cluster only: the names of nodes are the same in both. */
  const mark = 'only-in-one';

  it('another context: no row of the old cluster is left, there or back; a wrong name costs nothing', async () => {
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: mark },
      spec: { podSelector: {} },
    };
    const made = await cluster.call('POST', '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies', policy);
    expect(made.status).toBe(201);
    const args = ['bin/ciliscope.js', '--kubeconfig', both()];
    const console = drive(process.execPath, args, { columns: 120, rows: 40, env: { XDG_STATE_HOME: folder } });
    await console.until(/^ with-cilium .*● (\d+)\/\1 +(api|RO)/m, 30_000);
    console.press('4');
    await console.until(/── Policies .*● live/);
    await console.until(mark);
    await go(console, ':ctx nosuch');
    await console.until(/There is no context "nosuch"/);
    expect(console.text()).toMatch(/^ with-cilium /m);
    console.press('4');
    await console.until(mark);

    await go(console, ':ctx without');
    await console.until(/^ without /m, 30_000);
    // From the frame that names the new cluster on nothing of the old one is drawn, not even for a moment.
    await console.until((screen) => !screen.some((line) => line.includes(mark)));
    const switched = console.bytes().length;
    await console.until(/^ without .*● (\d+)\/\1 +(api|RO)/m, 30_000);
    for (const [key, title] of [
      ['1', '── Cluster'],
      ['2', '── Agents'],
      ['3', '── Endpoint changes'],
      ['4', '── Policies'],
      ['7', '── Timeline'],
      ['0', '── 7 Changed'],
    ] as const) {
      console.press(key);
      await console.until(title);
    }
    await go(console, ':no');
    await console.until(/── nodes 3 .*● live/);
    expect(console.bytes().slice(switched)).not.toContain(mark);

    await go(console, ':ctx with-cilium');
    await console.until(/^ with-cilium .*● (\d+)\/\1 +(api|RO)/m, 30_000);
    console.press('4');
    await console.until(mark);
    console.kill();
  });

  it('credentials that are refused there say so, and one can go back', async () => {
    const args = ['bin/ciliscope.js', '--kubeconfig', both()];
    const console = drive(process.execPath, args, { columns: 120, rows: 40, env: { XDG_STATE_HOME: folder } });
    await console.until(/^ with-cilium .*● (\d+)\/\1 +(api|RO)/m, 30_000);
    await go(console, ':ctx no-longer');
    await console.until(/^ no-longer /m);
    await console.until(/nothing is known yet: The server refuses these credentials \(401\)/, 15_000);
    await go(console, ':ctx with-cilium');
    await console.until(/^ with-cilium .*● (\d+)\/\1 +(api|RO)/m, 30_000);
    console.kill();
  });
});
