import { expect, it } from 'vitest';
import { cases } from '../cases.ts';
import { finding } from '../given.ts';

const windows = `
kind: Node
metadata:
  name: win-0
  creationTimestamp: <3h ago>
  labels: { kubernetes.azure.com/cluster: x, kubernetes.io/os: windows, kubernetes.azure.com/agentpool: win }
status:
  conditions: [{ type: Ready, status: 'True', lastTransitionTime: <3h ago> }]
  nodeInfo: { operatingSystem: windows, kubeletVersion: v1.34.2 }
---
apiVersion: v1
kind: Pod
metadata: { namespace: shop, name: iis-0, creationTimestamp: <3h ago> }
spec: { nodeName: win-0, containers: [{ name: iis }] }
status: { phase: Running, podIP: 10.244.9.9, conditions: [{ type: Ready, status: 'True', lastTransitionTime: <3h ago> }] }
`;

cases('nodes/windows', {
  'a Windows node: no agent is missed there, and no endpoint': {
    over: windows,
    tells: ['nodes/windows: 1 Windows node: no Cilium, no policies there'],
  },
});

it('is a warning on a managed cluster, and worth a note where somebody chose to mix', () => {
  expect(finding({ over: windows }, 'nodes/windows').severity).toBe('warning');
  const own = `${windows}
---
kind: ConfigMap
metadata: { namespace: kube-system, name: cilium-config }
data: { ipam: cluster-pool }
---
kind: DaemonSet
metadata: { namespace: kube-system, name: cilium, labels: null }
`;
  expect(finding({ over: own }, 'nodes/windows').severity).toBe('note');
});
