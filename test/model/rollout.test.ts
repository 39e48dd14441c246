import { describe, expect, test } from 'vitest';
import { agents } from '../../src/model/agents.ts';
import { agentRollout } from '../../src/model/rollout.ts';
import { noon, snapshotOf } from '../fixtures/snapshot-of.ts';

const set = (updated: number) => `
{kind: DaemonSet, metadata: {name: cilium, namespace: kube-system, uid: ds, generation: 2}, spec: {selector: {matchLabels: {k8s-app: cilium}}}, status: {observedGeneration: 2, desiredNumberScheduled: 2, updatedNumberScheduled: ${updated}}}`;
const agent = (node: string, tag: string, created: string) => `
---
{kind: Node, metadata: {name: ${node}, uid: ${node}}}
---
{kind: Pod, metadata: {name: cilium-${node}, namespace: kube-system, uid: p-${node}, creationTimestamp: "2026-11-22T${created}Z", labels: {k8s-app: cilium}},
  spec: {nodeName: ${node}, containers: [{name: cilium-agent, image: "cilium:${tag}"}]}, status: {phase: Running, conditions: [{type: Ready, status: "True"}]}}`;
const revision = (number: number, created: string) => `
---
{kind: ControllerRevision, metadata: {name: r${number}, namespace: kube-system, uid: r${number}, creationTimestamp: "2026-11-22T${created}Z", ownerReferences: [{kind: DaemonSet, name: cilium, controller: true}]}, revision: ${number}}`;

function rollout(yaml: string) {
  const snapshot = snapshotOf(yaml);
  return agentRollout(snapshot, agents(snapshot, noon), noon);
}

describe('rollout', () => {
  test.each([
    ['all alike', set(2) + agent('a', 'v1.18.6', '08:00:00') + agent('b', 'v1.18.6', '08:00:00'), 'done'],
    [
      'mixed, one just replaced',
      set(1) + agent('a', 'v1.18.6', '08:00:00') + agent('b', 'v1.18.9', '11:55:00'),
      'under-way',
    ],
    [
      'mixed for 45 minutes',
      set(1) + agent('a', 'v1.18.6', '08:00:00') + agent('b', 'v1.18.9', '11:15:00'),
      'standing-still',
    ],
    [
      'the same version, a new template just now',
      set(0) + agent('a', 'v1.18.6', '08:00:00') + agent('b', 'v1.18.6', '08:00:00') + revision(2, '11:59:00'),
      'under-way',
    ],
  ])('%s', (_, yaml, state) => expect(rollout(yaml)?.state).toBe(state));

  test('says which versions and revisions', () => {
    const yaml =
      set(1) +
      agent('a', 'v1.18.6', '08:00:00') +
      agent('b', 'v1.18.9', '11:55:00') +
      revision(12, '08:00:00') +
      revision(13, '11:50:40');
    expect(rollout(yaml)).toMatchObject({
      revision: '12 → 13',
      began: Date.parse('2026-11-22T11:50:40Z'),
      versions: [
        { version: '1.18.9', count: 1 },
        { version: '1.18.6', count: 1 },
      ],
    });
  });

  test('no DaemonSet, no rollout', () => expect(rollout('')).toBeUndefined());
});
