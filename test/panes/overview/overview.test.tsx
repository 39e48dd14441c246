import { afterEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/model/finding.ts';
import type { Link } from '../../../src/model/link.ts';
import type { TimelineEntry } from '../../../src/model/timeline.ts';
import { OverviewScreen } from '../../../src/panes/overview/OverviewScreen.tsx';
import {
  agentPod,
  crashLooping,
  mixedVersions,
  node,
  now,
  sickObjects,
  snapshotOf,
  withOldAgent,
} from '../fixtures/cluster.ts';
import { draw, frameOf } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';

const sick = () => snapshotOf({ objects: sickObjects(), findings: [crashLooping, mixedVersions] });
const calm = () =>
  snapshotOf({
    objects: {
      nodes: [node('aks-np1-0'), node('aks-np1-1')],
      pods: [agentPod('cilium-a', 'aks-np1-0'), agentPod('cilium-b', 'aks-np1-1')],
    },
  });
const screen = (snapshot = sick(), columns = 80, rows = 20) =>
  draw(OverviewScreen, snapshot, frameOf(columns, rows)).map((line) => line.trimEnd());

describe('the overview at 80×24', () => {
  it('shows the incident first, then the pools, then what changed', () => {
    expect(screen()).toEqual([
      '── Wrong now · 34 checks looked ───────────────────────────────── SINCE  REACH ─',
      '▸✖ 2 of 12 agents crash-loop in init mount-bpf-fs: "mount: opera…   14m  2 nodes',
      '     only they: pool np2, node image 202611.04 · 10 healthy: 202610.18',
      '   └ 38 pods stuck ContainerCreating: cilium.sock absent · 38 pods',
      '     cilium-jx7k2: 7 restarts, last ended 12:02Z with exit 1',
      ' ▲ cilium mixed 1.18.6 ×10, 1.18.9 ×2: rollout stands still          3m  2 nodes',
      '── 1 Pools ✖ ─ NODES  AGENTS ── CNS  STUCK  K8S ─── IMAGE ──────────────────────',
      ' np1           6/6 ●   6/6 ●  6/6 ●      0  1.34.2  202610.18.0',
      ' np2           6/6 ●   4/6 ✖  6/6 ●      0  1.34.2  upgrade stands still',
      ' operator ● 2/2 lease 4s  dns ● 3/3  tunnel ● 2/2  slices ● 0  ids ● 0%',
      ' ips ● 0%',
      ...screen().slice(11),
    ]);
    expect(screen()[11]).toMatch(/^── 7 Changed · since .* · deletes before 12:02 unseen ─+$/);
    expect(screen()[12]).toMatch(/^ 12:02:00 {2}restarted {2}cilium: 2 pods/);
    expect(screen()[19]).toBe(' 1● 2✖ 3● 4● 5– 6✖ 7●');
  });

  it('keeps the reach of what a finding explains, however long its title', () => {
    const long = { id: 'pods/stuck-creating', title: `11 pods stuck: ${'x'.repeat(80)}`, reach: '6 nodes' };
    const finding = { ...crashLooping, explains: [long] };
    const lines = screen(snapshotOf({ objects: sickObjects(), findings: [finding] }));
    expect(lines[3]).toMatch(/^ {3}└ 11 pods stuck: x+… · 6 nodes$/);
  });

  it('tells first what of the lag matters most: what waits', () => {
    const snapshot = sick();
    const lag = { p50: 640, p99: 2_110, count: 4 };
    const live = { phase: 'live', heard: now } as const;
    const links = new Map(snapshot.links).set('ciliumEndpointSlices', live).set('ciliumEndpoints', live);
    const waits = { addressToEndpoint: lag, endpointToSlice: lag, waitingSince: now - 12_000 };
    const drawn = (waiting: number) => {
      const churn = { ...snapshot.churn, ...waits, waiting };
      return screen({ ...snapshot, links, churn }, 120, 35).join('\n');
    };
    expect(drawn(29)).toMatch(/lag 29 new wait 12s · endpoint p99 2\.1s · slice p99 2\.1s +│/);
    expect(drawn(1)).toMatch(/lag 1 new waits 12s · /);
    expect(drawn(0)).toMatch(/lag endpoint p50 0\.6s p99 2\.1s · slice p50 0\.6s p99 2\.1s/);
  });

  it('tells first what only the sick share, wherever it stands among the evidence', () => {
    const [shared = '', ...rest] = crashLooping.evidence;
    const worded = { ...crashLooping, evidence: ['last words of mount-bpf-fs: not permitted', shared, ...rest] };
    const lines = screen(snapshotOf({ objects: sickObjects(), findings: [worded] }));
    expect(lines[2]).toBe('     only they: pool np2, node image 202611.04 · 10 healthy: 202610.18');
    expect(lines[4]).toBe('     last words of mount-bpf-fs: not permitted');
  });

  it('tells once what several findings have in common', () => {
    const tainted = { ...mixedVersions, evidence: [crashLooping.evidence[0] ?? '', 'taint of np2'] };
    const text = screen(snapshotOf({ objects: sickObjects(), findings: [crashLooping, tainted] })).join('\n');
    expect(text.match(/only they/g)).toHaveLength(1);
    expect(text).toContain('taint of np2');
  });

  it('shrinks what is healthy to make room, and keeps a line for each sick pool', () => {
    const lines = screen(sick(), 80, 10);
    expect(lines[0]).toContain('Wrong now');
    expect(lines[1]).toContain('2 of 12 agents crash-loop');
    expect(lines.join('\n')).toMatch(/np2 .*4\/6 ✖/);
  });

  it('is calm when nothing is wrong, and says how many checks looked', () => {
    expect(screen(calm())[0]).toMatch(/^── Wrong now ● nothing wrong · 34 checks looked ─+$/);
  });

  it('says in the header’s words what may yet be wrong, and what still arrives', () => {
    const snapshot = calm();
    const waiting = [{ id: 'a/a', title: 'a', object: { kind: 'Node', name: 'n' }, count: 6, knownAt: now + 45_000 }];
    const judgement = { ...snapshot.judgement, waiting };
    expect(screen({ ...snapshot, judgement })[0]).toMatch(
      /^── Wrong now ◐ so far nothing · 6 suspects, known in 45s · 34 checks looked ─+$/,
    );
    const wrong = { ...judgement, findings: [crashLooping] };
    expect(screen({ ...snapshot, judgement: wrong })[0]).toMatch(
      /^── Wrong now · 34 checks looked · 6 suspects ─+ SINCE/,
    );
    const links = new Map(snapshot.links).set('ciliumEndpoints', { phase: 'loading', heard: now });
    expect(screen({ ...snapshot, links })[0]).toMatch(/^── Wrong now ◐ so far nothing wrong · 34 checks looked ─+$/);
  });

  it('tells a deed before a finding as a suspicion, and only of what can have to do with it', () => {
    const { ciliumNetworkPolicies: _policies, ...objects } = sickObjects();
    const edited = {
      metadata: {
        name: 'cilium-config',
        namespace: 'kube-system',
        uid: 'config',
        creationTimestamp: '2026-01-01T00:00:00Z',
        managedFields: [
          {
            manager: 'kubectl-edit',
            operation: 'Update',
            time: '2026-03-04T11:49:30Z',
            fieldsV1: { 'f:data': { 'f:debug': {} } },
          },
        ],
      },
      data: { debug: 'true', ipam: 'delegated-plugin' },
    };
    const lines = screen(snapshotOf({ objects: { ...objects, configMaps: [edited] }, findings: [crashLooping] })).join(
      '\n',
    );
    expect(lines).toMatch(/≈ 30s before: edited ConfigMap cilium-config data.debug by kubectl-edit/);
    // The policy edited a minute before the second finding cannot make versions differ.
    expect(screen().join('\n')).not.toContain('before: edited CNP');
  });
});

describe('the overview at every size', () => {
  it.each([
    [80, 20],
    [120, 35],
    [200, 55],
    [40, 10],
    [20, 4],
  ])('fills exactly %i×%i', (columns, rows) => {
    const lines = draw(OverviewScreen, sick(), frameOf(columns, rows));
    expect(lines).toHaveLength(rows);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
  });

  it('has two columns from 110: agents beside pools, policies beside slices', () => {
    const text = screen(sick(), 120, 35).join('\n');
    expect(text).toMatch(/1 Pools ✖.*2 Agents ✖ 10\/12/);
    expect(text).toMatch(/np1 .*│ .*only they: node image 202611.04.0/);
    expect(text).toMatch(/3 Endpoint slices.*4 Policies ● 1 CNP/);
    expect(text).toContain(' 1 cluster ●  2 agents ✖  3 endpoints ●');
  });

  it('keeps every finding reachable when there are more than lines', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({
      ...mixedVersions,
      title: `finding ${index}`,
      objects: [{ kind: 'Node', name: `n${index}` }],
    }));
    const text = screen(snapshotOf({ objects: sickObjects(), findings: many })).join('\n');
    expect(text).toMatch(/… and \d+ more: j and k go there/);
  });
});

