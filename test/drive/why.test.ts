import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startCluster } from './embedded-cluster.ts';
import { filterBy, go, live, sizes, under } from './look.ts';
import type { Driven } from './terminal.ts';

// The night on which somebody takes `deny-all` in pay at its word: egress, too, but for DNS.
let cluster: EmbeddedCluster;
beforeAll(async () => {
  cluster = await startCluster('--scenario', 'busy', '--nodes', '4', '--pods', '140');
});
afterAll(() => cluster.stop());

const denyAll = '/apis/cilium.io/v2/namespaces/pay/ciliumnetworkpolicies/deny-all';
const egress = (rules: unknown) =>
  cluster.call('PATCH', denyAll, { spec: { egress: rules } }, 'application/merge-patch+json');

describe.each(sizes)('at $columns×$rows', (size) => {
  let console: Driven;
  beforeAll(async () => {
    console = cluster.console(size);
    await console.until(live, 60_000);
  });
  afterAll(() => console.kill());

  it('two ends are named with completion, and the page answers first', async () => {
    console.write(':why pay/ap');
    await console.until(/^:why pay\/api/m);
    console.press('tab');
    console.write(' pay/db:5432');
    await console.until(/^:why pay\/api pay\/db:5432/m);
    console.press('enter');
    await console.until(/── Why pay\/api → pay\/db 5432\/TCP ─ ● live/);
    await console.until(/✖ denied · pay\/api → pay\/db 5432\/TCP/);
    await console.until(/by egress of api: default deny of CNP pay\/deny-all/);
    await console.until(/Ingress of pay\/db\s+● allowed +allowed by rule\s+by +CNP pay\/db-clients ingress\[0\]/);
    expect(Math.max(...console.screen().map((line) => line.length))).toBeLessThanOrEqual(size.columns);
  });

  it('what would allow it is at its end, as YAML', async () => {
    console.press('G');
    await console.until(/│ +protocol: TCP/);
    await console.until(/adds CiliumNetworkPolicy pay\/allow-api-to-db-5432-egress/);
  });

  it('leads to who may reach the database, and from a row there to that pair and back to the row', async () => {
    console.press('r');
    await console.until(/── Who may reach pay\/db \d+ ─ ● live/);
    await console.until(/● \d+ allowed +✖ \d+ denied/);
    await filterBy(console, 'pay checkout');
    await console.until(/── Who may reach pay\/db \d+\/\d+ · \/pay checkout/);
    await console.until(() => /✖ denied.* pay +checkout.*5432\/TCP/.test(under(console)));
    console.press('v');
    await console.until(/✖ denied · pay\/checkout → pay\/db 5432\/TCP/);
    console.press('q');
    await console.until(() => /✖ denied.*checkout/.test(under(console)));
    console.press('esc');
    console.press('t');
    await console.until(/── Whom pay\/db may reach \d+ ─ ● live/);
    await console.until(/● allowed.*coredns/);
  });

  it('is computed anew when the policy changes under its eyes, and says what it was before', async () => {
    await go(console, ':why pay/api pay/db:5432');
    await console.until(/✖ denied · pay\/api → pay\/db/);
    const rules = await cluster.call('GET', denyAll).then(({ body }) => (body as Policy).spec.egress);
    try {
      await egress(null);
      await console.until(/● allowed · pay\/api → pay\/db 5432\/TCP/, 20_000);
      await console.until(/≈ before \d\d:\d\d:\d\d +✖ denied +when CNP pay\/deny-all was changed/);
    } finally {
      await egress(rules);
    }
    await console.until(/✖ denied · pay\/api → pay\/db 5432\/TCP/, 20_000);
  });

  it('v on a pod is who may reach it, on a policy its page, and on what has no connections says so', async () => {
    await go(console, ':po -n pay');
    await console.until(/── pods pay.*● live/);
    await filterBy(console, 'checkout');
    await console.until(() => /checkout-/.test(under(console)));
    console.press('v');
    await console.until(/── Who may reach pod\/pay\/checkout-.* ─ ● live/);
    await go(console, ':cm -n kube-system');
    await console.until(/── configmaps kube-system.*● live/);
    await console.until(() => under(console) !== '');
    console.press('v');
    await console.until(/a ConfigMap has no connections of its own/);
  });

  it('one end alone asks for the other; an end that is not there is said to be so', async () => {
    await go(console, ':why pay/db:5432');
    await console.until(/^who connects to pay\/db 5432\/TCP: /m);
    console.write('shop/nobody');
    await console.until(/^who connects to .*: shop\/nobody/m);
    console.press('enter');
    await console.until(/✖ no answer/);
    await console.until(/There is no pod, workload or service shop\/nobody\./);
    await go(console, ':why pay/api pay/db:postgres');
    await console.until(/"postgres" is no port: 5432, 53\/UDP/);
  });

  it('the page of a namespace says whether its pods may ask for names', async () => {
    await go(console, ':ns pay');
    await console.until(/── Namespace pay/);
    await console.until(/● port 53 allowed for all \d+ workloads/, 20_000);
    await go(console, ':ns all');
  });

  it('without ends it is all that is wrong', async () => {
    await go(console, ':why');
    await console.until(/── 6 Troubleshoot/);
    console.press('0');
    await console.until('Wrong now');
  });
});

type Policy = { spec: { egress: unknown } };
