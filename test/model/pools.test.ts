import { describe, expect, test } from 'vitest';
import { cns, pools } from '../../src/model/pools.ts';
import { noon, snapshotOf } from '../fixtures/snapshot-of.ts';

const sets = `
{kind: DaemonSet, metadata: {name: cilium, namespace: kube-system, uid: ds}, spec: {selector: {matchLabels: {k8s-app: cilium}}, template: {spec: {tolerations: [{operator: Exists}]}}}}
---
{kind: DaemonSet, metadata: {name: azure-cns, namespace: kube-system, uid: cns}, spec: {template: {spec: {tolerations: [{operator: Exists}]}}}}`;

type NodeFields = { pool?: string; kubelet?: string; image?: string; created?: string; spec?: string; ready?: string };

function node(name: string, fields: NodeFields = {}): string {
  const {
    pool = 'np1',
    kubelet = 'v1.34.2',
    image = '202610.18',
    created = '08:00:00',
    spec = '',
    ready = '08:01:00',
  } = fields;
  return `
---
{kind: Node, metadata: {name: ${name}, uid: ${name}, creationTimestamp: "2026-11-22T${created}Z", labels: {agentpool: ${pool}, kubernetes.azure.com/node-image-version: "${image}"}}, spec: {${spec}},
  status: {conditions: [{type: Ready, status: "True", lastTransitionTime: "2026-11-22T${ready}Z"}], nodeInfo: {kubeletVersion: ${kubelet}, operatingSystem: linux}}}`;
}

function pod(owner: string, app: string, on: string, ready: boolean): string {
  return `
---
{kind: Pod, metadata: {name: ${owner}-${on}, namespace: kube-system, uid: ${owner}-${on}, labels: {k8s-app: ${app}}, ownerReferences: [{kind: DaemonSet, name: ${owner}, controller: true}]},
  spec: {nodeName: ${on}, containers: [{name: a}]}, status: {phase: Running, conditions: [{type: Ready, status: "${ready ? 'True' : 'False'}"}]}}`;
}

test('nodes, agents and CNS of each pool', () => {
  const yaml =
    node('a') +
    node('b') +
    node('c', { pool: 'np2' }) +
    pod('cilium', 'cilium', 'a', true) +
    pod('cilium', 'cilium', 'b', false) +
    pod('azure-cns', 'azure-cns', 'a', true);
  const [np1, np2] = pools(snapshotOf(sets + yaml), noon);
  expect(np1).toMatchObject({
    pool: 'np1',
    nodes: 2,
    nodesReady: 2,
    agents: 2,
    agentsReady: 1,
    cns: 2,
    cnsReady: 1,
    stuck: 0,
  });
  expect(np2).toMatchObject({ pool: 'np2', nodes: 1, agents: 1, agentsReady: 0, cns: 1, cnsReady: 0 });
  expect(np1?.kubelets).toEqual([{ value: 'v1.34.2', count: 2 }]);
});

test('without azure-cns nobody wants it', () => {
  const [pool] = pools(snapshotOf(node('a')), noon);
  expect([pool?.cns, pool?.cnsReady]).toEqual([0, 0]);
  expect(cns(snapshotOf(node('a')))).toEqual([]);
});

describe('upgrade', () => {
  const cordoned =
    'unschedulable: true, taints: [{key: node.kubernetes.io/unschedulable, effect: NoSchedule, timeAdded: "2026-11-22T11:50:00Z"}]';

  test.each<[string, string, string]>([
    ['all alike', node('a') + node('b'), 'none'],
    [
      'mixed kubelets, a node just came',
      node('a') + node('b', { kubelet: 'v1.35.0', created: '11:55:00' }),
      'under-way',
    ],
    [
      'mixed kubelets, a node was just cordoned',
      node('a', { spec: cordoned }) + node('b', { kubelet: 'v1.35.0' }),
      'under-way',
    ],
    [
      'mixed kubelets, a node just became ready',
      node('a') + node('b', { kubelet: 'v1.35.0', ready: '11:45:00' }),
      'under-way',
    ],
    [
      'mixed images of a karpenter pool',
      (node('a') + node('b', { image: '202611.04' })).replaceAll('agentpool:', 'karpenter.sh/nodepool:'),
      'none',
    ],
    ['mixed images for hours', node('a') + node('b', { image: '202611.04' }), 'standing-still'],
    ['another pool has other versions', node('a') + node('b', { pool: 'np2', kubelet: 'v1.35.0' }), 'none'],
    ['a cordon alone is maintenance', node('a', { spec: cordoned }) + node('b'), 'none'],
    ['a cordon beside a surge node', node('a', { spec: cordoned }) + node('b', { created: '11:50:00' }), 'under-way'],
  ])('%s', (_, yaml, state) => expect(pools(snapshotOf(yaml), noon)[0]?.upgrade.state).toBe(state));

  test('says what is mixed', () => {
    const yaml = node('a') + node('b') + node('c', { kubelet: 'v1.35.0', spec: cordoned });
    expect(pools(snapshotOf(yaml), noon)[0]?.upgrade.text).toBe('kubelet v1.34.2 ×2, v1.35.0 ×1, 1 cordoned');
  });
});

test.each([
  ['old', node('a'), 0],
  ['just come', node('a', { created: '11:55:00' }), 1],
  ['cordoned', node('a', { spec: 'unschedulable: true' }), 1],
])('a node that is %s', (_, yaml, moving) => expect(pools(snapshotOf(yaml), noon)[0]?.moving).toBe(moving));
