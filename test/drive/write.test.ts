import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startCluster } from './embedded-cluster.ts';
import { filterBy } from './look.ts';
import type { Driven } from './terminal.ts';

// The road out under the fingers: the real program in a terminal, on a cluster where every key is counted.
const cnpPath = '/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies';
let cluster: EmbeddedCluster;
let console: Driven;
let state: string;

beforeAll(async () => {
  cluster = await startCluster('--scenario', 'healthy', '--nodes', '3', '--pods', '40');
});
afterAll(() => cluster.stop());
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'ciliscope-state-'));
});
afterEach(async () => {
  console.kill();
  await cluster.mend();
  rmSync(state, { recursive: true, force: true });
});

async function open(args: readonly string[] = [], ready = /[●] (\d+)\/\1/): Promise<void> {
  console = cluster.console({ args, columns: 100, rows: 32, env: { XDG_STATE_HOME: state, EDITOR: 'true' } });
  await console.until(ready, 40_000);
}

const prompted = (lines: readonly string[]) => lines.some((line) => line.startsWith(':'));

/** A word after `:`, typed and entered. */
function word(text: string): void {
  console.press(':');
  console.write(`${text}\r`);
}

/** The what-if page of deleting the CiliumNetworkPolicy shop/db-clients, when the server has said what it thinks. */
async function deletion(): Promise<void> {
  console.press('4');
  await console.until(/── Policies .*● live/);
  await filterBy(console, 'db-clients');
  await console.until(/▸.*CNP +shop +db-clients/);
  console.press('x');
  await console.until(/d delete: what if/);
  console.press('d');
  await console.until(/server would delete CiliumNetworkPolicy shop\/db-clients/, 20_000);
}

async function changes(): Promise<string[]> {
  const log = await cluster.requests();
  return log
    .filter(
      ({ method, path, userAgent }) =>
        userAgent.startsWith('ciliscope/') && !/^(GET|HEAD)$/.test(method) && !isHarmless(path),
    )
    .map(({ method, path }) => `${method} ${path.split('?')[0]}`);
}

const isHarmless = (path: string) => /[?&]dryRun=All(&|$)/.test(path) || /selfsubject\w*reviews/.test(path);
const read = async (path: string) => (await cluster.call('GET', path)).body as { metadata: Record<string, unknown> };

/** What people write of it: without what the server keeps. */
async function written(path: string): Promise<unknown> {
  const { metadata, ...rest } = await read(path);
  const { uid: _u, resourceVersion: _v, generation: _g, creationTimestamp: _c, managedFields: _m, ...own } = metadata;
  return { ...rest, status: undefined, metadata: own };
}

describe('read-only', () => {
  it('is how it starts: the header says so, and a change is refused with the way to make it', async () => {
    await open();
    expect(console.text()).toMatch(/\bRO\b/);
    await deletion();
    console.press('a');
    await console.until(/read-only: :write opens ten minutes for changes/);
    expect(await changes()).toEqual([]);
  }, 60_000);

  it('no key of any pane changes anything', async () => {
    await open();
    const from = (await changes()).length;
    for (const place of ['0', '1', '2', '3', '4', '7', '!']) {
      console.press(place);
      for (const key of ['x', 'a', 'd', 'u', 'y', 'enter', 'R', 'K', 'D', 'X', 'ctrl-k', 'r', 't']) {
        console.press(key);
        console.press('esc');
        // A prompt opens when all that came before it has been read.
        console.press(':');
        await console.until((lines) => prompted(lines));
        console.press('ctrl-c');
        await console.until((lines) => !prompted(lines));
      }
    }
    word('undo');
    await console.until(/Can be taken back/);
    console.press('enter', 'y');
    await console.until(/there is nothing to take back/);
    expect((await changes()).slice(from)).toEqual([]);
  }, 120_000);

  it('stays so for who may change nothing, and says which rights are missing', async () => {
    await open(['--context', 'reader']);
    word('write');
    await console.until(
      /still read-only: You may change nothing here\. Ask for the right to create\/update\/delete /,
      20_000,
    );
    expect(console.text()).not.toMatch(/\bRW\b/);
  }, 60_000);

  it('ends for who may change something, and says what they may not', async () => {
    await open(['--context', 'namespace'], /only ns shop/);
    word('write');
    await console.until(
      /open for changes, but you may not: create\/update\/delete ciliumclusterwidenetworkpolicies/,
      20_000,
    );
    expect(console.text()).toMatch(/RW \d+:\d\d/);
  }, 60_000);
});

