import type { ManagedCluster } from './managed-cluster.ts';

/** The network as ARM says it (domain §1.2, first match wins): outright, nothing is inferred. */
export type AksMode = {
  /** `byo`: AKS brings no network; whether Cilium is what somebody installed, only the cluster knows. */
  network: 'managed-cilium' | 'byo' | 'other';
  addressing: 'overlay' | 'pod-subnet' | 'node-subnet' | 'unknown';
  /** `Azure CNI powered by Cilium, overlay`, `Azure CNI overlay with Calico`. */
  text: string;
  /** The properties of networkProfile it follows from: `Azure: plugin azure, mode overlay, dataplane cilium`. */
  evidence: string;
};

export function aksMode({ network, pools }: ManagedCluster): AksMode {
  const { plugin, pluginMode, dataplane, policy } = network;
  const evidence = `Azure: ${[
    `plugin ${plugin || 'not said'}`,
    pluginMode === '' ? '' : `mode ${pluginMode}`,
    `dataplane ${dataplane || 'not set'}`,
    policy === '' ? '' : `policy ${policy}`,
  ]
    .filter((part) => part !== '')
    .join(', ')}`;
  if (plugin === 'none') return { network: 'byo', addressing: 'unknown', text: 'BYO CNI', evidence };
  if (plugin === 'azure' && dataplane === 'cilium') {
    const withPodSubnet = pools.filter(({ podSubnet }) => podSubnet !== '');
    const addressing = pluginMode === 'overlay' ? 'overlay' : withPodSubnet.length > 0 ? 'pod-subnet' : 'node-subnet';
    const isStatic = withPodSubnet.some(({ podIpAllocation }) => /^staticblock$/i.test(podIpAllocation));
    const name = addressing === 'pod-subnet' && isStatic ? 'pod subnet (static block)' : names[addressing];
    return {
      network: 'managed-cilium',
      addressing,
      text: `Azure CNI powered by Cilium, ${name}`,
      evidence: addressing === 'overlay' ? evidence : `${evidence}, ${podSubnets(withPodSubnet.length, pools.length)}`,
    };
  }
  return { network: 'other', addressing: 'unknown', text: otherNetwork(network), evidence };
}

const names = { overlay: 'overlay', 'pod-subnet': 'pod subnet', 'node-subnet': 'node subnet' } as const;

function podSubnets(withOne: number, all: number): string {
  return withOne === 0 ? 'no pool with a pod subnet' : `${withOne} of ${all} pools with a pod subnet`;
}

const plugins: Readonly<Record<string, string>> = { azure: 'Azure CNI', kubenet: 'kubenet' };
const policies: Readonly<Record<string, string>> = {
  azure: ' with Azure Network Policy Manager',
  calico: ' with Calico',
  cilium: ' with Cilium policies',
};

function otherNetwork({ plugin, pluginMode, policy }: ManagedCluster['network']): string {
  const name = plugins[plugin] ?? (plugin || 'a network Azure does not name');
  return `${name}${pluginMode === 'overlay' ? ' overlay' : ''}${policies[policy] ?? ', no network policies'}`;
}
