import type { Template } from './template.ts';

export const allowFrontendToBackendCilium: Template = {
  name: 'allow-frontend-to-backend-cilium',
  summary: 'the same as a CiliumNetworkPolicy',
  text: `# apiVersion is cilium.io/v2: no other is served. Ports are text, and a protocol is said: without one it is ANY.
# fromEndpoints without a namespace means the policy's own namespace.
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: allow-frontend-to-backend
spec:
  endpointSelector:
    matchLabels:
      app: backend
  ingress:
  - fromEndpoints:
    - matchLabels:
        app: frontend
    toPorts:
    - ports:
      - port: "8080"
        protocol: TCP
`,
};
