import { describe, expect, test } from 'vitest';
import { cniWords } from '../../src/model/cni-words.ts';
import { stuckGroups, stuckPods } from '../../src/model/stuck-pods.ts';
import { snapshotOf } from '../fixtures/snapshot-of.ts';

describe('the words of the CNI', () => {
  test.each([
    [
      'Failed to create pod sandbox: plugin type="cilium-cni" failed (add): unable to connect to Cilium agent: Get "http://localhost/v1/config": dial unix /var/run/cilium/cilium.sock: connect: no such file',
      'agent-absent',
    ],
    [
      'plugin type="cilium-cni" failed (add): failed to invoke delegated plugin ADD for IPAM: Failed to request IP address from CNS: connection refused',
      'cns',
    ],
    [
      'plugin type="cilium-cni" failed (add): unable to create endpoint: Cilium API client timeout exceeded',
      'agent-slow',
    ],
    [
      'plugin type="cilium-cni" failed (add): unable to allocate IP via local cilium agent: range is full',
      'no-addresses',
    ],
    ['not enough IPs available for 10.0.0.1, waiting on Azure CNS to allocate more', 'no-addresses'],
    ['NCUpdateSubnetFullError', 'subnet-full'],
    ['network is not ready: container runtime network not ready: cni plugin not initialized', 'no-cni'],
    ['plugin type="cilium-cni" failed (add): something new', 'cni'],
  ])('%s', (message, id) => expect(cniWords(message)?.id).toBe(id));

  test.each([
    'Failed to pull image "x": not found',
    'MountVolume.SetUp failed for volume "data"',
    'context deadline exceeded',
    '',
  ])('%s is not ours', (message) => {
    expect(cniWords(message)).toBeUndefined();
  });
});

const node = (name: string, pool: string) => `
---
{kind: Node, metadata: {name: ${name}, uid: ${name}, labels: {agentpool: ${pool}}}}`;
const pod = (
  name: string,
  on: string,
  status = 'phase: Pending, containerStatuses: [{name: a, state: {waiting: {reason: ContainerCreating}}}]',
  spec = '',
) => `
---
{kind: Pod, metadata: {name: ${name}, namespace: shop, uid: ${name}}, spec: {nodeName: ${on}, containers: [{name: a}]${spec}}, status: {${status}}}`;
const event = (pod: string, message: string, reason = 'FailedCreatePodSandBox') => `
---
{kind: Event, metadata: {name: ev-${pod}, namespace: shop, uid: ev-${pod}}, type: Warning, reason: ${reason}, message: ${JSON.stringify(message)}, involvedObject: {kind: Pod, name: ${pod}, namespace: shop, uid: ${pod}}, firstTimestamp: "2026-11-22T11:47:00Z", lastTimestamp: "2026-11-22T11:59:00Z"}`;
const cns = 'plugin type="cilium-cni" failed (add): Failed to request IP address from CNS';

describe('stuck pods', () => {
  test.each([
    ['waits with the CNI\u2019s words', pod('p', 'n1') + event('p', cns), 1],
    [
      'waits in an init phase',
      pod(
        'p',
        'n1',
        'phase: Pending, initContainerStatuses: [{name: i, state: {waiting: {reason: PodInitializing}}}]',
        ', initContainers: [{name: i}]',
      ) + event('p', cns),
      1,
    ],
    ['waits silently', pod('p', 'n1'), 0],
    [
      'waits for a volume',
      pod('p', 'n1') + event('p', 'MountVolume.SetUp failed for volume "cni-config"', 'FailedMount'),
      0,
    ],
    [
      'waits for an image',
      pod('p', 'n1', 'phase: Pending, containerStatuses: [{name: a, state: {waiting: {reason: ImagePullBackOff}}}]') +
        event('p', 'Back-off pulling image', 'BackOff'),
      0,
    ],
    [
      'has its address by now',
      pod(
        'p',
        'n1',
        'phase: Pending, podIP: 10.1.0.1, containerStatuses: [{name: a, state: {waiting: {reason: ContainerCreating}}}]',
      ) + event('p', cns),
      0,
    ],
    ['uses the host\u2019s network', pod('p', 'n1', undefined, ', hostNetwork: true') + event('p', cns), 0],
    ['is not scheduled', pod('p', '""', 'phase: Pending') + event('p', cns), 0],
    ['runs', pod('p', 'n1', 'phase: Running') + event('p', cns), 0],
  ])('a pod that %s', (_, yaml, count) => expect(stuckPods(snapshotOf(node('n1', 'np1') + yaml))).toHaveLength(count));

  test('since it last ran, whatever its event counts from', () => {
    const ran = (ended: string) =>
      `containerStatuses: [{name: a, state: {waiting: {reason: ContainerCreating}}, lastState: {terminated: {exitCode: 255, finishedAt: "${ended}"}}}]`;
    const since = (status?: string) =>
      stuckPods(snapshotOf(node('n1', 'np1') + pod('p', 'n1', status) + event('p', cns)))[0]?.since;
    expect(since(ran('2026-11-22T11:55:00Z'))).toBe(Date.parse('2026-11-22T11:55:00Z'));
    expect(since(ran('2026-11-22T11:40:00Z'))).toBe(Date.parse('2026-11-22T11:40:00Z'));
    expect(since()).toBe(Date.parse('2026-11-22T11:47:00Z'));
  });

  test('by pool and node, with the most frequent words and the first moment', () => {
    const yaml = ['p1', 'p2', 'p3']
      .map((name, index) => pod(name, index === 2 ? 'n3' : 'n2') + event(name, cns))
      .join('');
    const [group, ...rest] = stuckGroups(snapshotOf(node('n2', 'np2') + node('n3', 'np2') + yaml));
    expect(rest).toEqual([]);
    expect(group).toMatchObject({
      pool: 'np2',
      words: { id: 'cns' },
      since: Date.parse('2026-11-22T11:47:00Z'),
      nodes: [
        { node: 'n2', pods: 2 },
        { node: 'n3', pods: 1 },
      ],
    });
  });
});