describe('open for changes', () => {
  it('counts down in the header, closes on a word and by itself', async () => {
    await open();
    word('write 5m');
    await console.until(/RW 4:5\d/);
    word('write off');
    await console.until(/\bRO\b.*Z/);
    word('write 3s');
    await console.until(/RW 0:0\d/);
    await console.until(/\bRO\b.*Z/, 10_000);
    word('write 3');
    await console.until(/no duration/);
    word('write 9h');
    await console.until(/takes 1s to 60m/);
  }, 60_000);

  it('a deletion: what would come of it, the name typed, done, in ! and in the audit, taken back whole', async () => {
    await open(['--write']);
    await console.until(/RW \d+:\d\d/);
    const path = `${cnpPath}/db-clients`;
    const before = await written(path);
    await deletion();
    console.press('a');
    await console.until(/DELETE \/apis\/cilium.io\/v2\/namespaces\/shop\/ciliumnetworkpolicies\/db-clients/);
    expect(console.text()).toContain(
      'kubectl --context admin -n shop delete ciliumnetworkpolicies.cilium.io db-clients',
    );
    console.press('y', 'enter');
    await console.until(/type aks-prod-weu first/);
    console.press('backspace');
    console.write('aks-prod-weu');
    await console.until(/do it: aks-prod-weu/);
    console.press('enter');
    await console.until(/● done/, 20_000);
    expect(console.text()).toContain('CiliumNetworkPolicy shop/db-clients is gone.');
    expect((await cluster.call('GET', path)).status).toBe(404);

    console.press('enter', '!');
    await console.until(/1 change by you[\s\S]*● delete CiliumNetworkPolicy shop\/db-clients: /);

    word('undo');
    await console.until(/▸.*delete CNP shop\/db-clients +makes it anew/);
    console.press('enter');
    await console.until(/y do it/);
    expect(console.text()).toMatch(/Cancel {2,}y do it/);
    console.press('y');
    await console.until(/● done|◐ written/, 30_000);
    expect(await written(path)).toEqual(before);

    const audit = readFileSync(join(state, 'ciliscope', 'audit.ndjson'), 'utf8')
      .trimEnd()
      .split('\n');
    const told = audit.map((line) => JSON.parse(line)).filter(({ about }) => about === undefined);
    expect(told.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'delete-policy sending',
      'delete-policy done',
      'undo sending',
      'undo done',
    ]);
    expect(told[3].after).toBe(told[0].before);
    expect(statSync(join(state, 'ciliscope', 'audit.ndjson')).mode & 0o077).toBe(0);
  }, 120_000);

  it('Cancel has the focus: enter and esc change nothing; a terminal made small meanwhile asks again', async () => {
    await open(['--write']);
    await console.until(/RW \d+:\d\d/);
    await deletion();
    const from = (await changes()).length;
    for (const leave of ['enter', 'esc']) {
      console.press('a');
      await console.until(/type aks-prod-weu and/);
      console.press(leave === 'enter' ? 'esc' : leave);
      await console.until(/── What if/);
    }
    console.press('a');
    await console.until(/type aks-prod-weu and/);
    console.write('aks-prod');
    console.resize(20, 5);
    await console.until(/needs 40×8/);
    console.resize(100, 32);
    await console.until(/type aks-prod-weu and .* aks-prod *$/m);
    console.resize(20, 5);
    await console.until(/needs 40×8/);
    // Blind: what is typed where nothing is shown confirms nothing.
    console.write('-weu\r');
    console.resize(100, 32);
    await console.until(/RW \d+:\d\d/);
    expect((await changes()).slice(from)).toEqual([]);
  }, 90_000);

  it('somebody else changes it between the plan and the yes: nothing is done, and who it was is said', async () => {
    await open(['--write']);
    await console.until(/RW \d+:\d\d/);
    await deletion();
    console.press('a');
    await console.until(/type aks-prod-weu and/);
    const patched = await cluster.call(
      'PATCH',
      `${cnpPath}/db-clients?fieldManager=jane`,
      { spec: { description: `changed at ${Date.now()}` } },
      'application/merge-patch+json',
    );
    expect(patched.status).toBe(200);
    console.write('aks-prod-weu\r');
    await console.until(/✖ not done/, 20_000);
    expect(console.text()).toMatch(/changed meanwhile by jane at .*: nothing of yours was done/);
    expect((await cluster.call('GET', `${cnpPath}/db-clients`)).status).toBe(200);
  }, 90_000);

  it('whoever leaves while it is being done hears on the terminal what became of it', async () => {
    await open(['--write']);
    await console.until(/RW \d+:\d\d/);
    await deletion();
    console.press('a');
    await console.until(/type aks-prod-weu and/);
    await cluster.fault({ id: 'write-lost', verb: 'delete', resource: 'ciliumnetworkpolicies' });
    console.write('aks-prod-weu\r');
    await console.until(/sent to the server|● done/);
    console.press('ctrl-c', 'ctrl-c', 'ctrl-c');
    expect(await console.exit).toBe(0);
    expect(console.bytes()).toMatch(/CiliumNetworkPolicy shop\/db-clients is gone\./);
  }, 90_000);
});

it('in a protected cluster every change asks for the name', async () => {
  await open(['--write', '--protect', '*staging*,aks-PROD-*']);
  await console.until(/RW \d+:\d\d/);
  console.press('4');
  await console.until(/── Policies .*● live/);
  await filterBy(console, 'NP shop allow-web');
  await console.until(/▸ ?NP +shop +allow-web/);
  console.press('x', 'd');
  await console.until(/server would delete/, 20_000);
  console.press('a');
  await console.until(/type aks-prod-weu and/);
  console.write('aks-prod-weu\r');
  await console.until(/● done/, 20_000);
  console.press('enter');
  word('undo');
  await console.until(/▸.*delete NP shop\/allow-web/);
  console.press('enter');
  // Creating it anew takes only a key elsewhere.
  await console.until(/type aks-prod-weu and/);
}, 90_000);
