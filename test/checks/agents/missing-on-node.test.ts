import { describe, expect, it } from 'vitest';
import { cases } from '../cases.ts';
import { finding } from '../given.ts';

const gone = 'kind: Pod\nmetadata: { namespace: kube-system, name: cilium-1 }\nremoved: true\n';
const label = (key: string, value: string) => `kind: Node\nmetadata: { name: np1-1, labels: { ${key}: ${value} } }\n`;

cases('agents/missing-on-node', {
  'no agent on one node': { over: gone, tells: ['agents/missing-on-node: 1 of 3 nodes without an agent'] },
  'the DaemonSet is kept away by a label': {
    over: `${gone}---\n${label('type', 'virtual-kubelet')}`,
    tells: ['agents/missing-on-node: 1 of 3 nodes without an agent'],
  },
  'the node joined two minutes ago': {
    over: `${gone}---\nkind: Node\nmetadata: { name: np1-1, creationTimestamp: <2m ago> }`,
    tells: [],
  },
  "kept away on purpose, by Cilium's own label": {
    over: `${gone}---\n${label('cilium.io/no-schedule', '"true"')}`,
    tells: [],
  },
  'the DaemonSet is gone with all its pods': {
    over: ['DaemonSet', 'Pod/cilium-0', 'Pod/cilium-1', 'Pod/cilium-2']
      .map(
        (what) =>
          `kind: ${what.split('/')[0]}\nmetadata: { namespace: kube-system, name: ${what.split('/')[1] ?? 'cilium'} }\nremoved: true`,
      )
      .join('\n---\n'),
    tells: ['agents/missing-on-node: 3 of 3 nodes without an agent: there is no DaemonSet cilium'],
  },
});

describe('agents/missing-on-node', () => {
  const evidence = (more: string) => finding({ over: `${gone}---\n${more}` }, 'agents/missing-on-node').evidence[1];

  it('says which label keeps the DaemonSet away', () => {
    expect(evidence(label('kubernetes.azure.com/cluster', 'null'))).toMatch(
      /its labels keep the DaemonSet away: kubernetes.azure.com\/cluster=\(none\)/,
    );
  });

  it('says which taint is not tolerated', () => {
    const taint = `
kind: Node
metadata: { name: np1-1 }
spec: { taints: [{ key: dedicated, value: gpu, effect: NoSchedule }] }
---
kind: DaemonSet
metadata: { namespace: kube-system, name: cilium }
spec: { template: { spec: { tolerations: [] } } }
`;
    expect(evidence(taint)).toBe('Node np1-1: the DaemonSet does not tolerate its taints (dedicated)');
  });

  it('says that a pod waits to be placed', () => {
    const pending = `
apiVersion: v1
kind: Pod
metadata:
  namespace: kube-system
  name: cilium-9
  creationTimestamp: <9m ago>
  labels: { k8s-app: cilium }
  ownerReferences: [{ kind: DaemonSet, name: cilium, uid: u, controller: true }]
spec: { containers: [{ name: cilium-agent }] }
status:
  phase: Pending
  conditions: [{ type: PodScheduled, status: 'False', reason: Unschedulable, message: 0/3 nodes are available, lastTransitionTime: <9m ago> }]
`;
    expect(evidence(pending)).toBe('Node np1-1: Pod kube-system/cilium-9 waits: 0/3 nodes are available');
  });
});
