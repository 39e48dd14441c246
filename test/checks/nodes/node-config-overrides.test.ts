import { cases } from '../cases.ts';

const override = `
apiVersion: cilium.io/v2
kind: CiliumNodeConfig
metadata: { namespace: kube-system, name: try }
spec: { nodeSelector: { matchLabels: { pool: a } }, defaults: { debug: 'true' } }
`;

cases('nodes/node-config-overrides', {
  'on a managed cluster': {
    over: override,
    tells: ["nodes/node-config-overrides: 1 CiliumNodeConfig overrides the agent's configuration"],
  },
  'where people run Cilium themselves': {
    over: `${override}
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
