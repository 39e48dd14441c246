// Which versions the simulated cluster runs, as AKS paired them in the autumn of 2026.

export const KUBERNETES = 'v1.34.2';
export const CILIUM = 'v1.18.6-260219';
export const NODE_IMAGE = 'AKSUbuntu-2204gen2containerd-202610.18.0';

const REGISTRY = 'mcr.microsoft.com';

export function agentImage(version: string): string {
  return `${REGISTRY}/containernetworking/cilium/cilium-distroless:${version}`;
}

export function operatorImage(version: string): string {
  return `${REGISTRY}/containernetworking/cilium/operator-generic-distroless:${version}`;
}

export const IMAGES = {
  cns: `${REGISTRY}/containernetworking/azure-cns:v1.7.5`,
  ipam: `${REGISTRY}/containernetworking/azure-ipam:v0.4.0`,
  iptablesMonitor: `${REGISTRY}/containernetworking/azure-iptables-monitor:v0.0.5`,
  fluentBit: `${REGISTRY}/containernetworking/fluent-bit:v4.0.3`,
  coredns: `${REGISTRY}/oss/v2/kubernetes/coredns:v1.12.1-11`,
  autoscaler: `${REGISTRY}/oss/v2/kubernetes/autoscaler/cluster-proportional-autoscaler:v1.9.0-9`,
  konnectivity: `${REGISTRY}/oss/v2/kubernetes/apiserver-network-proxy/agent:v0.33.0-1`,
  metricsServer: `${REGISTRY}/oss/v2/kubernetes/metrics-server:v0.8.0-2`,
  addonResizer: `${REGISTRY}/oss/v2/kubernetes/autoscaler/addon-resizer:v1.8.23-5`,
  azureDisk: `${REGISTRY}/oss/v2/kubernetes-csi/azuredisk-csi:v1.33.5`,
  azureFile: `${REGISTRY}/oss/v2/kubernetes-csi/azurefile-csi:v1.34.1`,
  driverRegistrar: `${REGISTRY}/oss/v2/kubernetes-csi/csi-node-driver-registrar:v2.14.0`,
  livenessProbe: `${REGISTRY}/oss/v2/kubernetes-csi/livenessprobe:v2.16.0`,
  nodeManager: `${REGISTRY}/oss/v2/kubernetes/azure-cloud-node-manager:v1.34.1`,
  amaLogs: `${REGISTRY}/azuremonitor/containerinsights/ciprod:3.1.28`,
  hubbleRelay: `${REGISTRY}/containernetworking/cilium/hubble-relay:v1.17.4-250910`,
  securityAgent: `${REGISTRY}/containernetworking/acns-security-agent:v1.0.8`,
  kubeProxy: `${REGISTRY}/oss/v2/kubernetes/kube-proxy:v1.34.2`,
  npm: `${REGISTRY}/containernetworking/azure-npm:v1.6.31`,
  ipMasq: `${REGISTRY}/aks/ip-masq-agent-v2:v0.1.15`,
} as const;
