import { UserError } from '../../errors.ts';
import { type CreateInput, createModes, type SubnetInput } from '../../model/plans/create-input.ts';
import { oneOf, type PlanOptions, wholeNumber } from './plan-options.ts';

/** Options of `plan create` that are texts and flags, by commander's names. */
export type CreateOptions = PlanOptions &
  Partial<Record<TextOption, string>> &
  Partial<Record<'lts' | 'enableAcns' | 'enableMonitoring' | 'windows', boolean>>;

type TextOption =
  | 'mode'
  | 'name'
  | 'location'
  | 'kubernetesVersion'
  | 'nodes'
  | 'maxNodes'
  | 'maxPods'
  | 'maxSurge'
  | 'poolName'
  | 'nodeVmSize'
  | 'osSku'
  | 'podCidr'
  | 'serviceCidr'
  | 'dnsServiceIp'
  | 'ipFamilies'
  | 'vnetName'
  | 'vnetPrefix'
  | 'nodeSubnetName'
  | 'nodeSubnetPrefix'
  | 'podSubnetName'
  | 'podSubnetPrefix'
  | 'vnetSubnetId'
  | 'podSubnetId'
  | 'podIpAllocation'
  | 'workspaceResourceId'
  | 'ciliumVersion'
  | 'ciliumClusterName';

/** What was typed, as the plan takes it. Throws UserError where a word or a number is none. */
export function createInputOf(options: CreateOptions, subscription: string): CreateInput {
  const mode = oneOf(options.mode, '--mode', createModes);
  if (mode === undefined) {
    throw new UserError('How shall pods get their addresses?', `Give --mode: ${createModes.join(', ')}.`);
  }
  const families = oneOf(options.ipFamilies, '--ip-families', ['ipv4', 'ipv4,ipv6']);
  return {
    mode,
    name: options.name ?? '',
    subscription,
    resourceGroup: options.resourceGroup ?? '',
    location: options.location ?? '',
    kubernetesVersion: (options.kubernetesVersion ?? '').replace(/^v/, ''),
    isLts: options.lts === true,
    pool: {
      name: options.poolName ?? 'nodepool1',
      nodes: wholeNumber(options.nodes, '--nodes', 3),
      mostNodes: wholeNumber(options.maxNodes, '--max-nodes', 0),
      maxPods: wholeNumber(options.maxPods, '--max-pods', 0),
      vmSize: options.nodeVmSize ?? '',
      osSku: options.osSku ?? '',
      maxSurge: options.maxSurge ?? '',
    },
    podCidr: options.podCidr ?? '',
    serviceCidr: options.serviceCidr ?? '',
    dnsServiceIP: options.dnsServiceIp ?? '',
    dualStack: families === 'ipv4,ipv6',
    network: networkOf(options),
    windows: options.windows === true,
    acns: options.enableAcns === true,
    workspace: options.workspaceResourceId ?? '',
    monitoring: options.enableMonitoring === true,
    azVersion: options.azVersion ?? '',
    byo: { ciliumVersion: options.ciliumVersion ?? '', clusterName: options.ciliumClusterName ?? '' },
  };
}

function networkOf(options: CreateOptions): CreateInput['network'] {
  const subnet = (id?: string, name?: string, prefix?: string): SubnetInput => ({
    id: id ?? '',
    name: name ?? '',
    prefix: prefix ?? '',
  });
  return {
    name: options.vnetName ?? '',
    prefix: options.vnetPrefix ?? '',
    nodeSubnet: subnet(options.vnetSubnetId, options.nodeSubnetName ?? 'nodesubnet', options.nodeSubnetPrefix),
    podSubnet: subnet(options.podSubnetId, options.podSubnetName ?? 'podsubnet', options.podSubnetPrefix),
    staticBlocks: oneOf(options.podIpAllocation, '--pod-ip-allocation', ['dynamic', 'static']) === 'static',
  };
}
