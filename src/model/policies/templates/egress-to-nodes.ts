import type { Template } from './template.ts';

export const egressToNodes: Template = {
  name: 'egress-to-nodes',
  summary: 'nodes and their network, which no NetworkPolicy can allow',
  text: `# host is the pod's own node, remote-node any other. It adds to other policies and isolates nothing by itself.
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: allow-egress-to-nodes
spec:
  endpointSelector: {}
  enableDefaultDeny:
    egress: false
    ingress: false
  egress:
  - toEntities:
    - host
    - remote-node
`,
};
