/** What a new cluster shall be, as somebody typed it. '' and 0 = not said. */
export type CreateInput = {
  mode: CreateMode;
  name: string;
  subscription: string;
  resourceGroup: string;
  location: string;
  kubernetesVersion: string;
  isLts: boolean;
  pool: {
    name: string;
    nodes: number;
    /** With the autoscaler; 0 = without. */
    mostNodes: number;
    maxPods: number;
    vmSize: string;
    osSku: string;
    /** `10%` or a number of nodes. */
    maxSurge: string;
  };
  podCidr: string;
  serviceCidr: string;
  dnsServiceIP: string;
  dualStack: boolean;
  network: NetworkInput;
  /** Somebody wants Windows nodes: they are told that they cannot have them. */
  windows: boolean;
  acns: boolean;
  workspace: string;
  monitoring: boolean;
  azVersion: string;
  byo: { ciliumVersion: string; clusterName: string };
};

export type CreateMode = 'overlay' | 'pod-subnet' | 'node-subnet' | 'byo';
export const createModes: readonly CreateMode[] = ['overlay', 'pod-subnet', 'node-subnet', 'byo'];

/** A network of one's own: made beforehand by the commands, or there already by ID. Empty = AKS makes one. */
export type NetworkInput = {
  name: string;
  prefix: string;
  nodeSubnet: SubnetInput;
  podSubnet: SubnetInput;
  staticBlocks: boolean;
};
/** `id` of one that is there; else name and prefix of one to be made. */
export type SubnetInput = { id: string; name: string; prefix: string };

/** What AKS takes where nothing is said. */
export const aksDefaults = {
  serviceCidr: '10.0.0.0/16',
  dnsServiceIP: '10.0.0.10',
  overlayPodCidr: '192.168.0.0/16',
  byoPodCidr: '10.10.0.0/16',
  network: '10.224.0.0/12',
  nodeSubnet: '10.224.0.0/16',
  maxSurge: '10%',
} as const;

/** Pods a node has room for where nothing is said. */
export function maxPodsOf({ mode, pool }: Pick<CreateInput, 'mode' | 'pool'>): number {
  if (pool.maxPods > 0) return pool.maxPods;
  return mode === 'node-subnet' ? 30 : 250;
}

/** Nodes at the most, while an upgrade adds some. */
export function mostNodesOf({ pool }: Pick<CreateInput, 'pool'>): number {
  const nodes = Math.max(pool.nodes, pool.mostNodes);
  return nodes + surgeOf(pool.maxSurge, nodes);
}

/** `10%` of ten nodes is one; a part of a node is a node. */
export function surgeOf(maxSurge: string, nodes: number): number {
  const text = maxSurge || aksDefaults.maxSurge;
  const number = Number.parseInt(text, 10) || 0;
  return Math.max(1, text.endsWith('%') ? Math.ceil((nodes * number) / 100) : number);
}

/** A network is named, one way or the other. */
export function hasOwnNetwork({ network }: Pick<CreateInput, 'network'>): boolean {
  return network.name !== '' || network.nodeSubnet.id !== '';
}

export function subnetId(input: CreateInput, subnet: SubnetInput): string {
  if (subnet.id !== '') return subnet.id;
  const { subscription, resourceGroup, network } = input;
  if (network.name === '') return '';
  return `/subscriptions/${subscription || '<subscription>'}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/virtualNetworks/${network.name}/subnets/${subnet.name}`;
}