describe('the overview’s states', () => {
  const all = (link: Link) => Object.fromEntries([...sick().links.keys()].map((source) => [source, link]));

  it.each<[string, Link, RegExp]>([
    ['connecting', { phase: 'connecting', heard: 0 }, /1 Pools ◐ connecting/],
    ['stale', { phase: 'stale', heard: now - 42_000 }, /1 Pools ▲ stale 42s/],
    ['forbidden', { phase: 'forbidden', heard: 0 }, /1 Pools ○ forbidden: list nodes/],
    ['failed', { phase: 'failed', heard: 0 }, /1 Pools ✖ failed/],
  ])('%s', (_name, link, title) => {
    const text = screen(snapshotOf({ links: all(link) }), 120, 35).join('\n');
    expect(text).toMatch(title);
    // Nothing that is not read is drawn well.
    expect(text.split('\n').at(-1)).not.toContain('●');
    expect(text).not.toMatch(/operator ●|dns ●|ids ●/);
  });
});

it('calls nothing unchanged while it is not yet read, or may not be', () => {
  const changes = (link: Link) => screen(snapshotOf({ links: { systemPods: link } }), 80, 20).join('\n');
  expect(changes({ phase: 'connecting', heard: 0 })).toMatch(
    /7 Changed .*\n +Asking the server for pods in kube-system/,
  );
  expect(changes({ phase: 'forbidden', heard: 0 })).toMatch(/7 Changed .*\n +You may not list pods in kube-system/);
  expect(changes({ phase: 'live', heard: now })).toMatch(/7 Changed .*\n +Nothing is known to have changed/);
});

