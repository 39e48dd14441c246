import { shellLines } from '../shell-word.ts';
import { podCidrOf } from './create-addresses.ts';
import { type CreateInput, hasOwnNetwork, type SubnetInput, subnetId } from './create-input.ts';
import { when } from './deployment-plan.ts';

type Flags = readonly (readonly string[])[];

/** Group, network and subnets where they are to be made, then the cluster: what the guide of Microsoft has, corrected. */
export function createCommands(input: CreateInput): readonly string[] {
  const { mode, network } = input;
  const made = network.name !== '';
  return [
    shellLines(
      ['az', 'group', 'create', '--name', input.resourceGroup, '--location', input.location],
      subscription(input),
    ),
    ...when(made, networkLine(input), subnetLine(input, network.nodeSubnet)),
    ...when(made && mode === 'pod-subnet', subnetLine(input, network.podSubnet)),
    clusterLine(input),
  ];
}

function networkLine(input: CreateInput): string {
  const { resourceGroup, location, network } = input;
  return shellLines(
    ['az', 'network', 'vnet', 'create'],
    [
      ['--resource-group', resourceGroup],
      ['--location', location],
      ['--name', network.name],
      ['--address-prefixes', network.prefix, '-o', 'none'],
      ...subscription(input),
    ],
  );
}

function subnetLine(input: CreateInput, subnet: SubnetInput): string {
  return shellLines(
    ['az', 'network', 'vnet', 'subnet', 'create'],
    [
      ['--resource-group', input.resourceGroup],
      ['--vnet-name', input.network.name],
      ['--name', subnet.name],
      ['--address-prefixes', subnet.prefix, '-o', 'none'],
      ...subscription(input),
    ],
  );
}

function clusterLine(input: CreateInput): string {
  const { pool, network, mode } = input;
  const flags: Flags = [
    ['--name', input.name],
    ['--resource-group', input.resourceGroup],
    ['--location', input.location],
    ...subscription(input),
    ...when(input.kubernetesVersion !== '', ['--kubernetes-version', input.kubernetesVersion]),
    ...when(input.isLts, ['--tier', 'premium'], ['--k8s-support-plan', 'AKSLongTermSupport']),
    ...when(pool.name !== 'nodepool1', ['--nodepool-name', pool.name]),
    ...when(pool.nodes !== 3, ['--node-count', String(pool.nodes)]),
    ...when(
      pool.mostNodes > 0,
      ['--enable-cluster-autoscaler'],
      ['--min-count', String(pool.nodes)],
      ['--max-count', String(pool.mostNodes)],
    ),
    ...when(pool.vmSize !== '', ['--node-vm-size', pool.vmSize]),
    ...when(pool.osSku !== '', ['--os-sku', pool.osSku]),
    ...when(pool.maxPods > 0 || mode === 'pod-subnet', ['--max-pods', String(pool.maxPods || 250)]),
    ...networkFlags(input),
    ...when(network.staticBlocks, ['--pod-ip-allocation-mode', 'StaticBlock']),
    ...when(input.serviceCidr !== '', ['--service-cidr', input.serviceCidr], ['--dns-service-ip', input.dnsServiceIP]),
    ...when(mode !== 'byo', ['--network-dataplane', 'cilium']),
    ...when(input.acns, ['--enable-acns']),
    ...when(input.monitoring, ['--enable-addons', 'monitoring']),
    ...when(input.workspace !== '', ['--workspace-resource-id', input.workspace]),
    ['--generate-ssh-keys'],
  ];
  return shellLines(['az', 'aks', 'create'], flags);
}

function networkFlags(input: CreateInput): Flags {
  const { mode, network } = input;
  return [
    ['--network-plugin', mode === 'byo' ? 'none' : 'azure'],
    ...when(mode === 'overlay', ['--network-plugin-mode', 'overlay']),
    ...when(podCidrOf(input) !== '', ['--pod-cidr', podCidrOf(input)]),
    ...when(input.dualStack, ['--ip-families', 'ipv4,ipv6']),
    ...when(hasOwnNetwork(input), ['--vnet-subnet-id', subnetId(input, network.nodeSubnet)]),
    ...when(mode === 'pod-subnet', ['--pod-subnet-id', subnetId(input, network.podSubnet)]),
  ];
}

function subscription({ subscription: id }: CreateInput): Flags {
  return when(id !== '', ['--subscription', id]);
}
