import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import type { PolicyAsks, ReachReport } from '../../../src/model/policies/policy-asks.ts';
import { ReachScreen } from '../../../src/panes/reach/ReachScreen.tsx';
import { snapshotOf } from '../fixtures/cluster.ts';
import { frameOf, noAsks, noRoad } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';
import { policyAsks, reachReport } from '../fixtures/policies.ts';

let app: Mounted | undefined;
afterEach(() => app?.close());

const asking = (
  reach: PolicyAsks['reach'],
  args: readonly string[] = ['shop/web', 'ingress'],
  columns = 80,
  rows = 20,
) => {
  app = mount(ReachScreen, snapshotOf(), frameOf(columns, rows, { args }), noAsks, noRoad, policyAsks({ reach }));
  return app;
};
const told = (report: ReachReport = reachReport, args?: readonly string[], columns = 80) =>
  asking(async () => report, args, columns);

describe('the reach page', () => {
  it('lists those that get through first, and counts all', async () => {
    const text = await told(reachReport, undefined, 120).until(/gateway/);
    const [title, tabs, heading, ...rows] = text.split('\n').map((line) => line.trimEnd());
    expect(title).toMatch(/^── Who may reach shop\/web 4 ─ ● live/);
    expect(tabs).toMatch(/^ {2}may reach it {3}it may reach {4}● 1 allowed {3}○ 1 unknown {3}✖ 2 denied$/);
    expect(heading).toMatch(/VERDICT +KIND +NAMESPACE +NAME +PODS +PORT +DECIDED BY/);
    expect(rows.slice(0, 4).map((row) => row.split(/\s{2,}/).join(' '))).toEqual([
      expect.stringMatching(/^▸ ● allowed deploy shop gateway 2 8080\/TCP NP shop\/web ingress\[0\]$/),
      expect.stringMatching(/○ unknown deploy shop cart 1 8080\/TCP$/),
      expect.stringMatching(/✖ denied deploy pay batch 4 8080\/TCP default deny by/),
      expect.stringMatching(/✖ denied Entity world 8080\/TCP default deny by/),
    ]);
  });

  it('says of what is allowed because nothing decides that nothing does', async () => {
    const rows = reachReport.rows.map((row) => ({ ...row, verdict: 'allow' as const, decidedBy: '' }));
    await told({ ...reachReport, rows }, undefined, 120).until(/gateway .*no policy isolates either/);
  });

  it('says in a word at 80 columns what may not be read', async () => {
    const decidedBy = 'ciliumclusterwidenetworkpolicies may not be listed, ciliumcidrgroups may not be listed';
    const rows = reachReport.rows.map((row) => ({ ...row, verdict: 'unknown' as const, decidedBy }));
    const text = await told({ ...reachReport, rows }).until(/gateway/);
    expect(text).toMatch(/gateway .*CCNP not read/);
    expect(text).not.toContain('ciliumclusterwide');
  });

  it('⏎ and v ask why of that pair, in its direction and on its port', async () => {
    const mounted = told();
    await mounted.until(/gateway/);
    await mounted.press('enter', 'G', 'v');
    expect(mounted.told.went).toEqual([
      { pane: 'verdict', args: ['deploy/shop/gateway', 'shop/web', '8080/TCP'] },
      { pane: 'verdict', args: ['entity:world', 'shop/web', '8080/TCP'] },
    ]);
    mounted.close();
    const out = told({ ...reachReport, direction: 'egress' }, ['shop/web', 'egress']);
    await out.until(/Whom shop\/web may reach.*gateway/s);
    await out.press('enter');
    expect(out.told.went).toEqual([{ pane: 'verdict', args: ['shop/web', 'deploy/shop/gateway', '8080/TCP'] }]);
  });

  it('z leaves what is not allowed, / the words of a verdict', async () => {
    const mounted = told();
    await mounted.until(/gateway/);
    await mounted.press('z');
    expect(mounted.lines().join('\n')).not.toContain('gateway');
    await mounted.press('z', '/unknown');
    await mounted.until(/cart/);
    expect(mounted.lines().join('\n')).not.toContain('batch');
    await mounted.press('/nosuchthing');
    await mounted.until(/None of 4 rows matches.*esc clears it/s);
  });

  it('turns to the other direction', async () => {
    const became: (readonly string[])[] = [];
    const frame = frameOf(80, 20, { args: ['shop/web', 'ingress'], become: (args) => became.push(args) });
    app = mount(ReachScreen, snapshotOf(), frame, noAsks, noRoad, policyAsks({ reach: async () => reachReport }));
    await app.until(/gateway/);
    await app.press('t');
    expect(became).toEqual([['shop/web', 'egress']]);
  });

  it('asks nothing while nobody is named, and says what could be', async () => {
    const mounted = asking(() => Promise.reject(new Error('asked')), []);
    await mounted.until(/nobody is named/);
    await mounted.until(/i asks whose: a pod, workload or service \(shop\/db\)/);
    expect(await mounted.press('t')).toMatch(/nobody is named yet/);
  });

  it('says that it is computing, that there is nobody, and what could not be answered', async () => {
    await asking(() => new Promise(() => {})).until(/◐ computing.*Working it out/s);
    app?.close();
    await told({ ...reachReport, rows: [] }).until(/There is nobody who could reach shop\/web/);
    app?.close();
    const failing = asking(() => Promise.reject(new UserError('There is no pod, workload or service shop/wbe.')));
    await failing.until(/✖ no answer.*There is no pod, workload or service shop\/wbe/s);
  });

  it('keeps rows of one name apart', async () => {
    const [row] = reachReport.rows;
    const rows = [row, { ...row, pods: 7 }] as ReachReport['rows'];
    const mounted = told({ ...reachReport, rows });
    await mounted.until(/batch.*\n.*batch/);
  });

  it.for([20, 80, 200])('fits into %d columns', async (columns) => {
    const name = 'a-workload-with-a-name-that-is-longer-than-any-column-of-any-terminal';
    const rows = reachReport.rows.map((row) => ({ ...row, name, namespace: `a-team-${name}` }));
    const mounted = told({ ...reachReport, rows }, [`shop/${name}`, 'ingress'], columns);
    await mounted.until(/allowed/);
    expect(Math.max(...mounted.lines().map((line) => line.length))).toBeLessThanOrEqual(columns);
    if (columns > 20) expect(mounted.lines()[0]).toContain('● live');
  });
});
