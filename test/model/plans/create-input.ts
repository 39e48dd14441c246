import type { CreateInput } from '../../../src/model/plans/create-input.ts';

type Deep<T> = { [K in keyof T]?: T[K] extends object ? Deep<T[K]> : T[K] };
export type CreateWish = Deep<CreateInput>;

/** A plain overlay cluster, with what a case wants otherwise. */
export function createInput(wish: CreateWish = {}): CreateInput {
  const { pool, network, byo, ...rest } = wish;
  return {
    mode: 'overlay',
    name: 'aks1',
    subscription: '',
    resourceGroup: 'rg1',
    location: 'westeurope',
    kubernetesVersion: '',
    isLts: false,
    podCidr: '',
    serviceCidr: '',
    dnsServiceIP: '',
    dualStack: false,
    windows: false,
    acns: false,
    workspace: '',
    monitoring: false,
    azVersion: '',
    ...rest,
    pool: { name: 'nodepool1', nodes: 3, mostNodes: 0, maxPods: 0, vmSize: '', osSku: '', maxSurge: '', ...pool },
    network: {
      name: '',
      prefix: '',
      staticBlocks: false,
      ...network,
      nodeSubnet: { id: '', name: 'nodesubnet', prefix: '', ...network?.nodeSubnet },
      podSubnet: { id: '', name: 'podsubnet', prefix: '', ...network?.podSubnet },
    },
    byo: { ciliumVersion: '', clusterName: '', ...byo },
  };
}
