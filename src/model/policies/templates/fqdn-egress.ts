import type { Template } from './template.ts';

export const fqdnEgress: Template = {
  name: 'fqdn-egress',
  summary: 'out to names; on AKS it needs Advanced Container Networking Services',
  text: `# Both rules are needed: addresses of a name are learned only from DNS answers that a dns rule shows to Cilium.
# Names of services in the cluster do not match. On AKS: Advanced Container Networking Services must be on,
# and dns rules name their domains: AKS refuses matchPattern: "*". What they do not name is not resolved: add the names
# of services in the cluster that these pods use (matchPattern: "*.shop.svc.cluster.local").
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: allow-egress-to-names
spec:
  endpointSelector:
    matchLabels:
      app: frontend
  egress:
  - toEndpoints:
    - matchLabels:
        k8s:io.kubernetes.pod.namespace: kube-system
        k8s-app: kube-dns
    toPorts:
    - ports:
      - port: "53"
        protocol: ANY
      rules:
        dns:
        - matchName: login.microsoftonline.com
        - matchPattern: "*.blob.core.windows.net"
  - toFQDNs:
    - matchName: login.microsoftonline.com
    - matchPattern: "*.blob.core.windows.net"
    toPorts:
    - ports:
      - port: "443"
        protocol: TCP
`,
};
