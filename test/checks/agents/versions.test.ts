import { describe, expect, it } from 'vitest';
import { clock } from '../../../src/model/clock.ts';
import { cases } from '../cases.ts';
import { finding } from '../given.ts';
import { now } from '../healthy-cluster.ts';

const image = (at: number, tag: string, made = '5h') => `
kind: Pod
metadata: { namespace: kube-system, name: cilium-${at}, creationTimestamp: <${made} ago> }
spec: { containers: [{ name: cilium-agent, image: 'mcr.microsoft.com/oss/cilium/cilium:${tag}' }] }
status: { conditions: [{ type: Ready, status: 'True', lastTransitionTime: <${made} ago> }] }
`;
const all = (tag: string) => [0, 1, 2].map((at) => image(at, tag)).join('---');
const rollout = (updated: number, began: string, strategy = 'rollingUpdate: { maxUnavailable: 2 }') => `
kind: DaemonSet
metadata: { namespace: kube-system, name: cilium }
spec: { updateStrategy: { type: RollingUpdate, ${strategy} } }
status: { updatedNumberScheduled: ${updated} }
---
kind: ControllerRevision
metadata:
  namespace: kube-system
  name: cilium-8e0a
  creationTimestamp: <${began} ago>
  ownerReferences: [{ kind: DaemonSet, name: cilium, uid: uid-cilium, controller: true }]
revision: 2
`;
const own = `
kind: ConfigMap
metadata: { namespace: kube-system, name: cilium-config }
data: { ipam: cluster-pool }
---
kind: DaemonSet
metadata: { namespace: kube-system, name: cilium, labels: null }
`;

cases('agents/mixed-versions and cluster/rollout-stuck', {
  'a rollout that stands for 45 minutes': {
    over: [image(0, 'v1.18.9-260514', '45m'), rollout(1, '45m')],
    tells: ['cluster/rollout-stuck: rollout of the agents stands still: 1 of 3 updated, no move for 45m'],
  },
  'a rollout that moved ten minutes ago': {
    over: [image(0, 'v1.18.9-260514', '10m'), rollout(1, '45m')],
    tells: [],
  },
  'a rollout that began ten minutes ago': { over: rollout(0, '10m'), tells: [] },
  'two builds of one version are one version': { over: image(0, 'v1.18.6-251120'), tells: [] },
  'a DaemonSet whose pods are replaced by hand': {
    over: rollout(0, '2d', 'rollingUpdate: null'),
    tells: [],
  },
});

cases('agents/version-below-minimum', {
  'all agents below': {
    over: all('v1.18.5'),
    tells: ['agents/version-below-minimum: 3 of 3 agents below 1.18.6: 1.18.5 ×3'],
  },
  'at the minimum, whatever the build': { over: all('v1.18.6-251120'), tells: [] },
  'a Kubernetes the table does not know': { over: all('v1.10.0'), kubernetes: 'v1.99.0', tells: [] },
  'the table is about managed clusters only': { over: [all('v1.15.0'), own], tells: [] },
  'a tag that is no version': { over: all('latest'), tells: [] },
  'while a rollout moves': { over: [all('v1.18.5'), rollout(0, '10m')], tells: [] },
});

cases('cluster/rollout-stuck', {
  'an upgrade of a pool left half done': {
    over: 'kind: Node\nmetadata: { name: np1-1 }\nstatus: { nodeInfo: { kubeletVersion: v1.33.5 } }',
    tells: ['cluster/rollout-stuck: upgrade of pool np1 stands still: kubelet v1.34.2 ×2, v1.33.5 ×1'],
  },
  'an upgrade of a pool that moves': {
    over: `
kind: Node
metadata: { name: np1-1, creationTimestamp: <12m ago> }
status:
  nodeInfo: { kubeletVersion: v1.34.3 }
  conditions: [{ type: Ready, status: 'True', lastTransitionTime: <11m ago> }]
`,
    tells: [],
  },
  'nodes without a pool, replaced one by one for days': {
    over: [0, 1, 2]
      .map(
        (at) =>
          `kind: Node\nmetadata: { name: np1-${at}, labels: { kubernetes.azure.com/agentpool: null } }\nstatus: { nodeInfo: { kubeletVersion: v1.3${at + 2}.1 } }\n`,
      )
      .join('---\n'),
    tells: [],
  },
  'the operator’s new pod does not start': {
    over: `
kind: Deployment
metadata: { namespace: kube-system, name: cilium-operator }
status:
  updatedReplicas: 1
  conditions: [{ type: Progressing, status: 'False', reason: ProgressDeadlineExceeded, message: has timed out progressing, lastTransitionTime: <20m ago> }]
`,
    tells: ['cluster/rollout-stuck: rollout of the operator stands still'],
  },
});

describe('what a rollout waits for, in plain words', () => {
  const waits = (spec: string, status: string) =>
    finding(
      {
        over: [
          image(0, 'v1.18.9-260514', '45m'),
          rollout(1, '45m'),
          `kind: DaemonSet\nmetadata: { namespace: kube-system, name: cilium }\nspec: { ${spec} }\nstatus: { ${status} }`,
        ],
      },
      'cluster/rollout-stuck',
    ).evidence[0];

  it.each([
    ['', '', '1 of 3 updated'],
    ['', 'numberUnavailable: 1', '1 of 3 updated, 1 not ready'],
    [
      'minReadySeconds: 7200',
      'numberUnavailable: 1',
      '1 of 3 updated, 1 not yet ready for the 2h of minReadySeconds, before which no other is replaced',
    ],
  ])('spec %s status %s', (spec, status, words) => {
    expect(waits(spec, status)).toMatch(new RegExp(`^DaemonSet kube-system/cilium: ${words}(, revision|$)`));
  });
});

describe('what to do about a rollout that waits', () => {
  const next = (spec: string) =>
    finding(
      {
        over: [
          image(0, 'v1.18.9-260514', '45m'),
          image(1, 'v1.18.9-260514', '40m'),
          rollout(2, '45m'),
          `kind: DaemonSet\nmetadata: { namespace: kube-system, name: cilium }\nspec: { ${spec} }`,
        ],
      },
      'cluster/rollout-stuck',
    ).next;
  const strategy = (most: string) =>
    `minReadySeconds: 7200, updateStrategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: ${most} } }`;

  it.each([
    ['the first of two, where two may be unavailable', '2', 75],
    ['the second, where only one may be', '1', 80],
    ['a part of them, rounded up', '34%', 75],
  ])('says when it goes on by itself: %s', (_, most, minutes) => {
    const at = clock(now + minutes * 60_000);
    expect(next(strategy(most))).toBe(
      `Wait: it goes on by itself at ${at}, in ${minutes}m, once agents have been ready for the 2h of minReadySeconds.`,
    );
  });

  it('does not, where that is not what it waits for', () =>
    expect(next('minReadySeconds: 60')).toMatch(/^See what the controller waits for/));
});
