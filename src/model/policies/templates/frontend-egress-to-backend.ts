import type { Template } from './template.ts';

export const frontendEgressToBackend: Template = {
  name: 'frontend-egress-to-backend',
  summary: 'where the frontend may go, DNS among it',
  text: `# Any egress rule isolates the frontend's egress: without the rule for DNS it could not even look the backend up.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: frontend-to-backend
spec:
  podSelector:
    matchLabels:
      app: frontend
  policyTypes:
  - Egress
  egress:
  - to:
    - podSelector:
        matchLabels:
          app: backend
    ports:
    - protocol: TCP
      port: 8080
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