describe('what changed, while something is wrong', () => {
  const pod = { kind: 'Pod', namespace: 'kube-system', name: 'cilium-jx7k2' };
  const edited = (ago: number, name: string): TimelineEntry => ({
    at: now - ago * 60_000,
    what: 'edited',
    object: { kind: 'Deployment', namespace: 'shop', name },
    detail: '',
    who: '',
    count: 1,
    live: true,
  });
  const warned = (ago: number, detail: string): TimelineEntry => ({
    ...edited(ago, ''),
    what: 'event',
    object: pod,
    detail,
  });
  const newer = Array.from({ length: 30 }, (_, index) => edited(1, `app-${index}`));
  const told = (findings: readonly Finding[]) => {
    const snapshot = snapshotOf({ objects: sickObjects(), findings });
    const entries = [...newer, warned(2, 'again'), warned(13, 'BackOff'), edited(20, 'x'), warned(60, 'old story')];
    return { ...snapshot, timeline: { ...snapshot.timeline, entries } };
  };

  it('keeps below the newest the first sign of each finding, and no other event', () => {
    const lines = screen(told([crashLooping]), 80, 20);
    expect(lines.slice(-5, -1).join('\n')).toMatch(/edited .*app-\d+\n.*event +Pod cilium-jx7k2 +BackOff$/);
    expect(lines.join('\n')).toContain('app-0');
    expect(lines.join('\n')).not.toMatch(/again|old story/);
    expect(screen(told([]), 80, 20).join('\n')).not.toContain('BackOff');
  });

  it('keeps it for the pods of a workload that is named', () => {
    const set = { ...crashLooping, objects: [{ kind: 'DaemonSet', namespace: 'kube-system', name: 'cilium' }] };
    expect(screen(told([set]), 80, 20).join('\n')).toMatch(/event +Pod cilium-jx7k2 +BackOff/);
  });

  it('goes to it as to any other change, each line once', async () => {
    const mounted = mount(OverviewScreen, told([crashLooping]), frameOf(80, 20));
    await mounted.press('G');
    await mounted.until(/▸\d\d:\d\d:\d\d {2}edited .*x$|▸.*shop\/x/m);
    await mounted.press('k');
    await mounted.until(/▸.*BackOff/);
    expect(mounted.lines().filter((line) => line.includes('BackOff'))).toHaveLength(1);
    mounted.close();
  });
});

