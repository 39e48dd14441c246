import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findKubectl, kubectlOf } from '../simulator/kubectl.ts';
import { type EmbeddedCluster, startCluster } from './embedded-cluster.ts';
import { filterBy, go, live, sizes, under } from './look.ts';
import type { Driven } from './terminal.ts';

// From a denied pair to the rule that denies it, to a change that was tried before it was made, and back: by keys alone.
let cluster: EmbeddedCluster;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ciliscope-what-if-'));
  cluster = await startCluster('--scenario', 'healthy', '--nodes', '4', '--pods', '60', '--churn', '0');
  // What is left decides: only the database is isolated, and its clients are named.
  const path = '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies';
  for (const name of ['allow-same-namespace', 'allow-web', 'default-deny-ingress'])
    expect((await cluster.call('DELETE', `${path}/${name}`)).status).toBe(200);
});
afterAll(async () => {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const policies = '/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies';
type Written = { metadata: Record<string, unknown>; spec: Record<string, unknown> };

async function policy(): Promise<Written> {
  return (await cluster.call('GET', `${policies}/db-clients`)).body as Written;
}

/** What `kubectl get cnp -A -o yaml` says, but for what only the server writes; without a kubectl, what it would be told. */
async function allPolicies(least = 1) {
  const kubectl = findKubectl('1.33');
  const { items } = (
    kubectl === undefined
      ? (await cluster.call('GET', '/apis/cilium.io/v2/ciliumnetworkpolicies')).body
      : await asKubectlSays(kubectl)
  ) as { items: Written[] };
  expect(items.length).toBeGreaterThanOrEqual(least);
  return items.map(
    ({ metadata: { resourceVersion: _, generation: __, managedFields: ___, ...metadata }, ...rest }) => ({
      ...rest,
      status: undefined,
      metadata,
    }),
  );
}

async function asKubectlSays(program: string): Promise<unknown> {
  const { kubectl } = kubectlOf(program, () => ({ home: folder, kubeconfig: cluster.kubeconfig, editor: '' }));
  const { out, err } = await kubectl('get', 'cnp', '-A', '-o', 'yaml', '--show-managed-fields');
  expect(err).toBe('');
  return parse(out);
}

/** An editor for one test: a shell script on the file "$1". */
function editor(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

async function open(
  script: string,
  size: { columns: number; rows: number } = { columns: 100, rows: 40 },
): Promise<Driven> {
  const state = mkdtempSync(join(folder, 'state-'));
  const console = cluster.console({ ...size, env: { EDITOR: script, XDG_STATE_HOME: state } });
  await console.until(live, 30_000);
  return console;
}

/** Confirms what is asked, waits until the watch shows it, and closes. */
async function confirm(console: Driven): Promise<void> {
  await console.until(/nothing is changed yet/);
  await console.until(/y do it/);
  console.press('y');
  await console.until(/● done/, 20_000);
  console.press('esc');
}

describe('the story', () => {
  // From the one client to everybody, and back again.
  const script = `if grep -q '^    - {}' "$1"; then sed -i 's/^    - {}$/    - matchLabels:\\n        app: web/' "$1"
else sed -i '/^    - matchLabels:$/{N;s/^.*\\n *app: web$/    - {}/}' "$1"; fi`;

  it.each(sizes)('a denied pair, why, what if, applied, verified, taken back, at $columns×$rows', async (size) => {
    const before = await allPolicies();
    const console = await open(editor('widen', script), size);

    console.press('4');
    await console.until(/── Policies .*● live/);
    await go(console, ':map');
    await console.until(/── Policy map/);
    await console.until(/▸ kube-system/);
    console.press('j', 'right');
    await console.until(/^ shop → shop /m);
    console.press('enter');
    await console.until(/── shop → shop .*● live/);
    await filterBy(console, 'web');
    await console.until(() => /✖ denied +shop\/web +shop\/db +5432\/TCP/.test(under(console)));
    console.press('enter');

    await console.until('✖ denied · shop/web → shop/db 5432/TCP');
    await console.until(/default deny of CNP shop\/db-clients/);
    await console.until(/nearly +CNP shop\/db-clients ingress\[0\]/);
    await console.until('wants app=api (it has web)');
    console.press('m');

    await console.until(/▲ 1 newly allowed · [\d,]+ pairs unchanged/);
    await console.until(/shop\/web → shop\/db +5432\/TCP +6 → 3 pods +was denied/);
    await console.until('● The server would take CiliumNetworkPolicy shop/db-clients (dry run).');
    console.press('e');
    // Whoever widens it to everybody reads that it is everybody.
    await console.until(/▲ 10 newly allowed[^▲]*● The server would take/);
    await console.until(/Newly allowed · 10/);
    await console.until(/shop\/cart +→ shop\/db/);
    console.press('e');
    await console.until(/▲ 1 newly allowed[^▲]*● The server would take/);
    expect(await allPolicies()).toEqual(before);

    console.press('a');
    await console.until(/apply….*read-only: :write/);
    await go(console, ':write');
    await console.until(/RW \d+:\d\d/);
    console.press('a');
    await console.until(/1 newly allowed; [\d,]+ unchanged/);
    await confirm(console);
    await console.until(/── What if .*● applied/);
    await console.until(/Applied \d\d:\d\d:\d\d/);
    await console.until(/▲ 1 newly allowed/);
    expect((await policy()).spec['ingress']).toContainEqual({
      fromEndpoints: [{ matchLabels: { app: 'web' } }],
      toPorts: [{ ports: [{ port: '5432', protocol: 'TCP' }] }],
    });
    await go(console, ':why shop/web shop/db:5432');
    await console.until('● allowed · shop/web → shop/db 5432/TCP');

    await go(console, ':undo');
    await console.until(/── Can be taken back 1/);
    console.press('enter');
    await confirm(console);
    expect(await allPolicies()).toEqual(before);
    await go(console, ':why shop/web shop/db:5432');
    await console.until('✖ denied · shop/web → shop/db 5432/TCP');
    console.kill();
  });
});

describe('the editor', () => {
  it('a file left as it is changes nothing, and one is back where one was', async () => {
    const console = await open('true');
    console.press('4');
    await console.until(/▸ CNP +shop +db-clients/);
    console.press('e');
    await console.until(/unchanged: there is nothing to try/);
    await console.until(/── Policies/);
    // From its YAML as well.
    console.press('y');
    await console.until(/── CiliumNetworkPolicy shop\/db-clients · YAML .*read/);
    console.press('e');
    await console.until(/unchanged: there is nothing to try/);
    await console.until(/── CiliumNetworkPolicy shop\/db-clients · YAML/);
    console.kill();
  });

  it('an editor that is not there', async () => {
    const console = await open('no-such-editor');
    await go(console, ':whatif edit cnp shop/db-clients');
    await console.until(/there is no editor no-such-editor: set \$EDITOR to one/);
    console.kill();
  });

  it('broken YAML is told with its place, kept, and edited on', async () => {
    const script = editor(
      'breaks',
      `if grep -q 'broken: \\[' "$1"; then sed -n 2p "$1" > "${folder}/said"; sed -i '/broken/d; s/5432/5433/' "$1"
else sed -i '3i broken: [' "$1"; fi`,
    );
    const console = await open(script);
    await go(console, ':whatif edit cnp shop/db-clients');
    await console.until(/✖ The draft cannot be read: line \d+, column \d+: /);
    const place = /line \d+, column \d+/.exec(console.text())?.[0] ?? '';
    console.press('a');
    await console.until(/apply…: the draft cannot be read/);
    console.press('e');
    await console.until(/● The server would take/);
    expect(readFileSync(join(folder, 'said'), 'utf8')).toContain(`could not be read: ${place}`);
    await console.until(/^ +\+ .*5433/m);
    console.kill();
  });

  it('what admission refuses is said, and cannot be applied', async () => {
    const console = await open(editor('refused', `sed -i 's/endpointSelector/endpointSelektor/' "$1"`));
    await go(console, ':whatif edit cnp shop/db-clients');
    await console.until(/✖ The server refuses it: /);
    console.press('a');
    await console.until(/apply…: the server refuses it/);
    console.kill();
  });
});

describe('somebody else', () => {
  it('changed it meanwhile: it is said, both are shown, and theirs is taken up', async () => {
    const console = await open(editor('port', `sed -i 's/"5432"/"5433"/' "$1"`));
    await go(console, ':whatif edit cnp shop/db-clients');
    await console.until(/● The server would take/);
    const patch = (labels: object) =>
      cluster.call('PATCH', `${policies}/db-clients`, { metadata: { labels } }, 'application/merge-patch+json');
    expect((await patch({ team: 'data' })).status).toBe(200);
    await console.until(/▲ .*was changed meanwhile/, 15_000);
    await console.until(/Changed meanwhile: CiliumNetworkPolicy shop\/db-clients/);
    await console.until(/^ +\+ +team: data/m);
    console.press('a');
    await console.until(/changed meanwhile: m takes that up/);
    console.press('m');
    await console.until((screen) => !screen.some((line) => line.includes('meanwhile')));
    await console.until(/^ +\+ .*5433/m);
    await console.until(/● The server would take/);
    expect(console.text()).not.toMatch(/^ +- +team: data/m);
    expect((await patch({ team: null })).status).toBe(200);
    console.kill();
  });
});

describe('other ways', () => {
  it('without a policy: what would be open again; deleted only after the cluster’s name was typed, and made anew', async () => {
    const before = await allPolicies();
    const console = await open('true');
    await go(console, ':whatif delete cnp shop/db-clients');
    await console.until(/▲ \d+ newly allowed/);
    await console.until(/● The server would delete CiliumNetworkPolicy shop\/db-clients \(dry run\)\./);
    await go(console, ':write');
    await console.until(/RW \d/);
    console.press('a');
    await console.until(/nothing is changed yet/);
    const name = /type (\S+) and ⏎/.exec(console.text())?.[1] ?? '';
    expect(name).not.toBe('');
    console.write(name);
    await console.until((screen) => screen.filter((line) => line.includes(name)).length > 1);
    console.press('enter');
    await console.until(/● done/, 20_000);
    console.press('esc');
    await console.until(/── What if .*● applied/);
    expect(await allPolicies(0)).toEqual([]);
    await go(console, ':undo');
    await console.until(/── Can be taken back 1/);
    console.press('enter');
    await confirm(console);
    const [made] = await allPolicies();
    const { uid: _, creationTimestamp: __, ...metadata } = made?.metadata ?? {};
    const { uid: ___, creationTimestamp: ____, ...was } = before[0]?.metadata ?? {};
    expect({ ...made, metadata }).toEqual({ ...before[0], metadata: was });
    console.kill();
  });

  it('a file, and a template in the namespace one looks at', async () => {
    const file = join(folder, 'mine.yaml');
    writeFileSync(
      file,
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: mine }\nspec:\n  endpointSelector: {}\n  ingress: []\n',
    );
    const console = await open('true');
    await go(console, `:whatif ${file}`);
    await console.until(/● The server would make CiliumNetworkPolicy default\/mine \(dry run\)/);
    // The file is corrected elsewhere meanwhile.
    writeFileSync(file, readFileSync(file, 'utf8').replace('name: mine', 'name: other'));
    console.press('ctrl-r');
    await console.until(/● The server would make CiliumNetworkPolicy default\/other/);
    await go(console, ':ns shop');
    await console.until(/ns:shop/);
    await go(console, ':whatif template default-deny-with-dns');
    await console.until(/The server would make NetworkPolicy shop\/default-deny-with-dns/);
    await console.until(/▲ [\d,]+ pairs newly denied/);
    await go(console, ':whatif no-such-file.yaml');
    await console.until(/no-such-file\.yaml cannot be read \(ENOENT\)/);
    await go(console, ':whatif');
    await console.until(/:whatif edit cnp NS\/NAME/);
    console.kill();
  });
});
