import { afterEach, describe, expect, it } from 'vitest';
import { apply } from '../../../src/model/snapshot.ts';
import { AgentsScreen } from '../../../src/panes/agents/AgentsScreen.tsx';
import { crashLooping, now, sickObjects, snapshotOf, withOldAgent } from '../fixtures/cluster.ts';
import { draw, frameOf } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';

const sick = () => snapshotOf({ objects: sickObjects(), findings: [crashLooping] });

describe('agents', () => {
  it('are one row per node, sick first, with the failing container’s last words and what only they share', () => {
    const lines = draw(AgentsScreen, sick(), frameOf(120, 20)).map((line) => line.trimEnd());
    expect(lines.slice(0, 6)).toEqual([
      `── Agents · 2 sick of 12 ─ ● live ${'─'.repeat(86)}`,
      '   only they: node image 202611.04.0 · 10 healthy: 202610.18.0',
      '    NODE                        POOL STATE      WHY                                               RST SINCE VERSION  AGE',
      '▸ ✖ aks-np2-31415926-vmss000000 np2  crash loop mount-bpf-fs: mount: operation not permitted        7   14m 1.18.6   14m',
      '  ✖ aks-np2-31415926-vmss000001 np2  crash loop mount-bpf-fs: mount: operation not permitted        7   14m 1.18.6   14m',
      '  ● aks-np1-31415926-vmss000000 np1  ready                                                              30h 1.18.6   30h',
    ]);
    expect(lines.filter((line) => / ● aks/.test(line))).toHaveLength(10);
  });

  it('says what decides at 80 columns', () => {
    const lines = draw(AgentsScreen, sick(), frameOf(80, 20));
    expect(lines[2]).toContain('STATE');
    expect(lines[3]).toMatch(/✖ aks-np2.*000000 np2 {2}crash loop mount-bpf-fs: mount/);
  });

  it('tells nodes without an agent pod', () => {
    const { pods = [], ...objects } = sickObjects();
    const snapshot = snapshotOf({ objects: { ...objects, pods: pods.slice(2) } });
    expect(draw(AgentsScreen, snapshot, frameOf(120, 20)).join('\n')).toMatch(
      /✖ aks-np1-31415926-vmss000000 +np1 +missing +the DaemonSet wants one here/,
    );
  });

  it('that are older than this Kubernetes asks for come before the well, and say what it asks for', () => {
    const lines = draw(AgentsScreen, withOldAgent(), frameOf(120, 20));
    expect(lines[5]).toMatch(/▲ aks-np1-31415926-vmss000003 np1 +ready +below 1\.18\.6/);
    expect(lines[6]).toMatch(/● aks-np1-31415926-vmss000000 np1 +ready +30h/);
  });

  it('calls none missing while pods are not read', () => {
    const { pods: _pods, ...objects } = sickObjects();
    const snapshot = snapshotOf({ objects, links: { systemPods: { phase: 'forbidden', heard: 0 } } });
    const text = draw(AgentsScreen, snapshot, frameOf(120, 20)).join('\n');
    expect(text).not.toContain('missing');
    expect(text).toMatch(/Agents ─ ○ forbidden: list pods in kube-system/);
  });

  it('are not expected where there is no DaemonSet for them', () => {
    const { pods: _pods, daemonSets: _sets, ...objects } = sickObjects();
    const text = draw(AgentsScreen, snapshotOf({ objects }), frameOf(120, 20)).join('\n');
    expect(text).toMatch(/Agents 0 ─ none[\s\S]*There is no DaemonSet cilium in kube-system/);
  });

  it('says nothing of what is not there while DaemonSets are not read', () => {
    const { pods: _pods, daemonSets: _sets, ...objects } = sickObjects();
    const links = { daemonSets: { phase: 'connecting', heard: 0 } } as const;
    const text = draw(AgentsScreen, snapshotOf({ objects, links }), frameOf(120, 20)).join('\n');
    expect(text).not.toContain('There is no DaemonSet');
    expect(text).toMatch(/daemonsets connecting/);
  });

  it('strikes the row of a node that has just gone, where it stood', async () => {
    const before = sick();
    const mounted = mount(AgentsScreen, before, frameOf(120, 20));
    const gone = [...before.tables.nodes.rows.values()].find((node) => node.name === 'aks-np1-31415926-vmss000000');
    mounted.show(apply(before, [{ type: 'remove', kind: 'nodes', uids: [gone?.uid ?? ''], at: now }], now));
    const text = await mounted.until(/− .*aks-np1-31415926-vmss000000/);
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.startsWith('−'));
    expect(lines[at - 1]).toContain('aks-np2-31415926-vmss000001');
    mounted.close();
  });

  it.each<[string, Parameters<typeof snapshotOf>[0], RegExp]>([
    [
      'forbidden',
      { links: { systemPods: { phase: 'forbidden', heard: 0 } } },
      /forbidden: list pods in kube-system[\s\S]*You may not list pods/,
    ],
    ['loading', { links: { systemPods: { phase: 'connecting', heard: 0 } } }, /connecting[\s\S]*Asking the server/],
    ['empty', {}, /none[\s\S]*There are no nodes, so there are no agents/],
    [
      'stale',
      { objects: sickObjects(), links: { systemPods: { phase: 'stale', heard: now - 42_000 } } },
      /▲ stale 42s[\s\S]*crash loop/,
    ],
  ])('say so when %s', (_name, given, said) => {
    expect(draw(AgentsScreen, snapshotOf(given), frameOf(120, 20)).join('\n')).toMatch(said);
  });
});

describe('agents under the fingers', () => {
  let app: Mounted | undefined;
  afterEach(() => app?.close());
  const open = (args: readonly string[] = []) => {
    app = mount(AgentsScreen, sick(), frameOf(120, 20, { args }));
    return app;
  };

  it('opens the agent, the failing container’s previous log, its node, and why', async () => {
    const mounted = open();
    await mounted.press('enter', 'l', 'o', 'v');
    expect(mounted.told.went).toEqual([
      { pane: 'agent', args: ['aks-np2-31415926-vmss000000'] },
      { pane: 'log', args: ['kube-system', 'cilium-jx7k2', 'mount-bpf-fs', 'previous'] },
      { pane: 'object', args: ['Node', '', 'aks-np2-31415926-vmss000000', 'describe'] },
      { pane: 'why', args: ['agents/crash-looping|Pod|kube-system|cilium-jx7k2'] },
    ]);
  });

  it('opens the running log of a healthy agent and refuses what it has not', async () => {
    const mounted = open();
    await mounted.press('G', 'l');
    expect(mounted.told.went).toEqual([
      { pane: 'log', args: ['kube-system', expect.any(String), 'cilium-agent', 'current'] },
    ]);
    expect(await mounted.press('p')).toBe('no container of it has ended before');
    expect(await mounted.press('v')).toBe('nothing wrong is known of it');
  });

  it('filters by pool when it is asked for one, and z leaves the troubled', async () => {
    const mounted = open(['np2']);
    await mounted.until(/── Agents 6\/12 · \/np2/);
    await mounted.press('esc', 'z');
    await mounted.until(/2\/12 · troubled/);
    expect(mounted.lines().join('\n')).not.toContain('ready');
  });

  it('says how to clear a filter that leaves nothing', async () => {
    const mounted = open(['nowhere']);
    await mounted.until(/None of 12 rows matches \/nowhere/);
    await mounted.until(/esc clears it/);
  });
});