describe('when nothing is known', () => {
  const problem =
    'the exec plugin kubelogin of this kubeconfig could not be run: not found in PATH. Install it with az aks install-cli, then run kubelogin convert-kubeconfig -l azurecli and start again.';
  const blind = { phase: 'failed', heard: 0, problem } as const;
  const links = Object.fromEntries([...sick().links.keys()].map((source) => [source, blind]));

  it.each([80, 120])('says the whole sentence with what to run, at %i columns', (columns) => {
    const lines = screen(snapshotOf({ links }), columns, 20);
    const said = lines.slice(1, 5).map((line) => line.replace(/^[▸\s✖]+/, ''));
    expect(said.join(' ')).toContain(problem);
  });
});

it('keeps of an organ whose source is late what was wrong with it, and calls none well', () => {
  const stale: Link = { phase: 'stale', heard: now - 42_000 };
  const links = { deployments: stale, systemPods: stale };
  const objects = sickObjects();
  expect(screen(snapshotOf({ objects, links }), 120, 35).join('\n')).toMatch(/operator ○ 2\/2/);
  const { leases = [] } = objects;
  const old = JSON.parse(JSON.stringify(leases).replaceAll('T12:03:', 'T11:03:').replaceAll('T12:04:', 'T11:04:'));
  const text = screen(snapshotOf({ objects: { ...objects, leases: old }, links }), 120, 35).join('\n');
  expect(text).toMatch(/operator ✖ 2\/2/);
});

describe('while kube-system’s pods still arrive, or are forbidden', () => {
  const { pods: _pods, ...objects } = sickObjects();

  it.each<[string, Link, RegExp]>([
    ['loading', { phase: 'loading', heard: now, loaded: 1, expected: 100 }, /np1 +6\/6 ● +0\/6 ◐/],
    ['forbidden', { phase: 'forbidden', heard: 0 }, /np1 +6\/6 ● +– +–/],
  ])('%s: no agent is called missing and no pool sick', (_name, link, row) => {
    const text = screen(snapshotOf({ objects, links: { systemPods: link } }), 120, 35).join('\n');
    expect(text).not.toMatch(/missing|✖ 0|0\/6 ✖/);
    expect(text).toMatch(row);
  });
});

it('counts no agents where there is no DaemonSet for them, and says that there is no Cilium', () => {
  const { pods: _pods, daemonSets: _sets, configMaps: _config, ...objects } = sickObjects();
  const missing: Link = { phase: 'missing', heard: 0 };
  const text = screen(
    snapshotOf({ objects, links: { ciliumEndpoints: missing, ciliumEndpointSlices: missing } }),
    120,
    35,
  ).join('\n');
  expect(text).toMatch(/1 Pools ✖ no Cilium/);
  expect(text).toMatch(/np1 +6\/6 ● +– +–/);
  expect(text.split('\n').at(-1)).toMatch(/2 agents – {2}3 endpoints –/);
});

it('says of policies where only Kubernetes’ own kind is served that Cilium’s are not installed', () => {
  const missing: Link = { phase: 'missing', heard: 0 };
  const links = { ciliumNetworkPolicies: missing, ciliumClusterwideNetworkPolicies: missing };
  const text = screen(snapshotOf({ links }), 120, 35).join('\n');
  expect(text).toContain('4 Policies NP: none; Cilium kinds not installed');
  expect(text).not.toContain('everything may talk');
});

