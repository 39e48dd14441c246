import { afterEach, describe, expect, it } from 'vitest';
import type { PolicyReport } from '../../../src/model/policies/policy-asks.ts';
import { apply } from '../../../src/model/snapshot.ts';
import { PolicyScreen } from '../../../src/panes/policy/PolicyScreen.tsx';
import { now } from '../fixtures/cluster.ts';
import { frameOf, noAsks, noRoad } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';
import { answering, db, dbReport, policiesOf } from '../policies/given.ts';

let app: Mounted | undefined;
afterEach(() => app?.close());

function open(
  report: PolicyReport | Promise<PolicyReport> = dbReport,
  columns = 80,
  args: readonly string[] = Object.values(db),
): Mounted {
  app = mount(
    PolicyScreen,
    policiesOf(),
    frameOf(columns, 40, { args }),
    noAsks,
    noRoad,
    answering({ policy: async () => report }),
  );
  return app;
}
const text = (mounted: Mounted) =>
  mounted
    .lines()
    .map((line) => line.trimEnd())
    .join('\n');

describe('a policy', () => {
  it('is whether it holds, what is wrong, its rules in sentences, whom it is about, how it was', async () => {
    const mounted = open();
    await mounted.until(/Rules/);
    expect(text(mounted).trimEnd().split('\n')).toEqual([
      `── Policy · CNP shop/db ─ ● live ${'─'.repeat(47)}`,
      '▸  ● in force',
      '   selects   3 pods: pods app=db in namespace shop',
      '   isolates  3 in ingress',
      '   changed   4d ago by kubectl-edit · Feb 28 · spec.ingress',
      '   created   5d ago · generation 3',
      '',
      ' Wrong with it · 1',
      '   ▲ ingress[0].toPorts[0] named-port-missing',
      '       no pod that it selects has a port http',
      '       mend: Name a port that the pods declare.',
      '',
      ' Rules',
      '   ingress[0]      from pods app=checkout in namespace shop, to 5432/TCP',
      '   ingressDeny[0]  denies any node',
      '',
      ' Whom it is about · 2 workloads; enter tells who may reach them',
      '   StatefulSet shop/db  2 pods',
      '   StatefulSet shop/db-replica  1 pod',
      '',
      ' Before · only what was seen since we watch, and what the object says itself',
      '   Feb 28    edited   spec.ingress · kubectl-edit',
      '   Feb 27    created',
      '   until 12:00:00Z, changed by kubectl-edit',
      '     ingress[0]: from pods app=api',
    ]);
  });

  it.each<[string, Partial<PolicyReport>, RegExp]>([
    [
      'that is refused says why and that nothing holds',
      { inForce: 'no', why: 'egress[0]: no' },
      /✖ not in force[\s\S]*egress\[0\]: no[\s\S]*Rules · as written: none of them holds/,
    ],
    ['of a version nobody serves', { inForce: 'no' }, /does not serve this version/],
    [
      'of which nobody knows',
      { inForce: 'unknown', why: 'no agent has said so' },
      /○ unknown whether[\s\S]*no agent has said so/,
    ],
    [
      'that selects nobody',
      { selects: 0, about: [], subjects: [], isolates: { ingress: 0, egress: 0 } },
      /selects {3}0 pods\n {3}isolates {2}none[\s\S]*No pod: there is nobody/,
    ],
    [
      'of which nobody can tell whom it selects',
      { selects: -1, subjects: [] },
      /nobody can tell which pods[\s\S]*Nobody can tell yet/,
    ],
    [
      'that isolates by itself',
      { rules: [{ path: '', direction: 'ingress', text: 'isolates in ingress, allows nothing' }] },
      /policyTypes {2}isolates in ingress/,
    ],
  ])('%s', async (_name, more, said) => {
    const mounted = open({ ...dbReport, ...more });
    await mounted.until(/Rules/);
    expect(text(mounted)).toMatch(said);
  });

  it('breaks long sentences behind their path', async () => {
    const long = `from pods ${'app=checkout '.repeat(12)}to 5432/TCP`;
    const mounted = open({ ...dbReport, rules: [{ path: 'ingress[0]', direction: 'ingress', text: long }] }, 60);
    await mounted.until(/Rules/);
    expect(text(mounted)).toMatch(/ingress\[0\] {2}from pods app=checkout.*\n {15}app=checkout/);
  });

  it('says that it works it out, why it could not, and when it is gone', async () => {
    await open(new Promise<PolicyReport>(() => {})).until(/computing/);
    app?.close();
    await open(Promise.reject(new Error('There is no CiliumNetworkPolicy shop/db.'))).until(
      /There is no CiliumNetworkPolicy/,
    );
    app?.close();
    await open(dbReport, 80, ['Pod', 'shop', 'db']).until(/none named/);
    app?.close();
    const mounted = open();
    await mounted.until(/Rules/);
    const before = policiesOf();
    const [row] = before.tables.ciliumNetworkPolicies.rows.values();
    mounted.show(
      apply(before, [{ type: 'remove', kind: 'ciliumNetworkPolicies', uids: [row?.uid ?? ''], at: now }], now),
    );
    await mounted.until(/▲ deleted since/);
    expect(text(mounted)).toContain('Rules');
  });

  it('leads to who may reach whom it is about, to its YAML, and to what a change would do', async () => {
    const mounted = open();
    await mounted.until(/Rules/);
    await mounted.press('v', '/replica', 'enter', 'v', 'esc', 'y', 'e', 'x', 'd');
    expect(mounted.told.went).toEqual([
      { pane: 'reach', args: ['sts/shop/db', 'ingress'] },
      { pane: 'reach', args: ['sts/shop/db-replica', 'ingress'] },
      { pane: 'reach', args: ['sts/shop/db-replica', 'ingress'] },
      { pane: 'object', args: ['StatefulSet', 'shop', 'db-replica', 'yaml'] },
      { pane: 'what-if', args: ['edit', 'CiliumNetworkPolicy', 'shop', 'db'] },
      { pane: 'what-if', args: ['delete', 'CiliumNetworkPolicy', 'shop', 'db'] },
    ]);
  });
});
