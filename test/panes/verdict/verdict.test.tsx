import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import type { PolicyAsks, VerdictReport } from '../../../src/model/policies/policy-asks.ts';
import { VerdictScreen } from '../../../src/panes/verdict/VerdictScreen.tsx';
import { crashLooping, minutes, now, put, snapshotOf } from '../fixtures/cluster.ts';
import { frameOf, noAsks, noRoad } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';
import { cnp, open as free, mend, pair, policyAsks, shut, verdictReport } from '../fixtures/policies.ts';

let app: Mounted | undefined;
afterEach(() => app?.close());

const args = ['shop/checkout', 'shop/db', '5432/TCP'];
const asking = (verdict: PolicyAsks['verdict'], given: readonly string[] = args, columns = 80, rows = 60) => {
  app = mount(
    VerdictScreen,
    snapshotOf(),
    frameOf(columns, rows, { args: given }),
    noAsks,
    noRoad,
    policyAsks({ verdict }),
  );
  return app;
};
const told = (report: VerdictReport, columns = 80, rows = 60) => asking(async () => report, args, columns, rows);
const page = async (report: VerdictReport, columns = 80) =>
  (await told(report, columns).until(/Ingress of/)).split('\n').map((line) => line.trimEnd());

describe('the verdict page', () => {
  it('says first whether they may talk and by what that was decided', async () => {
    const [title, answer, by] = await page(verdictReport());
    expect(title).toMatch(/^── Why shop\/checkout → shop\/db 5432\/TCP ─ ● live ─+$/);
    expect(answer).toBe('▸  ✖ denied · shop/checkout → shop/db 5432/TCP');
    expect(by).toBe('     by ingress of db: default deny of CNP shop/db-clients and 1 more');
  });

  it('then each direction: reason, who isolates, and what almost let it through with what differed', async () => {
    const text = (await page(verdictReport())).join('\n');
    expect(text).toMatch(/ Egress of shop\/checkout\n +● allowed +not isolated\n/);
    expect(text).toContain(
      [
        ' Ingress of shop/db',
        '   ✖ denied    default deny',
        '   isolated by CNP shop/db-clients',
        '               NP shop/default-deny-ingress',
        '   nearly      CNP shop/db-clients ingress[0]',
        '               wants app=api (it has checkout)',
        '               from pods app=api, to 5432/TCP',
      ].join('\n'),
    );
  });

  it('names the deciding rule as a sentence, and isolation only where it says more than the rule', async () => {
    const rules = [{ policy: cnp('shop', 'db-clients'), path: 'ingress[1]', text: 'denies from anybody to 5432/TCP' }];
    const denied = { ...shut, reason: 'denied by rule', rules, nearMisses: [] };
    const text = (await page(verdictReport({ answers: [pair({ ingress: denied, mend: [] })] }))).join('\n');
    expect(text).toContain('by ingress of db: denied by rule of CNP shop/db-clients ingress[1]');
    expect(text).toMatch(/by +CNP shop\/db-clients ingress\[1\]\n +denies from anybody to 5432\/TCP\n +isolated by NP/);
    expect(text).toContain('What would allow it · nothing that can be offered');
    expect(text).toMatch(/CNP shop\/db-clients ingress\[1\] denies it: no rule that allows changes that/);
  });

  it('of what is allowed tells both directions and the part of layer 7, and offers no change', async () => {
    const rules = [
      { policy: cnp('shop', 'db-clients'), path: 'ingress[0]', text: 'from pods app=checkout to 5432/TCP' },
    ];
    const allowed = { ...free, reason: 'allowed by rule', rules };
    const l7 = 'HTTP is looked at by a proxy: only GET /api gets through.';
    const text = (
      await page(verdictReport({ answers: [pair({ verdict: 'allow', ingress: allowed, l7, mend: [] })] }))
    ).join('\n');
    expect(text).toContain('● allowed · shop/checkout → shop/db 5432/TCP');
    expect(text).toContain('egress of checkout: not isolated · ingress of db: allowed by rule of CNP');
    expect(text).toMatch(/layer 7 +HTTP is looked at by a proxy/);
    expect(text).not.toContain('What would allow it');
  });

  it('of what is unknown says why, and never more', async () => {
    const unknown = {
      ...free,
      verdict: 'unknown' as const,
      reason: 'unknown',
      doubts: ['the labels of shop/db are not known yet'],
    };
    const lines = await page(
      verdictReport({
        answers: [pair({ verdict: 'unknown', ingress: unknown, mend: [] })],
        unread: ['CiliumIdentities are still being read: 340 of 1,200'],
      }),
    );
    expect(lines[1]).toContain('○ unknown · shop/checkout → shop/db 5432/TCP');
    expect(lines[2]).toContain('not known: the labels of shop/db are not known yet');
    expect(lines[3]).toContain('▲ CiliumIdentities are still being read: 340 of 1,200');
    expect(lines.join('\n')).toMatch(/○ unknown +unknown\n +not known +the labels of shop\/db/);
    expect(lines.join('\n')).not.toContain('What would allow it');
  });

  it('tells many sources with the same trouble in one sentence', async () => {
    const doubts = ['networkpolicies may not be listed', 'ciliumnetworkpolicies may not be listed', 'x is not y'];
    const unknown = { ...free, verdict: 'unknown' as const, reason: 'not known', doubts };
    const answers = [pair({ verdict: 'unknown', egress: unknown, ingress: unknown, mend: [] })];
    const text = (await page(verdictReport({ answers, unread: ['pods are still being read', ...doubts] }), 120)).join(
      '\n',
    );
    expect(text).toContain('not known: networkpolicies and ciliumnetworkpolicies may not be listed\n');
    expect(text).toMatch(
      /▲ pods are still being read\n +▲ networkpolicies and ciliumnetworkpolicies may not be listed\n/,
    );
    expect(text).toMatch(
      /not known +networkpolicies and ciliumnetworkpolicies may not be listed\n +not known +x is not y/,
    );
  });

  it('of another network than Cilium says that it only knows what Cilium would do', async () => {
    const finding = { ...crashLooping, id: 'cluster/not-cilium' };
    const asks = policyAsks({ verdict: async () => verdictReport() });
    app = mount(VerdictScreen, snapshotOf({ findings: [finding] }), frameOf(80, 40, { args }), noAsks, noRoad, asks);
    await app.until(/▲ The network of this cluster is not Cilium: this is what Cilium would do\./);
  });

  it('puts the verdict before an edit beside the one of now, marked as worked out with pods of today', async () => {
    const earlier = [{ before: now - minutes(4), policy: cnp('shop', 'db-clients'), verdict: 'allow' as const }];
    const text = (await page(verdictReport({ answers: [pair({ earlier })] }))).join('\n');
    expect(text).toContain(
      [
        " Then and now · ≈ today's pods under the policies of then",
        '     now              ✖ denied',
        '   ≈ before 12:00:00  ● allowed  when CNP shop/db-clients was changed',
      ].join('\n'),
    );
  });

  it('shows a proposed change as YAML; of a policy that is there only what is added to it', async () => {
    const whole = (await page(verdictReport())).join('\n');
    expect(whole).toMatch(
      /1 adds checkout to ingress\[0\].*\n +│ apiVersion: cilium.io\/v2\n +│ kind: CiliumNetworkPolicy/,
    );
    app?.close();
    const rule = { fromEndpoints: [{ matchLabels: { app: 'check\u001b[31mout' } }] };
    const adds = { ref: cnp('shop', 'db-clients'), at: 'spec.ingress', rule };
    const part = (await page(verdictReport({ answers: [pair({ mend: [{ ...mend, adds }] })] }))).join('\n');
    expect(part).toMatch(/│ # at the end of spec.ingress:\n +│ - fromEndpoints:\n +│ +- matchLabels:/);
    expect(part).not.toContain('apiVersion');
    expect(part).not.toContain('\u001b[31m');
  });

  it.for([20, 40, 80, 200])('fits into %d columns', async (columns) => {
    const long = 'a-namespace-with-a-very-long-name/a-workload-with-a-name-that-is-even-longer-than-that';
    const report = verdictReport({ answers: [pair({ from: `12 pods of Deployment ${long}`, to: `pod ${long}-0` })] });
    app = mount(
      VerdictScreen,
      snapshotOf(),
      frameOf(columns, 30, { args: [long, long, '5432/TCP'] }),
      noAsks,
      noRoad,
      policyAsks({ verdict: async () => report }),
    );
    await app.until(/denied/);
    expect(Math.max(...app.lines().map((line) => line.length))).toBeLessThanOrEqual(columns);
    if (columns >= 80) expect(app.lines()[0]).toContain('● live');
  });
});

describe('several answers', () => {
  const metrics = { port: 9187, protocol: 'TCP', other: false } as const;
  const several = verdictReport({
    answers: [pair(), pair({ port: metrics, verdict: 'allow', ingress: free, mend: [] })],
  });

  it('are listed, one of them told in full, and ⏎ tells another', async () => {
    const mounted = told(several);
    await mounted.until(/◆ ✖ denied {2}shop\/checkout → shop\/db 5432\/TCP · 3 pods to 2 pods/);
    await mounted.until(/ {2}● allowed shop\/checkout → shop\/db 9187\/TCP/);
    await mounted.press('/9187', 'enter');
    await mounted.press('esc');
    await mounted.until(/◆ ● allowed shop\/checkout → shop\/db 9187\/TCP/);
    expect(mounted.lines()[1]).toContain('● allowed · shop/checkout → shop/db 9187/TCP');
    expect(mounted.lines().join('\n')).not.toContain('What would allow it');
  });
});

describe('under the fingers', () => {
  it('opens the policy under the cursor, its YAML too', async () => {
    const mounted = told(verdictReport());
    await mounted.until(/isolated by/);
    await mounted.press('/isolated by', 'enter');
    expect(mounted.told.went.at(-1)).toEqual({ pane: 'policy', args: ['CiliumNetworkPolicy', 'shop', 'db-clients'] });
    await mounted.press('y');
    expect(mounted.told.went.at(-1)?.args).toEqual(['CiliumNetworkPolicy', 'shop', 'db-clients', 'yaml']);
    await mounted.press('e');
    expect(mounted.told.went.at(-1)).toEqual({
      pane: 'what-if',
      args: ['edit', 'CiliumNetworkPolicy', 'shop', 'db-clients'],
    });
  });

  it('hands a change over to what if, from its lines and by its own key', async () => {
    const mounted = told(verdictReport());
    await mounted.until(/What would allow it/);
    const wanted = { pane: 'what-if', args: ['mend', mend.what, mend.yaml] };
    expect(await mounted.press('m')).toBe('ran');
    expect(mounted.told.went.at(-1)).toEqual(wanted);
    await mounted.press('/adds', 'enter', 'c');
    expect(mounted.told.went.at(-1)).toEqual(wanted);
    expect(mounted.told.copied.at(-1)).toBe(mend.yaml);
  });

  it('says why there is no change to try', async () => {
    const mounted = told(verdictReport({ answers: [pair({ verdict: 'allow', ingress: free, mend: [] })] }));
    await mounted.until(/allowed ·/);
    expect(await mounted.press('m')).toBe('it is allowed already');
  });

  it('copies the page as one reads it', async () => {
    const mounted = told(verdictReport());
    await mounted.until(/denied ·/);
    await mounted.press('c');
    expect(mounted.told.copied.at(-1)).toMatch(/^ {2}✖ denied · shop\/checkout → shop\/db 5432\/TCP\n/);
  });

  it('goes on to who may reach the one, and whom the other may reach', async () => {
    const mounted = told(verdictReport());
    await mounted.until(/denied ·/);
    await mounted.press('r', 'R');
    expect(mounted.told.went).toEqual([
      { pane: 'reach', args: ['shop/db', 'ingress'] },
      { pane: 'reach', args: ['shop/checkout', 'egress'] },
    ]);
  });
});

describe('how the answer is doing', () => {
  it('is computing before the first answer, and says what is still being read', async () => {
    const links = { pods: { phase: 'loading', heard: now, loaded: 3_400, expected: 100_000 } } as const;
    app = mount(
      VerdictScreen,
      snapshotOf({ links }),
      frameOf(80, 20, { args }),
      noAsks,
      noRoad,
      policyAsks({ verdict: () => new Promise(() => {}) }),
    );
    await app.until(/◐ computing · loading 3,400 of ~100,000/);
    await app.until(/◐ Working it out/);
  });

  it('says what is wrong with the question in the words of whoever could not answer it, and what to try', async () => {
    const mounted = asking(() =>
      Promise.reject(new UserError('There is no namespace shpo.', 'There is shop.', 'missing')),
    );
    await mounted.until(/✖ no answer/);
    await mounted.until(/✖ There is no namespace shpo. There is shop./);
  });

  it('does not say that an end is not there while it may still be read', async () => {
    const links = { pods: { phase: 'loading', heard: now, loaded: 3_400, expected: 100_000 } } as const;
    const asks = policyAsks({ verdict: () => Promise.reject(new UserError('There is no namespace shop.')) });
    app = mount(VerdictScreen, snapshotOf({ links }), frameOf(100, 20, { args }), noAsks, noRoad, asks);
    await app.until(/◐ no answer so far · loading 3,400 of ~100,000/);
    await app.until(/◐ There is no namespace shop\. Not everything has been read yet\./);
  });

  it('says what cannot be understood without asking anybody', async () => {
    const mounted = asking(() => Promise.reject(new Error('asked')), ['a/b', 'c/d', '99999']);
    await mounted.until(/not understood.*"99999" is no port/s);
  });

  it('is computed anew when a policy changes; the old answer stays until then', async () => {
    const answers = [
      verdictReport(),
      verdictReport({ answers: [pair({ verdict: 'allow', ingress: free, mend: [] })] }),
    ];
    let count = 0;
    const mounted = asking(async () => answers[count++] ?? (answers[1] as VerdictReport));
    await mounted.until(/✖ denied ·/);
    const policy = { metadata: { name: 'p', namespace: 'shop', uid: 'u' }, spec: { podSelector: {} } };
    const told = { type: 'policies', put: [], remove: [], revision: 1 } as const;
    mounted.show(snapshotOf({ changes: [put('networkPolicies', [policy]), told] }));
    expect(mounted.lines().join('\n')).toContain('✖ denied ·');
    await mounted.until(/● allowed ·/);
    expect(count).toBe(2);
  });

  it('finds an end that was not there when it was first asked about, however long that took', async () => {
    let count = 0;
    const mounted = asking(async () => {
      count += 1;
      if (count > 1) return verdictReport();
      // The worker was busy with its first lists.
      await new Promise((resolve) => setTimeout(resolve, 400));
      throw new UserError('There is no namespace shop.');
    });
    await mounted.until(/There is no namespace shop/);
    const namespace = { metadata: { name: 'shop', uid: 'shop' }, status: { phase: 'Active' } };
    mounted.show(snapshotOf({ changes: [put('namespaces', [namespace])] }));
    await mounted.until(/✖ denied ·/);
  });

  it('keeps the old answer, dimmed and dated, when it cannot be computed anew', async () => {
    let count = 0;
    const mounted = asking(async () => {
      count += 1;
      if (count > 1) throw new UserError('The worker has gone.');
      return verdictReport();
    });
    await mounted.until(/✖ denied ·/);
    await mounted.press('ctrl-r');
    await mounted.until(/✖ failed · ≈ computed 12:04:00.*▲ Not computed anew: The worker has gone\./s);
    expect(mounted.lines().join('\n')).toContain('✖ denied ·');
  });

  it('of lists that are stale says since when, and of when the answer is', async () => {
    app = mount(
      VerdictScreen,
      snapshotOf({ links: { pods: { phase: 'stale', heard: now - 42_000 } } }),
      frameOf(100, 20, { args }),
      noAsks,
      noRoad,
      policyAsks({ verdict: async () => verdictReport() }),
    );
    await app.until(/▲ stale 42s · ≈ computed 12:04:00/);
  });

  it('is cancelled when the page is left', async () => {
    let aborted = false;
    const mounted = asking((_, signal) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise(() => {});
    });
    await mounted.until(/computing/);
    mounted.close();
    expect(aborted).toBe(true);
  });
});