describe('the overview under the fingers', () => {
  let app: Mounted | undefined;
  afterEach(() => app?.close());
  const open = (snapshot = sick()) => {
    app = mount(OverviewScreen, snapshot, frameOf(80, 20));
    return app;
  };
  const cursorLine = (mounted: Mounted) => mounted.lines().find((line) => line.startsWith('▸')) ?? '';

  it('opens what is under the cursor: the finding, the pool’s agents, the changed object', async () => {
    const mounted = open();
    await mounted.press('enter', 'j', 'j', 'enter', 'j', 'j', 'enter');
    expect(mounted.told.went).toEqual([
      { pane: 'why', args: ['agents/crash-looping|Pod|kube-system|cilium-jx7k2'] },
      { pane: 'agents', args: ['np1'] },
      { pane: 'table', args: ['Pod', '-n', 'kube-system', '/cilium-'] },
    ]);
  });

  it('says why with v, from wherever the cursor stands', async () => {
    const mounted = open();
    await mounted.press('j', 'v', 'j', 'j', 'v');
    expect(mounted.told.went.map((view) => view.args?.[0]?.split('|')[0])).toEqual([
      'agents/mixed-versions',
      'agents/crash-looping',
    ]);
  });

  it('stands on what is worst until somebody moves, and then on its object', async () => {
    const mounted = open(snapshotOf({ objects: sickObjects() }));
    await mounted.until(/▸/);
    mounted.show(sick());
    await mounted.until(/▸✖ 2 of 12 agents/);
    await mounted.press('j');
    mounted.show(
      snapshotOf({
        objects: sickObjects(),
        findings: [{ ...crashLooping, id: 'nodes/not-ready', title: 'a new one' }, crashLooping, mixedVersions],
      }),
    );
    await mounted.until(/a new one/);
    expect(cursorLine(mounted)).toContain('cilium mixed');
  });

  it('draws an agent that is too old as the warning its finding is', () => {
    const lines = draw(OverviewScreen, withOldAgent(), frameOf(120, 40));
    expect(lines.find((line) => line.includes('vmss000003'))).toMatch(/│ ▲ aks-\S+ ready +below 1\.18\.6/);
  });

  it('filters everything it shows, says so, and esc clears it', async () => {
    const mounted = open();
    await mounted.press('/np1');
    await mounted.until(/\/np1: \d+ left, esc clears it/);
    const narrowed = mounted.lines().join('\n');
    expect(narrowed).toMatch(/Wrong now · 34 checks looked · \/np1 ─/);
    expect(narrowed).toContain('none of 2 matches /np1, esc clears');
    expect(narrowed).toMatch(/1 Pools ✖ · \/np1 /);
    expect(narrowed).toMatch(/none of \d+ matches \/np1, esc clears/);
    expect(narrowed).not.toContain('Nothing is known');
    expect(mounted.lines().join('\n')).not.toContain('2 of 12 agents crash-loop');
    await mounted.press('esc');
    await mounted.until(/2 of 12 agents crash-loop/);
    expect(await mounted.press('esc')).toContain('q twice quits');
  });

  it('tells the verdict at once, whatever the rest costs to make', async () => {
    const mounted = open(snapshotOf({ objects: sickObjects() }));
    await mounted.until(/Wrong now ● nothing wrong/);
    mounted.show(sick());
    expect(await mounted.until(/▸✖ 2 of 12 agents/)).not.toContain('nothing');
  });

  it('draws as read what more checks have looked at', async () => {
    const reading = (looked: number, loaded?: number) => {
      const nodes = { phase: 'loading' as const, heard: now, loaded: loaded ?? 0 };
      const snapshot = snapshotOf({ objects: sickObjects(), ...(loaded === undefined ? {} : { links: { nodes } }) });
      return { ...snapshot, judgement: { ...snapshot.judgement, looked } };
    };
    const mounted = open(reading(3, 4));
    await mounted.until(/3 of 34 checks looked/);
    // Just made, so that it would not be made again for some time.
    mounted.show(reading(3, 5));
    await mounted.until(/1 Pools ◐ loading 5/);
    mounted.show(reading(34));
    expect(await mounted.until(/· 34 checks looked/)).not.toMatch(/3 of 34|loading 5/);
  });

  it('tells of a narrowed namespace what changed there, and says so', () => {
    const lines = (scope: string) => draw(OverviewScreen, sick(), frameOf(80, 20, { scope })).join('\n');
    expect(lines('')).toContain('pay/deny-all');
    expect(lines('pay')).toMatch(/7 Changed · ns:pay · since/);
    expect(lines('pay')).toContain('pay/deny-all');
    expect(lines('shop')).not.toMatch(/pay\/deny-all\s+spec/);
    expect(lines('shop')).toContain('2 of 12 agents crash-loop');
  });

  it('draws names from outside as text', () => {
    const finding = { ...crashLooping, title: `wide 検索サービス ${'x'.repeat(300)}` };
    const lines = draw(OverviewScreen, snapshotOf({ objects: sickObjects(), findings: [finding] }), frameOf(80, 20));
    expect(lines[1]).toMatch(/^▸✖ wide 検索サービス x+… +14m {2}2 nodes/);
  });
});
