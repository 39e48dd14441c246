import { afterEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/model/finding.ts';
import type { Link } from '../../../src/model/link.ts';
import { NamespacesScreen } from '../../../src/panes/namespaces/NamespacesScreen.tsx';
import { type Given, iso, meta, minutes, now, snapshotOf } from '../fixtures/cluster.ts';
import { draw, frameOf } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';

const own = (name: string, created?: number) => meta(name, { namespace: 'shop' }, created);
const waiting = (name: string, reason: string) => ({
  metadata: own(name, now - minutes(20)),
  spec: { nodeName: 'n1', containers: [{ name: 'web' }] },
  status: {
    phase: 'Pending',
    conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: iso(now - minutes(14)) }],
    containerStatuses: [{ name: 'web', restartCount: 0, state: { waiting: { reason } } }],
  },
});
const ending = (name: string, ago: number) => ({
  ...running(name),
  metadata: { ...own(name), deletionTimestamp: iso(now - minutes(ago)) },
});
const running = (name: string, namespace = 'shop') => ({
  metadata: meta(name, { namespace }),
  spec: { nodeName: 'n1', containers: [{ name: 'web' }] },
  status: {
    phase: 'Running',
    podIP: '10.1.0.1',
    containerStatuses: [{ name: 'web', ready: true, restartCount: 0, state: { running: {} } }],
  },
});
const warning = (name: string, pod: string, reason: string, message: string, ago: number) => ({
  metadata: own(name),
  type: 'Warning',
  reason,
  message,
  involvedObject: { kind: 'Pod', namespace: 'shop', name: pod, uid: `uid-${pod}` },
  firstTimestamp: iso(now - minutes(ago + 1)),
  lastTimestamp: iso(now - minutes(ago)),
  count: 4,
});
const noSocket = 'dial unix /var/run/cilium/cilium.sock: no such file';
const entry = (name: string, id: number) => ({ name, id, networking: { addressing: [{ ipv4: '10.1.0.1' }] } });
const endpoint = (name: string, state = 'ready') => ({
  metadata: own(name),
  status: { state, identity: { id: 7 }, networking: { addressing: [{ ipv4: '10.1.0.1' }] } },
});
const policy = (name: string, spec: object, valid = 'True') => ({
  metadata: own(name, now - minutes(90)),
  spec: { endpointSelector: {}, ...spec },
  status: { conditions: [{ type: 'Valid', status: valid }] },
});
const finding: Finding = {
  id: 'endpoints/slice-identity-differs',
  severity: 'error',
  title: 'web-1 has another identity in its slice',
  objects: [{ kind: 'CiliumEndpoint', namespace: 'shop', name: 'web-1' }],
  evidence: [],
  reach: '',
  next: '',
};
const given: Given = {
  objects: {
    namespaces: [{ metadata: meta('shop'), status: { phase: 'Active' } }],
    pods: [
      running('web-1'),
      running('other', 'pay'),
      waiting('slow', 'ImagePullBackOff'),
      waiting('cut-off', 'ContainerCreating'),
    ],
    events: [
      warning('e1', 'cut-off', 'FailedCreatePodSandBox', noSocket, 2),
      warning('e2', 'slow', 'Failed', 'no such image', 5),
    ],
    ciliumEndpoints: [endpoint('web-1'), endpoint('web-2', 'waiting-for-identity')],
    ciliumEndpointSlices: [
      { metadata: meta('ces-a'), namespace: 'shop', endpoints: [entry('web-1', 8), entry('web-2', 7)] },
    ],
    endpointSlices: [
      {
        metadata: meta('web-x', { namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } }),
        endpoints: [{ addresses: ['10.1.0.1'], conditions: { ready: false } }],
      },
    ],
    ciliumNetworkPolicies: [
      policy('in-only', { ingress: [] }),
      policy('deny-all', { ingress: [{}], egress: [{}] }),
      policy('broken', { ingress: [{}] }, 'False'),
    ],
  },
  findings: [finding],
};
const page = (width: number, height: number, more: Given = {}) =>
  draw(
    NamespacesScreen,
    snapshotOf({ ...given, ...more }),
    frameOf(width, height, { args: ['shop'], scope: 'shop' }),
  ).map((line) => line.trimEnd());
const forbidden: Link = { phase: 'forbidden', heard: 0, problem: 'No permission: list pods.' };

