import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startCluster } from './embedded-cluster.ts';
import { cellsOf, filterBy, go, live, sizes, under } from './look.ts';
import type { Driven } from './terminal.ts';

// The bad night: a policy of namespace pay has cut it off, and its name does not say so.
let cluster: EmbeddedCluster;
beforeAll(async () => {
  cluster = await startCluster('--scenario', 'busy', '--nodes', '6', '--pods', '160');
  // One that Cilium refuses for a mistake in it, and one that names a port nobody has.
  for (const policy of [refused, misnamed]) {
    const { status } = await cluster.call('POST', `/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies`, policy);
    expect(status).toBe(201);
  }
}, 60_000);
afterAll(() => cluster.stop());

const policy = (name: string, spec: object) => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name, namespace: 'shop' },
  spec,
});
const refused = policy('two-subjects', {
  endpointSelector: { matchLabels: { app: 'web' } },
  ingress: [{ fromEndpoints: [{}], fromCIDR: ['10.0.0.0/8'] }],
});
const misnamed = policy('misnamed', {
  endpointSelector: { matchLabels: { app: 'web' } },
  ingress: [{ fromEndpoints: [{}], toPorts: [{ ports: [{ port: 'no-such-port', protocol: 'TCP' }] }] }],
});

describe.each(sizes)('pane 4 at $columns×$rows', (size) => {
  let console: Driven;
  beforeAll(async () => {
    console = cluster.console(size);
    await console.until(live, 60_000);
    console.press('4');
    await console.until(/── Policies \d+ ─ ● live/);
  }, 90_000);
  afterAll(() => console.kill());

  const fits = () => {
    for (const line of console.screen()) expect(line.length).toBeLessThanOrEqual(size.columns);
  };

  it('lists the sick first: what is refused, then what is wrong', async () => {
    await console.until(/✖ CNP shop\/two-subjects not in force: /, 30_000);
    await console.until(/^[▸ ] CNP +shop +two-subjects .*rejected/m);
    await console.until(/^[▸ ] CNP +shop +misnamed .*\d in .*▲ \d/m, 30_000);
    const rows = console.screen().filter((line) => /^[▸ ] (CNP|NP|CCNP) /.test(line));
    expect(rows[0]).toContain('two-subjects');
    expect(rows[1]).toContain('misnamed');
    fits();
  });

  it('opens a policy as sentences, and from there who may reach whom it is about', async () => {
    await filterBy(console, 'deny-all');
    await console.until(() => under(console).includes('deny-all'));
    console.press('enter');
    await console.until(/── Policy · CNP pay\/deny-all ─ ● live/);
    await console.until(
      /● in force[\s\S]*selects +\d+ pods: all pods in namespace pay[\s\S]*isolates +\d+ in ingress, \d+ in egress/,
    );
    await console.until(/changed +\d+m ago by kubectl-edit/);
    await console.until(/egress\[0\] +to pods k8s-app=kube-dns in namespace kube-system/);
    fits();
    console.press('v');
    await console.until(/── Who may reach /);
    console.press('q');
    await console.until(/── Policy · CNP pay\/deny-all/);
    console.press('y');
    await console.until(/kind: CiliumNetworkPolicy/);
    console.press('q', 'q');
    await console.until(/── Policies/);
    console.press('esc');
  });

  it('tells lint by lint what is wrong, with the place in the policy and the mend', async () => {
    await go(console, ':lint');
    await console.until(/── Policy lint ─ /);
    await console.until(/✖ CNP shop\/two-subjects: not in force/);
    await filterBy(console, 'no-such-port');
    await console.until(/no-such-port/);
    console.press('esc');
    fits();
  });

  it('draws the map, goes about in it, and a cell leads to its pairs and to why', async () => {
    await go(console, ':map');
    await console.until(/── Policy map \d+ .*as of/, 20_000);
    await console.until(/FROM \\ TO/);
    expect(console.text()).toMatch(/✖ \d+ denied/);
    fits();
    await filterBy(console, 'pay>shop');
    await console.until(/pay → shop {2}✖ denied/);
    // The one cell that is left is the one under the cursor.
    expect(
      cellsOf(console, '▸ pay')
        .filter((cell) => cell.inverse)
        .map((cell) => cell.text)
        .join(''),
    ).toBe('pay✖');
    console.press('enter');
    await console.until(/── pay → shop \d+ .*● live/, 20_000);
    await console.until(/✖ denied +pay\/\S+ +shop\//);
    fits();
    console.press('enter');
    await console.until(/── Why pay\/\S+ → shop\//);
    await console.until(/✖ denied[\s\S]*CNP pay\/deny-all/);
    console.press('q');
    await console.until(/── pay → shop/);
    console.press('q');
    // The map is there again at once, as it was left.
    await console.until(/── Policy map .*\/pay>shop/);
    console.press('esc', 'z');
    await console.until(/── Policy map .*only with a cell denied or unknown/);
    console.press('esc');
  });

  it('is narrowed with the screens to one namespace: who may reach it, whom it may reach', async () => {
    await go(console, ':ns pay');
    await console.until(/ns:pay/);
    await go(console, ':map');
    await console.until(/NAMESPACE +to pay +from pay/, 20_000);
    fits();
    await go(console, ':ns all');
    await console.until(/ns:all/);
  });
});
