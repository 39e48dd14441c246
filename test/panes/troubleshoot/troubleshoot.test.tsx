import { afterEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/model/finding.ts';
import { TroubleshootScreen } from '../../../src/panes/troubleshoot/TroubleshootScreen.tsx';
import { crashLooping, mixedVersions, sickObjects, snapshotOf } from '../fixtures/cluster.ts';
import { draw, frameOf } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';

const sick = (findings: readonly Finding[] = [crashLooping, mixedVersions]) =>
  snapshotOf({ objects: sickObjects(), findings });
const page = (snapshot = sick(), columns = 80) =>
  draw(TroubleshootScreen, snapshot, frameOf(columns, 40)).map((line) => line.trimEnd());

describe('pane 6', () => {
  it('says of a verdict that nothing was judged yet, or only a part', () => {
    const snapshot = snapshotOf({});
    const judgement = { ...snapshot.judgement, findings: [], notLookedAt: [], waiting: [] };
    const unjudged = page({ ...snapshot, judgement: { ...judgement, looked: 0, of: 0 } }).join('\n');
    expect(unjudged).toMatch(/Wrong now · nothing judged yet/);
    expect(unjudged).toMatch(/Not looked at · no check has looked yet/);
    const notLookedAt = [{ id: 'nodes/not-ready', reason: 'loading nodes' }];
    const part = page({ ...snapshot, judgement: { ...judgement, looked: 33, of: 34, notLookedAt } }).join('\n');
    expect(part).toMatch(/Wrong now · nothing in what was looked at/);
    const whole = page({ ...snapshot, judgement: { ...judgement, looked: 34, of: 34 } }).join('\n');
    expect(whole).toMatch(/Wrong now · nothing\n/);
    expect(whole).toMatch(/Not looked at · every check looked/);
  });

  it('without a finding is the whole verdict, with what was not looked at and the reason', () => {
    const snapshot = sick();
    const judgement = {
      ...snapshot.judgement,
      looked: 33,
      waiting: [
        {
          id: 'agents/operator-without-leader',
          title: 'Nobody leads the operators',
          object: { kind: 'Lease', namespace: 'kube-system', name: 'cilium-operator-resource-lock' },
          count: 2,
          knownAt: snapshot.judgement.at + 45_000,
        },
      ],
      notLookedAt: [{ id: 'nodes/not-ready', reason: 'forbidden: list nodes' }],
    };
    const text = page({ ...snapshot, judgement }).join('\n');
    expect(text).toMatch(/6 Troubleshoot ─ ✖ 2 wrong · 33 of 34 checks looked/);
    expect(text).toMatch(/✖ 2 of 12 agents crash-loop/);
    expect(text).toMatch(/▲ cilium mixed 1.18.6 ×10, 1.18.9 ×2: rollout stands still +3m +2 nodes/);
    expect(text).toMatch(/Being watched · 2 that may be moments/);
    expect(text).toMatch(/◐ Nobody leads the operators · known in 45s · Lease kube-system\/cilium-op/);
    expect(text).toMatch(/Not looked at · 1 of 34 checks\n +○ nodes\/not-ready +forbidden: list nodes/);
  });

  it('sets in what is another way in which the trouble above shows, and counts the trouble once', () => {
    const text = page(sick([crashLooping, { ...mixedVersions, beside: 'x' }])).join('\n');
    expect(text).toMatch(/✖ 1 wrong/);
    expect(text).toMatch(/└ ▲ cilium mixed/);
  });

  it('says once what keeps several checks from looking, and names them all', () => {
    const snapshot = sick();
    const notLookedAt = ['a/one', 'b/two', 'c/three'].map((id) => ({ id, reason: 'forbidden: list nodes' }));
    const text = page({ ...snapshot, judgement: { ...snapshot.judgement, looked: 31, notLookedAt } }).join('\n');
    expect(text).toMatch(
      /Not looked at · 3 of 34 checks\n +○ forbidden: list nodes · 3 checks\n +a\/one, b\/two, c\/three/,
    );
  });

  it('tells new from standing, and what is over by now', () => {
    const snapshot = sick();
    const { at } = snapshot.judgement;
    const judgement = {
      ...snapshot.judgement,
      since: at - 600_000,
      findings: [
        { ...crashLooping, since: at - 30_000, told: at },
        { ...mixedVersions, since: 0, told: at - 60_000 },
        { ...mixedVersions, id: 'nodes/windows', title: 'nodes run Windows', since: 0, told: at - 600_000 },
      ],
      cleared: [{ finding: { ...crashLooping, title: 'DNS was down', since: at - 900_000 }, at: at - 180_000 }],
    };
    const text = page({ ...snapshot, judgement }).join('\n');
    expect(text).toMatch(/Wrong now · 3, 2 new/);
    expect(text).toMatch(/✖ new 2 of 12 agents crash-loop/);
    expect(text).toMatch(/▲ new cilium mixed/);
    expect(text).toMatch(/▲ nodes run Windows/);
    expect(text).toMatch(/● DNS was down · over for 3m, stood 12m/);
  });

  it('calls nothing of it now while nothing of now is heard', () => {
    const heard = sick().judgement.at - 46_000;
    const stale = { phase: 'stale', heard, problem: 'https://x refuses connections.' } as const;
    const given = { objects: sickObjects(), links: { systemPods: stale } };
    const text = page(snapshotOf({ ...given, findings: [crashLooping] })).join('\n');
    expect(text).toMatch(/6 Troubleshoot ─ ▲ as of \d+s ago: 1 wrong · /);
    expect(text).toMatch(/Wrong as of \d+s ago · 1/);
  });

  it.each([40, 80, 120, 200])('fits %i columns', (columns) => {
    const lines = draw(TroubleshootScreen, sick(), frameOf(columns, 40));
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
    expect(lines.join('\n')).toContain('└');
  });
});

describe('pane 6, under the fingers', () => {
  let app: Mounted | undefined;
  afterEach(() => app?.close());
  const open = () => {
    app = mount(TroubleshootScreen, sick(), frameOf(80, 40));
    return app;
  };

  it('goes from finding to finding and opens why', async () => {
    const mounted = open();
    await mounted.press('n', 'v', 'n', 'enter');
    expect(mounted.told.went).toEqual([
      { pane: 'why', args: ['agents/crash-looping|Pod|kube-system|cilium-jx7k2'] },
      { pane: 'why', args: [expect.stringMatching(/^agents\/mixed-versions|cluster/)] },
    ]);
  });

  it('on its heading is about the first finding', async () => {
    const mounted = open();
    await mounted.press('v');
    expect(mounted.told.went).toEqual([{ pane: 'why', args: ['agents/crash-looping|Pod|kube-system|cilium-jx7k2'] }]);
  });

  it('copies a finding whole', async () => {
    const mounted = open();
    await mounted.press('n', 'c');
    expect(mounted.told.copied.join('')).toMatch(/^2 of 12 agents crash-loop.*next: /s);
  });

  it('says on a line without a finding why nothing can be done there', async () => {
    expect(await open().press('G', 'v')).toBe('there is no finding on this line');
  });
});
