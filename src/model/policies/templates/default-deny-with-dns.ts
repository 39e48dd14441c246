import type { Template } from './template.ts';

export const defaultDenyWithDns: Template = {
  name: 'default-deny-with-dns',
  summary: 'nothing in, nothing out but DNS, for a whole namespace',
  text: `# Begin with this one and add what is needed. It cuts every pod of the namespace off at once, also open connections.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny-with-dns
spec:
  podSelector: {}
  policyTypes:
  - Ingress
  - Egress
  egress:
  - to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
      podSelector:
        matchLabels:
          k8s-app: kube-dns
    ports:
    - protocol: UDP
      port: 53
    - protocol: TCP
      port: 53
`,
};
