import { afterEach, describe, expect, it } from 'vitest';
import type { MapReport } from '../../../src/model/policies/policy-asks.ts';
import { MapScreen } from '../../../src/panes/policies/MapScreen.tsx';
import type { Frame } from '../../../src/ui/pane.ts';
import { now } from '../fixtures/cluster.ts';
import { frameOf, noAsks, noRoad } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';
import { answering, large, policiesOf, small } from './given.ts';

let app: Mounted | undefined;
afterEach(() => app?.close());

function open(report: MapReport | Promise<MapReport>, columns = 80, rows = 20, more: Partial<Frame> = {}): Mounted {
  app = mount(
    MapScreen,
    policiesOf(),
    frameOf(columns, rows, more),
    noAsks,
    noRoad,
    answering({ map: async () => report }),
  );
  return app;
}
const trimmed = (mounted: Mounted) => mounted.lines().map((line) => line.trimEnd());

describe('the map of namespaces', () => {
  it('is a matrix with a legend, the cell under the cursor in words, and the moment it is of', async () => {
    const mounted = open(small);
    await mounted.until(/FROM/);
    const lines = trimmed(mounted);
    expect(lines.slice(0, 6)).toEqual([
      `── Policy map 3 · as of 12:03:53 ─ ● live ${'─'.repeat(38)}`,
      '  list 3   map   lint ▲ 1',
      '  FROM \\ TO   kube-system  pay          shop',
      '▸ kube-system ●            ●            ●',
      '  pay         ●            ✖            ✖',
      '  shop        ●            ▲            ·',
    ]);
    expect(lines.slice(-2)).toEqual([
      ' kube-system → kube-system  ● allowed  every workload, on every declared port',
      ' ● 5 allowed  ▲ 1 partly  ✖ 2 denied  ○ 0 unknown  · no two pods',
    ]);
  });

  it('of one namespace has two columns: who may reach it, and whom it may reach', async () => {
    const mounted = open(small, 80, 20, { scope: 'shop' });
    await mounted.until(/NAMESPACE/);
    expect(trimmed(mounted).slice(2, 5)).toEqual([
      '  NAMESPACE   to shop    from shop',
      '▸ kube-system ●          ●',
      '  pay         ✖          ▲',
    ]);
    expect(mounted.lines()[0]).toContain('ns:shop');
  });

  it.each([
    [80, 20],
    [120, 36],
    [200, 56],
    [40, 5],
  ])('of 500 namespaces fits %i×%i and says how much lies beyond', async (columns, rows) => {
    const mounted = open(large(500), columns, rows);
    await mounted.until(/team-000/);
    const lines = mounted.lines();
    expect(lines.length).toBeLessThanOrEqual(rows);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    if (columns > 40) expect(lines[0]).toMatch(/↓ 4\d\d → 4\d\d more/);
  });

  it('says that it computes, and why there is none', async () => {
    expect(await open(new Promise<MapReport>(() => {})).until(/computing/)).toContain('Working it out');
    app?.close();
    expect(await open(Promise.reject(new Error('no pods are known'))).until(/no answer/)).toContain(
      'no pods are known',
    );
    app?.close();
    expect(await open({ namespaces: [], rows: [], at: now }).until(/nothing to ask/)).toContain('no two pods');
  });
});