describe('the page of a namespace', () => {
  it('lists a finding elsewhere that explains what is wrong here', () => {
    const title = '38 pods stuck ContainerCreating: cilium.sock absent';
    const within = [
      { namespace: 'pay', count: 27 },
      { namespace: 'shop', count: 11 },
    ];
    const explained = { id: 'pods/stuck-creating', title, reach: '38 pods', kind: 'Pod', within };
    const agents = { ...finding, objects: [], title: '2 of 12 agents crash-loop', explains: [explained] };
    const text = page(120, 50, { findings: [agents] }).join('\n');
    expect(text).toContain("Wrong now · 1 of the verdict's findings");
    expect(text).toMatch(/✖ 2 of 12 agents crash-loop\n +└ 11 pods here: 38 pods stuck ContainerCreating/);
    const elsewhere = { ...agents, explains: [{ ...explained, within: within.slice(0, 1) }] };
    expect(page(120, 50, { findings: [elsewhere] }).join('\n')).not.toContain('Wrong now');
  });

  it.each([
    [{}, /slices {5}1 with 2 entries ▲ 1 differing/],
    [{ ciliumEndpointSlices: [] }, /slices {5}none$/m],
    [
      {
        ciliumEndpoints: [endpoint('web-2')],
        ciliumEndpointSlices: [{ metadata: meta('s'), namespace: 'shop', endpoints: [entry('web-2', 7)] }],
      },
      /slices {5}1 with 1 entry ● as their endpoints/,
    ],
  ])('counts slices and their entries in one phrase', (objects, said) => {
    expect(page(120, 50, { objects: { ...given.objects, ...objects } }).join('\n')).toMatch(said);
  });

  it('fits 80×24: what is wrong, the stuck pods first, its network, its policies', () => {
    const lines = page(80, 21);
    expect(lines).toHaveLength(21);
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "── Namespace shop ─ ● live ─────────────────────────────────────────────────────
      ▸Wrong now · 1 of the verdict's findings
         ✖ web-1 has another identity in its slice
       Pods · 3 · 1 Running, 1 ImagePullBackOff, 1 ContainerCreating
         ▲ cut-off ContainerCreating   3m cilium.sock absent · n1
         ✖ slow    ImagePullBackOff   14m Failed: no such image · n1
         all pods
       Network
         endpoints  2 ▲ 1 not ready
                    ▲ web-2 waiting-for-identity identity 7
         slices     1 with 2 entries ▲ 1 differing from their endpoints
                    ▲ web-1 in ces-a: endpoint has identity 7
         services   1 ▲ 1 without a ready address
                    ▲ web 0 of 1 ready
         DNS        ○ none
                    ◐ port 53: working it out
         drops      The metrics of agents are not asked for.
         policies   ≈ 3 isolating
                    ✖ CNP broken on all pods · in · rejected, so not enforced
                    CNP deny-all on all pods · in, out
                    and 1 more"
    `);
  });

  it('takes a pod that is just ending for well, and one that does not end for sick', () => {
    const pods = [ending('soon-gone', 0.5), ending('never-gone', 30)];
    const text = page(120, 40, { objects: { ...given.objects, pods } }).join('\n');
    expect(text).toMatch(/▲ never-gone +Terminating/);
    expect(text).not.toContain('soon-gone');
  });

  it('calls nothing well that was only so when last seen', () => {
    const objects = { ...given.objects, ciliumEndpoints: [endpoint('web-1')] };
    const line = (links: NonNullable<Given['links']>) =>
      page(120, 40, { objects, links }).find((one) => /^ +endpoints /.test(one));
    expect(line({})).toMatch(/1 ● all ready/);
    expect(line({ ciliumEndpoints: { phase: 'stale', heard: now - 42_000 } })).toMatch(/1 ○ all ready/);
  });

  it('says of the whole what it may not see', () => {
    const text = page(120, 40, { links: { events: forbidden, ciliumNetworkPolicies: forbidden } }).join('\n');
    expect(text).toContain('Warnings · forbidden: list events');
    expect(text).not.toContain('last 2m ago');
    expect(text).toMatch(/policies +not all read · CNP forbidden: list ciliumnetworkpolicies/);
  });

  it.each<[string, Given, RegExp]>([
    [
      'is being read',
      { links: { pods: { phase: 'loading', heard: now, loaded: 3 } } },
      /Namespace shop ─ ◐ loading 3 ─/,
    ],
    ['is stale', { links: { pods: { phase: 'stale', heard: now - 42_000 } } }, /Namespace shop ─ ▲ stale 42s ─/],
    [
      'may be read alone',
      { links: { pods: { phase: 'live', heard: now, only: 'shop' } } },
      /Namespace shop ─ ● live ─/,
    ],
    ['may not be read', { links: { pods: forbidden } }, /Namespace shop ─ ○ forbidden: list pods/],
    [
      'is another than the one that may be read',
      { links: { pods: { phase: 'live', heard: now, only: 'pay', problem: 'Only namespace pay was read.' } } },
      /forbidden: list pods[\s\S]*Nothing of shop is known. Only namespace pay was read./,
    ],
    ['is not there', { objects: {} }, /○ not there[\s\S]*There is no namespace shop. :ns lists those there are/],
  ])('whose namespace %s', (_, more, expected) => expect(page(120, 20, more).join('\n')).toMatch(expected));
});

describe('keys of the page', () => {
  let app: Mounted | undefined;
  afterEach(() => app?.close());

  it('open the finding, the pod and its log', async () => {
    app = mount(NamespacesScreen, snapshotOf(given), frameOf(120, 40, { args: ['shop'], scope: 'shop' }));
    await app.press('j', 'enter', 'j', 'j', 'j', 'enter', 'l');
    expect(app.told.went).toEqual([
      { pane: 'why', args: ['endpoints/slice-identity-differs|CiliumEndpoint|shop|web-1'] },
      { pane: 'object', args: ['Pod', 'shop', 'cut-off', 'describe'] },
      { pane: 'log', args: ['shop', 'cut-off', '', 'current'] },
    ]);
  });
});

describe('the list of namespaces', () => {
  let app: Mounted | undefined;
  afterEach(() => app?.close());

  it('goes to the page of the one under the cursor', async () => {
    app = mount(NamespacesScreen, snapshotOf(given), frameOf(120, 20));
    expect(app.lines()[0]).toContain('Namespaces');
    await app.press('j', 'enter');
    expect(app.told.went).toEqual([{ pane: 'namespaces', args: ['shop'] }]);
  });

  it.each([
    ['shop', '', 'shop', 'showing shop only, :ns all widens again; the verdict is of all', 0],
    ['all', 'shop', '', 'showing all namespaces', 1],
  ])('`:ns %s` narrows or widens the screens', (typed, scope, expected, said, backs) => {
    const scopes: string[] = [];
    const frame = frameOf(120, 20, { args: [typed], scope, setScope: (next) => scopes.push(next) });
    app = mount(NamespacesScreen, snapshotOf(given), frame);
    expect(scopes).toEqual([expected]);
    expect(frame.told).toMatchObject({ flashes: [said], backs });
  });
});
