import { afterEach, describe, expect, it } from 'vitest';
import type { TimelineEntry } from '../../../src/model/timeline.ts';
import { parseMoment } from '../../../src/panes/timeline/moment.ts';
import { TimelineScreen } from '../../../src/panes/timeline/TimelineScreen.tsx';
import { minutes, now, snapshotOf } from '../fixtures/cluster.ts';
import { draw, frameOf } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';

const entry = (ago: number, name: string, more: Partial<TimelineEntry> = {}): TimelineEntry => ({
  at: now - minutes(ago),
  what: 'edited',
  object: { kind: 'CiliumNetworkPolicy', namespace: 'pay', name },
  detail: 'spec.egress',
  who: 'kubectl',
  count: 1,
  live: true,
  ...more,
});
const told = (entries: readonly TimelineEntry[]) => ({
  ...snapshotOf(),
  timeline: { entries, watchedSince: now - minutes(2), tellsSince: now - minutes(60) },
});
const many = Array.from({ length: 60 }, (_, index) => entry(index, `policy-${index}`));

describe('a moment, as typed', () => {
  it.each<[string, string | undefined]>([
    ['11:30', '2026-03-04T11:30:00.000Z'],
    ['11:30:15', '2026-03-04T11:30:15.000Z'],
    ['14:05', '2026-03-03T14:05:00.000Z'],
    ['20m', '2026-03-04T11:44:00.000Z'],
    ['-2h', '2026-03-04T10:04:00.000Z'],
    ['2026-03-01 10:00Z', '2026-03-01T10:00:00.000Z'],
    ['25:00', undefined],
    ['11:75', undefined],
    ['np2', undefined],
    ['', undefined],
  ])('%s', (text, moment) => {
    const at = parseMoment(text, now);
    expect(at === undefined ? undefined : new Date(at).toISOString()).toBe(moment);
  });
});

describe('the timeline', () => {
  let app: Mounted | undefined;
  afterEach(() => app?.close());
  const open = (entries: readonly TimelineEntry[], args: readonly string[] = []) => {
    app = mount(TimelineScreen, told(entries), frameOf(120, 20, { args }));
    return app;
  };

  it('is newest first, says since when, and that earlier deletes are unseen', () => {
    const lines = draw(
      TimelineScreen,
      told([
        entry(4, 'deny-all', { count: 3 }),
        entry(10, 'cilium', {
          what: 'rollout',
          object: { kind: 'DaemonSet', namespace: 'kube-system', name: 'cilium' },
          detail: 'revision 12 → 13',
          who: '',
        }),
      ]),
      frameOf(120, 20),
    ).map((line) => line.trimEnd());
    expect(lines[0]).toMatch(/^── Timeline 2 · since 11:04 · deletes before 12:02Z unseen ─ ● live ─+$/);
    expect(lines[2]).toMatch(/^▸ 12:00:00 edited +CNP pay\/deny-all +spec.egress ×3 +kubectl$/);
    expect(lines[3]).toMatch(/^ {2}11:54:00 rollout +DaemonSet cilium +revision 12 → 13$/);
  });

  it('names another day instead of a time', () => {
    expect(draw(TimelineScreen, told([entry(60 * 24 * 3, 'old')]), frameOf(80, 10))[2]).toMatch(/^▸ Mar {2}1/);
  });

  it('pauses when one moves down, counts what is new, and follows again', async () => {
    const mounted = open(many);
    await mounted.press('j', 'j');
    await mounted.until(/paused/);
    mounted.show(told([entry(-1, 'new-1'), entry(-1, 'new-2'), ...many]));
    await mounted.until(/paused, 2 new/);
    expect(mounted.lines().find((line) => line.startsWith('▸'))).toContain('policy-2');
    await mounted.press('f');
    await mounted.until(/▸ .*new-1/);
    expect(mounted.lines()[0]).not.toContain('paused');
  });

  it('counts as new only rows that were not there, also when one of them moves to the top', async () => {
    const named = many.map((one, index) => ({ ...one, id: `row ${index}` }));
    const mounted = open(named);
    await mounted.press('j', 'j', 'j');
    await mounted.until(/paused/);
    const again = named.slice(20, 21).map((one) => ({ ...one, at: now, count: 9 }));
    mounted.show(told([...again, { ...entry(0, 'new-1'), id: 'new' }, ...named.toSpliced(20, 1)]));
    await mounted.until(/paused, 1 new/);
  });

  it('says that there is no such time, and narrows nothing by it', async () => {
    const mounted = open(many, ['25:99']);
    await mounted.until(/Timeline 60 ─|Timeline 60 ·/);
    expect(mounted.told.flashes).toEqual(['no such time: 25:99']);
    expect(mounted.lines()[0]).not.toContain('/25:99');
  });

  it('tells of a narrowed namespace, and of what is in none', () => {
    const elsewhere = { object: { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'other' } };
    const entries = [entry(1, 'mine'), entry(2, '', elsewhere), entry(3, '', { object: { kind: 'Node', name: 'n1' } })];
    const lines = draw(TimelineScreen, told(entries), frameOf(120, 20, { scope: 'pay' }));
    expect(lines[0]).toMatch(/^── Timeline 2 · ns:pay · /);
    expect(lines.join('\n')).toMatch(/pay\/mine[\s\S]*Node n1/);
    expect(lines.join('\n')).not.toContain('shop/other');
  });

  it('says first what may not be read', () => {
    const forbidden = { phase: 'forbidden', heard: 0 } as const;
    const links = { events: forbidden, ciliumNetworkPolicies: forbidden, networkPolicies: forbidden };
    const snapshot = { ...snapshotOf({ links }), timeline: told(many).timeline };
    const [title] = draw(TimelineScreen, snapshot, frameOf(120, 20));
    expect(title).toMatch(/^── Timeline 60 · not seen: events, policies \(forbidden\) · since /);
  });

  it('jumps to a moment', async () => {
    await open(many, ['11:30']).until(/▸ 11:30:00 .*policy-34/);
  });

  it.each([
    ['11:30', /▸ 11:30:52 .*next/],
    ['11:18', /▸ 11:05:13 .*former/],
    ['11:00', /▸ 11:05:13 .*former/],
    ['12:03', /▸ 11:30:52 .*next/],
  ])('to %s, where nothing happened: to what is nearest in time', async (typed, found) => {
    const at = (time: string, name: string) => entry(0, name, { at: Date.parse(`2026-03-04T${time}Z`) });
    await open([at('11:30:52', 'next'), at('11:05:13', 'former')], [typed]).until(found);
  });

  it('says so when the moment is before anything known', async () => {
    const mounted = open(many, ['10:00']);
    await mounted.until(/▸ .*policy-59/);
    expect(mounted.told.flashes).toEqual(['that is before anything known here; this is the oldest']);
  });

  it('takes any other argument for a filter', async () => {
    await open(many, ['policy-17']).until(/1\/60 .*\/policy-17/);
  });

  it('opens the object that changed, unless it was deleted', async () => {
    const mounted = open([entry(4, 'gone', { what: 'deleted' }), entry(5, 'there')]);
    expect(await mounted.press('enter')).toBe('it was deleted; there is nothing left to open');
    await mounted.press('j', 'enter');
    expect(mounted.told.went).toEqual([{ pane: 'policy', args: ['CiliumNetworkPolicy', 'pay', 'there'] }]);
  });

  it('says what will appear when nothing has changed', () => {
    expect(draw(TimelineScreen, told([]), frameOf(80, 10)).join('\n')).toContain(
      'What changes from now on appears here',
    );
  });
});
