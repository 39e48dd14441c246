import { describe, expect, test } from 'vitest';
import { agents, isSick } from '../../src/model/agents.ts';
import { onlySickShare, traitsText } from '../../src/model/only-sick.ts';
import { noon, snapshotOf } from '../fixtures/snapshot-of.ts';

const set = `
{kind: DaemonSet, metadata: {name: cilium, namespace: kube-system, uid: ds}, spec: {selector: {matchLabels: {k8s-app: cilium}},
  template: {spec: {nodeSelector: {kubernetes.io/os: linux}, tolerations: [{operator: Exists}], affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: type, operator: NotIn, values: [virtual-kubelet]}]}]}}}}}}}
`;

function node(name: string, more = '', labels = ''): string {
  return `
---
{kind: Node, metadata: {name: ${name}, uid: node-${name}, creationTimestamp: "2026-11-22T08:00:00Z", labels: {kubernetes.io/os: linux, agentpool: np1${labels}}},
  spec: {${more}}, status: {conditions: [{type: Ready, status: "True"}], nodeInfo: {operatingSystem: linux, kernelVersion: 6.8.0}}}`;
}

function agent(name: string, on: string, status: string, more = ''): string {
  return `
---
{kind: Pod, metadata: {name: ${name}, namespace: kube-system, uid: ${name}, creationTimestamp: "2026-11-22T09:00:00Z", labels: {k8s-app: cilium}, ownerReferences: [{kind: DaemonSet, name: cilium, controller: true}]${more}},
  spec: {nodeName: ${on}, hostNetwork: true, initContainers: [{name: mount-bpf-fs, image: c}], containers: [{name: cilium-agent, image: "mcr/cilium/cilium:v1.18.6-260101"}]}, status: ${status}}`;
}

const running = `{phase: Running, conditions: [{type: Ready, status: "True", lastTransitionTime: "2026-11-22T09:01:00Z"}], containerStatuses: [{name: cilium-agent, ready: true, restartCount: 0, state: {running: {startedAt: "2026-11-22T09:00:30Z"}}}]}`;
const initLoop = `{phase: Pending, conditions: [{type: Ready, status: "False", lastTransitionTime: "2026-11-22T11:46:00Z"}], initContainerStatuses: [{name: mount-bpf-fs, restartCount: 7, state: {waiting: {reason: CrashLoopBackOff, message: back-off 5m0s}}, lastState: {terminated: {exitCode: 1, reason: Error, message: "operation not permitted", finishedAt: "2026-11-22T11:58:00Z"}}}], containerStatuses: [{name: cilium-agent, state: {waiting: {reason: PodInitializing}}}]}`;
const crashed = `{phase: Running, containerStatuses: [{name: cilium-agent, ready: false, restartCount: 4, state: {running: {}}, lastState: {terminated: {exitCode: 1, reason: Error, message: "Unable to contact k8s api-server", finishedAt: "2026-11-22T11:58:00Z"}}}]}`;
const once = `{phase: Running, containerStatuses: [{name: cilium-agent, ready: false, restartCount: 1, state: {terminated: {exitCode: 1, reason: Error, message: fatal}}}]}`;
const pulling = `{phase: Pending, containerStatuses: [{name: cilium-agent, state: {waiting: {reason: ImagePullBackOff, message: not found}}}]}`;
const starting = `{phase: Pending, initContainerStatuses: [{name: mount-bpf-fs, state: {running: {}}}], containerStatuses: [{name: cilium-agent, state: {waiting: {reason: PodInitializing}}}]}`;
const notReady = `{phase: Running, conditions: [{type: Ready, status: "False", lastTransitionTime: "2026-11-22T11:50:00Z"}], containerStatuses: [{name: cilium-agent, ready: false, restartCount: 0, state: {running: {}}}]}`;

const states: [what: string, yaml: string, state: string, failing: string | undefined, message: string | undefined][] =
  [
    ['runs', node('n1') + agent('a', 'n1', running), 'ready', undefined, undefined],
    [
      'an init container crash-loops',
      node('n1') + agent('a', 'n1', initLoop),
      'crash-looping',
      'mount-bpf-fs',
      'operation not permitted',
    ],
    [
      'the agent runs for a moment between two crashes',
      node('n1') + agent('a', 'n1', crashed),
      'crash-looping',
      'cilium-agent',
      'Unable to contact k8s api-server',
    ],
    ['the agent failed once', node('n1') + agent('a', 'n1', once), 'failing', 'cilium-agent', 'fatal'],
    ['the image is missing', node('n1') + agent('a', 'n1', pulling), 'failing', 'cilium-agent', 'not found'],
    [
      'init containers still run after three hours',
      node('n1') + agent('a', 'n1', starting),
      'not-ready',
      undefined,
      undefined,
    ],
    ['runs but is not ready', node('n1') + agent('a', 'n1', notReady), 'not-ready', undefined, undefined],
    [
      'is replaced',
      node('n1') + agent('a', 'n1', running, ', deletionTimestamp: "2026-11-22T11:59:00Z"'),
      'terminating',
      undefined,
      undefined,
    ],
    ['no pod', node('n1'), 'missing', undefined, undefined],
    [
      'no pod on a tainted node that is tolerated',
      node('n1', 'taints: [{key: dedicated, value: gpu, effect: NoSchedule}]'),
      'missing',
      undefined,
      undefined,
    ],
    ['no pod on a virtual kubelet', node('n1', '', ', type: virtual-kubelet'), 'not-wanted', undefined, undefined],
    [
      'no pod on Windows',
      node('n1').replace('kubernetes.io/os: linux', 'kubernetes.io/os: windows'),
      'not-wanted',
      undefined,
      undefined,
    ],
  ];

