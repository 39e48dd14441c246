import type { Template } from './template.ts';

export const ipBlockAndPods: Template = {
  name: 'ip-block-and-pods',
  summary: 'everywhere out, although ipBlock never selects pods',
  text: `# WARNING: with Cilium an ipBlock, even 0.0.0.0/0, never selects pods or nodes of the cluster. The second peer adds the
# pods of every namespace. In a large cluster that is an entry of the policy map for every identity: it can fill up
# (AKS#5969); select fewer namespaces where you can. Nodes no NetworkPolicy can allow: see egress-to-nodes.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: allow-all-egress
spec:
  podSelector: {}
  policyTypes:
  - Egress
  egress:
  - to:
    - ipBlock:
        cidr: 0.0.0.0/0
    - namespaceSelector: {}
`,
};
