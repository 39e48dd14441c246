import { cases } from '../cases.ts';

const unready = (since: string) => `
kind: Pod
metadata: { namespace: kube-system, name: azure-cns-1 }
status: { conditions: [{ type: Ready, status: 'False', lastTransitionTime: <${since} ago> }] }
`;

cases('nodes/cns-not-ready', {
  'not ready for five minutes': {
    over: unready('5m'),
    tells: ['nodes/cns-not-ready: azure-cns not ready on 1 of 3 nodes: pool np1 ×1'],
  },
  'restarted a minute ago': { over: unready('1m'), tells: [] },
  'no pod on the node': {
    over: 'kind: Pod\nmetadata: { namespace: kube-system, name: azure-cns-1 }\nremoved: true',
    tells: ['nodes/cns-not-ready: azure-cns not ready on 1 of 3 nodes: pool np1 ×1'],
  },
  'on a node that joins': {
    over: `${unready('4m')}\n---\nkind: Node\nmetadata: { name: np1-1, creationTimestamp: <4m ago> }`,
    tells: [],
  },
  'a self-managed cluster has no CNS': {
    over: `
kind: DaemonSet
metadata: { namespace: kube-system, name: azure-cns }
removed: true
---
kind: Pod
metadata: { namespace: kube-system, name: azure-cns-0 }
removed: true
---
kind: ConfigMap
metadata: { namespace: kube-system, name: cilium-config }
data: { ipam: cluster-pool }
---
kind: DaemonSet
metadata: { namespace: kube-system, name: cilium, labels: null }
`,
    tells: [],
  },
});
