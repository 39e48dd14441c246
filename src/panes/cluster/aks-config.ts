/** A key of cilium-config that decides how the network behaves, and what AKS sets it to. */
export type ConfigKey = {
  key: string;
  /** What AKS ships; several where its variants differ; none where it leaves the key out. */
  aks: readonly string[];
  /** What it is for, in a few words. */
  about: string;
};

/** Keys of AKS' cilium-config for 1.18 and 1.19, in the hubble and eBPF host routing variants. */
const configKeys: readonly ConfigKey[] = [
  { key: 'ipam', aks: ['delegated-plugin'], about: 'who gives pods their addresses' },
  { key: 'routing-mode', aks: ['native'], about: 'native, or a tunnel' },
  { key: 'kube-proxy-replacement', aks: ['true'], about: 'services by eBPF' },
  { key: 'enable-policy', aks: ['default'], about: 'never = no policy is enforced' },
  { key: 'enable-k8s-networkpolicy', aks: ['true'], about: 'Kubernetes NetworkPolicies' },
  { key: 'enable-l7-proxy', aks: ['false', 'true'], about: 'L7 and FQDN rules' },
  { key: 'enable-host-legacy-routing', aks: ['true', 'false'], about: 'false = eBPF host routing' },
  { key: 'enable-hubble', aks: ['false', 'true'], about: 'flows; true with ACNS' },
  { key: 'enable-wireguard', aks: ['false', 'true'], about: 'encryption between nodes' },
  { key: 'identity-allocation-mode', aks: ['crd'], about: 'where identities live' },
  { key: 'identity-management-mode', aks: ['agent', 'operator'], about: 'who makes identities' },
  { key: 'enable-cilium-endpoint-slice', aks: ['true'], about: 'agents watch slices, not endpoints' },
  { key: 'ces-slice-mode', aks: ['fcfs'], about: 'how endpoints are put into slices' },
  { key: 'disable-endpoint-crd', aks: ['false'], about: 'true = no CiliumEndpoints at all' },
  { key: 'enable-endpoint-routes', aks: ['true'], about: 'a route per pod' },
  { key: 'enable-endpoint-health-checking', aks: ['false'], about: 'a health endpoint per node' },
  { key: 'enable-health-checking', aks: ['true'], about: 'nodes probe each other' },
  { key: 'enable-sctp', aks: ['false'], about: 'SCTP' },
  { key: 'enable-node-selector-labels', aks: ['false'], about: 'fromNodes and toNodes in policies' },
  { key: 'enable-non-default-deny-policies', aks: ['true'], about: 'policies that do not isolate' },
  { key: 'enable-bgp-control-plane', aks: ['false'], about: 'BGP' },
  { key: 'enable-lb-ipam', aks: ['false'], about: 'load balancer addresses by Cilium' },
  {
    key: 'enable-endpoint-lockdown-on-policy-overflow',
    aks: ['false'],
    about: 'cut pods off when the policy map is full',
  },
  { key: 'bpf-lb-sock', aks: ['false'], about: 'service translation in the socket' },
  { key: 'bpf-lb-mode', aks: ['snat'], about: 'how node ports answer' },
  { key: 'bpf-lb-map-max', aks: ['65536'], about: 'service entries per node' },
  { key: 'bpf-policy-map-max', aks: ['16384'], about: 'policy entries per pod' },
  { key: 'bpf-map-dynamic-size-ratio', aks: ['0.0025'], about: 'memory for eBPF maps' },
  { key: 'k8s-client-qps', aks: ['10'], about: "each agent's requests per second" },
  { key: 'k8s-client-burst', aks: ['20'], about: "each agent's burst of requests" },
  {
    key: 'agent-not-ready-taint-key',
    aks: ['node.cilium.io/agent-not-ready'],
    about: 'the taint of nodes without agent',
  },
  { key: 'set-cilium-node-taints', aks: ['true'], about: 'the operator taints' },
  { key: 'remove-cilium-node-taints', aks: ['true'], about: 'the operator lifts taints' },
  { key: 'set-cilium-is-up-condition', aks: ['true'], about: 'NetworkUnavailable=False by the operator' },
  { key: 'nodes-gc-interval', aks: ['5m0s'], about: 'CiliumNodes of gone nodes' },
  { key: 'debug', aks: ['false'], about: 'debug logs' },
  { key: 'monitor-aggregation', aks: ['medium'], about: 'how much the monitor tells' },
  { key: 'policy-deny-response', aks: ['none'], about: 'what a denied client sees' },
  { key: 'policy-cidr-match-mode', aks: [], about: 'whether CIDR rules match nodes' },
  { key: 'enable-host-firewall', aks: [], about: 'policies for the nodes themselves' },
  { key: 'labels', aks: [], about: 'which labels make an identity (the one supported edit)' },
];

export type ConfigDifference = ConfigKey & { value: string; differs: boolean };

/** The keys that are set, those that differ from AKS first. `labels` may differ: AKS supports that edit. */
export function readConfigKeys(
  config: Readonly<Record<string, string>>,
  managed: boolean,
): readonly ConfigDifference[] {
  return configKeys
    .filter(({ key }) => config[key] !== undefined)
    .map((known) => {
      const value = config[known.key] ?? '';
      return { ...known, value, differs: managed && known.key !== 'labels' && !known.aks.includes(value) };
    })
    .sort((a, b) => Number(b.differs) - Number(a.differs));
}
