import type { Template } from './template.ts';

export const allowFrontendToBackend: Template = {
  name: 'allow-frontend-to-backend',
  summary: 'who may reach the backend: a NetworkPolicy',
  text: `# The backend takes connections of the frontend in its own namespace, on the container's port 8080, and no others.
# The pod's own node still reaches it (kubelet probes); a load balancer's clients do not: policy holds for them too.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: allow-frontend-to-backend
spec:
  podSelector:
    matchLabels:
      app: backend
  policyTypes:
  - Ingress
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: frontend
    ports:
    - protocol: TCP
      port: 8080
`,
};
