import { afterEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/model/finding.ts';
import { menuOf } from '../../../src/panes/actions/menu.ts';
import { WhyScreen } from '../../../src/panes/why/WhyScreen.tsx';
import { crashLooping, mixedVersions, now, sickObjects, snapshotOf } from '../fixtures/cluster.ts';
import { draw, frameOf } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';

const key = 'agents/crash-looping|Pod|kube-system|cilium-jx7k2';
const sick = (findings: readonly Finding[] = [crashLooping, mixedVersions]) =>
  snapshotOf({ objects: sickObjects(), findings });
const page = (args: readonly string[], snapshot = sick(), columns = 80) =>
  draw(WhyScreen, snapshot, frameOf(columns, 40, { args })).map((line) => line.trimEnd());

describe('why', () => {
  it('is the whole title, when, what to do next, what was seen, what follows from it, why it matters, and the objects', () => {
    const text = page([key]).join('\n');
    expect(text).toMatch(/✖ 2 of 12 agents crash-loop in init mount-bpf-fs: "mount: operation not\n +permitted"/);
    expect(text).toContain('since 11:50Z (14m) · reaches 2 nodes · 2 objects below');
    const order = [
      'Next',
      'Read the log of init container',
      'What was seen',
      'only they: pool np2',
      'Because of it',
      '└ 38 pods stuck',
      'Why it matters',
      'Objects · 2',
      'Pod kube-system/cilium-jx7k2',
    ];
    expect(order.map((part) => text.indexOf(part))).toEqual(
      order.map((part) => text.indexOf(part)).toSorted((a, b) => a - b),
    );
    expect(order.filter((part) => !text.includes(part))).toEqual([]);
  });

  it('keeps the reach of what follows, however long its title', () => {
    const long = { id: 'pods/stuck-creating', title: `11 pods stuck: ${'x'.repeat(80)}`, reach: '6 nodes' };
    const text = page([key], sick([{ ...crashLooping, explains: [long] }])).join('\n');
    expect(text).toMatch(/└ 11 pods stuck: x+… · 6 nodes$/m);
  });

  it('says so when nothing has been judged yet', () => {
    const snapshot = snapshotOf();
    expect(page([key], { ...snapshot, judgement: { ...snapshot.judgement, of: 0, looked: 0 } })[0]).toContain(
      '◐ nothing judged yet',
    );
  });

  it('names at most 500 objects and says how many more', () => {
    const objects = Array.from({ length: 700 }, (_, index) => ({
      kind: 'Pod',
      namespace: 'shop',
      name: `web-${index}`,
    }));
    const lines = draw(
      WhyScreen,
      sick([{ ...crashLooping, objects }]),
      frameOf(80, 600, { args: ['agents/crash-looping'] }),
    ).join('\n');
    expect(lines).toContain('web-499');
    expect(lines).toContain('and 200 more');
    expect(lines).not.toContain('web-500');
  });
});

describe('why, under the fingers', () => {
  let app: Mounted | undefined;
  afterEach(() => app?.close());
  const open = (args: readonly string[], snapshot = sick()) => {
    app = mount(WhyScreen, snapshot, frameOf(80, 40, { args }));
    return app;
  };

  it('opens an agent by its node, other objects by their description', async () => {
    const mounted = open(
      [key],
      sick([
        { ...crashLooping, objects: [...crashLooping.objects, { kind: 'Pod', namespace: 'shop', name: 'web-0' }] },
      ]),
    );
    await mounted.press('G', 'enter', 'k', 'enter', 'y');
    expect(mounted.told.went).toEqual([
      { pane: 'object', args: ['Pod', 'shop', 'web-0', 'describe'] },
      { pane: 'agent', args: ['aks-np2-31415926-vmss000001'] },
      { pane: 'object', args: ['Pod', 'kube-system', 'cilium-kx7k2', 'yaml'] },
    ]);
  });

  it('looks for the cause of the first object it names, and on the line of another of that one', async () => {
    const mounted = open([key]);
    await mounted.press('r', 'G', 'r');
    expect(mounted.told.went.map(({ pane, args }) => [pane, args?.at(-1)])).toEqual([
      ['runbook', 'Pod/kube-system/cilium-jx7k2'],
      ['runbook', 'Pod/kube-system/cilium-kx7k2'],
    ]);
  });

  it('leads to what can be done to one of several, and that page says so', async () => {
    const mounted = open([key]);
    await mounted.press('x');
    const [view] = mounted.told.went;
    expect(view).toMatchObject({ pane: 'actions', args: ['Pod', 'kube-system', 'cilium-jx7k2'] });
    const [kind = '', namespace = '', name = ''] = view?.args ?? [];
    expect(menuOf(sick(), { kind, namespace, name }, now).lead).toEqual([
      'One of 2 that agents/crash-looping names: what is done here is done to this one alone.',
    ]);
  });

  it('says what cannot be opened', async () => {
    expect(await open([key]).press('enter')).toBe('there is nothing to open on this line');
  });

  it('keeps the page when it is no longer so, and says that', async () => {
    const mounted = open([key]);
    await mounted.until(/agents\/crash-looping/);
    mounted.show(sick([]));
    await mounted.until(/● no longer so/);
    expect(mounted.lines().join('\n')).toContain('2 of 12 agents crash-loop');
  });

  it('follows a finding whose objects changed', async () => {
    const mounted = open([key]);
    mounted.show(
      sick([{ ...crashLooping, title: '1 of 12 agents crash-loops', objects: crashLooping.objects.slice(1) }]),
    );
    await mounted.until(/1 of 12 agents crash-loops/);
  });
});
