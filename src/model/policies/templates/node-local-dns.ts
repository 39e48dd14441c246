import type { Template } from './template.ts';

export const nodeLocalDns: Template = {
  name: 'node-local-dns',
  summary: 'DNS where AKS LocalDNS answers it on the node',
  text: `# LocalDNS listens in the node's network at 169.254.10.10 and .11: to Cilium that is the pod's own node, or an address
# outside the cluster, never a pod. kube-dns stays allowed for when LocalDNS is off. It isolates nothing by itself.
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: allow-node-local-dns
spec:
  endpointSelector: {}
  enableDefaultDeny:
    egress: false
    ingress: false
  egress:
  - toEntities:
    - host
    toPorts:
    - ports:
      - port: "53"
        protocol: UDP
      - port: "53"
        protocol: TCP
  - toCIDR:
    - 169.254.10.0/24
    toPorts:
    - ports:
      - port: "53"
        protocol: UDP
      - port: "53"
        protocol: TCP
  - toEndpoints:
    - matchLabels:
        k8s:io.kubernetes.pod.namespace: kube-system
        k8s-app: kube-dns
    toPorts:
    - ports:
      - port: "53"
        protocol: UDP
      - port: "53"
        protocol: TCP
`,
};