describe('the map under the fingers', () => {
  const at = async (mounted: Mounted, pair: RegExp) => mounted.until(pair);

  it('goes in two directions and opens the pairs behind a cell', async () => {
    const mounted = open(small);
    await mounted.until(/FROM/);
    await mounted.press('j', 'l', 'right');
    await at(mounted, /pay → shop {2}✖ denied/);
    await mounted.press('enter');
    expect(mounted.told.went).toEqual([{ pane: 'policy-cell', args: ['pay', 'shop'] }]);
    await mounted.press('down');
    await at(mounted, /shop → shop {2}there are no two pods/);
    expect(await mounted.press('enter')).toBe('there are no two pods to ask about');
  });

  it('n goes to the next that is not simply allowed, z leaves only rows and columns with a denied one', async () => {
    const mounted = open(small);
    await mounted.until(/FROM/);
    await mounted.press('n');
    await at(mounted, /pay → pay {2}✖ denied/);
    await mounted.press('n', 'n');
    await at(mounted, /shop → pay {2}▲ partly/);
    await mounted.press('z');
    await mounted.until(/Policy map 1\/3 .*only with a cell denied or unknown/);
    expect(trimmed(mounted).slice(2, 4)).toEqual(['  FROM \\ TO  pay   shop', '▸ pay        ✖     ✖']);
  });

  it('z puts those first that have the most denied cells, and says that none has one', async () => {
    const walled = open({ ...small, rows: ['apd', 'aap', 'ddd'] });
    await walled.until(/FROM/);
    await walled.press('z');
    await walled.until(/Policy map 2\/3/);
    const rows = trimmed(walled).slice(2, 5);
    expect(rows.map((line) => line.slice(2).split(' ')[0])).toEqual(['FROM', 'shop', 'kube-system']);
    expect(rows[0]).toMatch(/shop +kube-system +pay/);
    walled.close();
    const partly = open({ ...small, rows: ['aaa', 'aap', 'aaa'] });
    await partly.until(/FROM/);
    await partly.press('z');
    await partly.until(/None of 3 rows matches only with a cell denied or unknown/);
  });

  it('filters rows and columns, each by its own where one says so, and esc takes it back', async () => {
    const mounted = open(small);
    await mounted.until(/FROM/);
    await mounted.press('/shop>pay');
    await mounted.until(/1\/3 .*\/shop>pay/);
    expect(trimmed(mounted).slice(2, 4)).toEqual(['  FROM \\ TO  pay', '▸ shop       ▲']);
    await mounted.press('esc');
    await mounted.until(/Policy map 3 /);
    expect(mounted.told.backs).toBe(0);
    await mounted.press('esc');
    expect(mounted.told.backs).toBe(1);
  });

  it('says how to take back a filter that leaves nothing', async () => {
    const mounted = open(small);
    await mounted.until(/FROM/);
    await mounted.press('/nowhere');
    await mounted.until(/None of 3 rows matches[\s\S]*esc clears it/);
  });

  it('scrolls to the last of 500 in both directions with the names where they are', async () => {
    const mounted = open(large(500), 120, 36);
    await mounted.until(/team-000/);
    await mounted.press('G', 'end');
    await at(mounted, /team-499-production → team-499-production {2}● allowed/);
    expect(mounted.lines()[0]).toMatch(/↑ 4\d\d ← 4\d\d more/);
    await mounted.press('g', 'home', '>');
    await at(mounted, /team-000-production → team-04\d-production {2}✖ denied/);
  });

  it('keeps the old one, dimmed, while a new one is computed', async () => {
    let answer = (_: MapReport) => {};
    let count = 0;
    const map = () => {
      count += 1;
      return count === 1 ? Promise.resolve(small) : new Promise<MapReport>((resolve) => (answer = resolve));
    };
    const snapshot = policiesOf();
    app = mount(MapScreen, snapshot, frameOf(80, 20), noAsks, noRoad, answering({ map }));
    await app.until(/FROM/);
    await app.press('ctrl-r');
    await app.until(/computing anew/);
    expect(app.lines().join('\n')).toMatch(/shop +● +▲/);
    answer({ ...small, rows: ['aaa', 'aaa', 'aaa'], at: now });
    await app.until(/shop +● +● +●/);
    expect(app.lines()[0]).toContain('as of 12:04:00');
  });
});

it('of half of the cluster is computed anew as soon as all of it is there', async () => {
  const arriving = policiesOf({ links: { pods: { phase: 'loading', heard: now } } });
  let count = 0;
  // It is dear: without what was missing it would not be asked for again within a minute.
  const map = async () => {
    count += 1;
    await new Promise((resolve) => setTimeout(resolve, 300));
    return count === 1 ? { ...small, namespaces: [], rows: [] } : small;
  };
  app = mount(MapScreen, arriving, frameOf(80, 20), noAsks, noRoad, answering({ map }));
  await app.until(/computed 12:03:53/);
  app.show(policiesOf());
  await app.until(/computing anew/);
  await app.until(/shop +● +▲/);
});