describe('state of the agent', () => {
  test.each(states)('%s', (_, yaml, state, failing, message) => {
    const [row] = agents(snapshotOf(set + yaml), noon);
    expect([row?.state, row?.failing?.container, row?.failing?.message]).toEqual([state, failing, message]);
  });

  test('a young pod is starting, not not-ready', () => {
    const young = agent('a', 'n1', starting).replace('09:00:00Z', '11:58:00Z');
    expect(agents(snapshotOf(set + node('n1') + young), noon)[0]?.state).toBe('starting');
  });

  test('while one is replaced, the new one counts', () => {
    const old = agent('old', 'n1', running, ', deletionTimestamp: "2026-11-22T11:59:00Z"');
    const [row, ...rest] = agents(snapshotOf(set + node('n1') + old + agent('new', 'n1', running)), noon);
    expect([row?.pod?.name, rest.length]).toEqual(['new', 0]);
  });

  test('an agent whose node is gone is still shown', () => {
    expect(agents(snapshotOf(set + agent('a', 'gone', running)), noon).map((row) => [row.node, row.nodeRow])).toEqual([
      ['gone', undefined],
    ]);
  });

  test('a looping container that last died an hour ago does not loop', () => {
    const old = crashed.replace('11:58:00Z', '10:00:00Z');
    expect(agents(snapshotOf(set + node('n1') + agent('a', 'n1', old)), noon)[0]?.state).toBe('failing');
  });
});

test('version, taint, since and restarts are told', () => {
  const tainted = node(
    'n1',
    'taints: [{key: node.cilium.io/agent-not-ready, effect: NoExecute, timeAdded: "2026-11-22T11:47:00Z"}]',
  );
  const [row] = agents(snapshotOf(set + tainted + agent('a', 'n1', initLoop)), noon);
  expect(row).toMatchObject({
    version: '1.18.6',
    status: 'Init:CrashLoopBackOff',
    restarts: 7,
    since: Date.parse('2026-11-22T11:46:00Z'),
    lastRestart: Date.parse('2026-11-22T11:58:00Z'),
    taint: { key: 'node.cilium.io/agent-not-ready', effect: 'NoExecute', since: Date.parse('2026-11-22T11:47:00Z') },
    failing: { init: true, reason: 'CrashLoopBackOff', exitCode: 1, hasPrevious: true },
  });
});

test('sick first', () => {
  const yaml =
    set +
    node('a') +
    agent('a1', 'a', running) +
    node('b') +
    agent('b1', 'b', initLoop) +
    node('c') +
    node('d') +
    agent('d1', 'd', notReady);
  expect(agents(snapshotOf(yaml), noon).map((row) => row.state)).toEqual([
    'crash-looping',
    'missing',
    'not-ready',
    'ready',
  ]);
});

describe('what only the sick share', () => {
  const pool = (name: string) =>
    ` , kubernetes.azure.com/agentpool: ${name}, kubernetes.azure.com/node-image-version: image-${name}`;

  test('their pool and image, not the kernel that all have', () => {
    const yaml =
      set +
      node('a', '', pool('np1')) +
      agent('a1', 'a', running) +
      node('b', '', pool('np2')) +
      agent('b1', 'b', initLoop) +
      node('c', '', pool('np2')) +
      agent('c1', 'c', initLoop);
    const rows = agents(snapshotOf(yaml), noon);
    expect(rows.filter(isSick)).toHaveLength(2);
    const traits = onlySickShare(rows);
    expect(traits.map((one) => [one.trait, one.sick])).toEqual([
      ['pool', 'np2'],
      ['node image', 'image-np2'],
    ]);
    expect(traitsText(traits)).toBe('pool np2, node image image-np2 · 1 healthy: image-np1');
  });

  test('and what the healthy have instead is told of the node image, from which kernel and os follow', () => {
    const traits = (['node image', 'kernel', 'os'] as const).map((trait) => ({
      trait,
      sick: `new ${trait}`,
      healthy: [{ value: `old ${trait}`, count: 10 }],
    }));
    expect(traitsText(traits)).toBe(
      'node image new node image, kernel new kernel, os new os · 10 healthy: old node image',
    );
  });

  test.each([
    ['nobody is sick', node('a') + agent('a1', 'a', running)],
    ['everybody is sick', node('a') + agent('a1', 'a', initLoop)],
    ['a healthy one has it too', node('a') + agent('a1', 'a', running) + node('b') + agent('b1', 'b', initLoop)],
  ])('nothing when %s', (_, yaml) => expect(onlySickShare(agents(snapshotOf(set + yaml), noon))).toEqual([]));
});

test('a pod of somebody else is no agent, whatever label it has', () => {
  const stranger = agent('a', 'n1', initLoop).replace('namespace: kube-system', 'namespace: shop');
  const [row] = agents(snapshotOf(set + node('n1') + agent('b', 'n1', running) + stranger), noon);
  expect(row).toMatchObject({ state: 'ready', pod: { name: 'b' } });
});
