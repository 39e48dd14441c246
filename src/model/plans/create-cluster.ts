import type { RawObject } from '../objects/row.ts';
import { byoCommands, byoValues, checkByo, valuesFile } from './byo-cilium.ts';
import { checkAddresses, podCidrOf } from './create-addresses.ts';
import { clusterBody } from './create-body.ts';
import { createCommands } from './create-commands.ts';
import { aksDefaults, type CreateInput, hasOwnNetwork, subnetId } from './create-input.ts';
import {
  byAll,
  caution,
  type DeploymentPlan,
  effects,
  type PlanEffect,
  type PlanProblem,
  problem,
  when,
} from './deployment-plan.ts';
import { checkAz, checkKubernetes, checkNeed, newestAz } from './kubernetes-versions.ts';
import {
  checkClusterName,
  checkGroupName,
  checkLocation,
  checkNetworkName,
  checkPoolName,
  checkResourceId,
  checkSubscription,
} from './names.ts';

/** A new cluster with Cilium in one of four ways (domain §1.3), checked as far as can be without asking Azure. */
export function planCreate(input: CreateInput): DeploymentPlan {
  const { mode, name, subscription, resourceGroup } = input;
  const isByo = mode === 'byo';
  const needsAz = azFor(input);
  const body: RawObject = clusterBody(input);
  return {
    id: 'create',
    title: `create cluster ${name}`,
    target: { subscription, resourceGroup, name },
    problems: [
      ...checkClusterName(name),
      ...checkGroupName(resourceGroup),
      ...checkSubscription(subscription),
      ...checkLocation(input.location),
      ...checkPool(input),
      ...checkNetwork(input),
      ...checkAddresses(input),
      ...checkVersions(input),
      ...checkFeatures(input),
      ...checkAz(input.azVersion, needsAz),
      ...(isByo ? checkByo(input) : []),
    ],
    notLookedAt: notLookedAt(input),
    effects: effectsOf(input),
    commands: [...createCommands(input), ...(isByo ? byoCommands(input) : [])],
    files: isByo ? [{ name: valuesFile, text: byoValues(input) }] : [],
    needsAz,
    body,
    isDone: false,
    dangerous: false,
    byApply: isByo
      ? { does: 'part', text: 'Only the cluster is created: Cilium is installed by the helm lines afterwards.' }
      : byAll,
  };
}

function azFor({ mode, acns, dualStack }: CreateInput): string {
  const least = { overlay: '2.48.1', 'pod-subnet': '2.48.1', 'node-subnet': '2.69.0', byo: '2.39.0' }[mode];
  return newestAz(least, ...when(acns, '2.79.0'), ...when(dualStack, '2.48.1'));
}

function checkPool({ pool, windows }: CreateInput): readonly PlanProblem[] {
  return [
    ...checkPoolName(pool.name),
    ...when(
      pool.nodes < 1 || pool.nodes > 1_000,
      problem('--nodes', `A pool has 1 to 1,000 nodes, not ${pool.nodes}.`),
    ),
    ...when(
      pool.nodes === 1 || pool.nodes === 2,
      caution('--nodes', 'System pools of fewer than three nodes do not outlive the loss of one.'),
    ),
    ...when(
      pool.mostNodes > 0 && pool.mostNodes < pool.nodes,
      problem('--max-nodes', `${pool.mostNodes} is fewer than the ${pool.nodes} nodes it begins with.`),
    ),
    ...when(
      !/^\d{1,4}%?$/.test(pool.maxSurge || aksDefaults.maxSurge),
      problem('--max-surge', `"${pool.maxSurge}" is neither a number of nodes nor a percentage.`),
    ),
    ...when(
      pool.maxSurge.endsWith('%') && Number.parseInt(pool.maxSurge, 10) > 100,
      problem('--max-surge', `AKS takes 100% at the most, not ${pool.maxSurge}.`),
    ),
    ...when(
      windows,
      problem(
        '--windows',
        'Azure CNI powered by Cilium runs on Linux nodes only: Windows pools cannot exist beside it.',
        'Put Windows workloads on a cluster of their own.',
      ),
    ),
    ...when(
      /^windows/i.test(pool.osSku),
      problem('--os-sku', `The first pool of a cluster runs Linux, not ${pool.osSku}.`),
    ),
  ];
}

function checkNetwork(input: CreateInput): readonly PlanProblem[] {
  const { mode, network } = input;
  const { nodeSubnet, podSubnet } = network;
  const needsNetwork = mode === 'pod-subnet' && !hasOwnNetwork(input);
  if (needsNetwork) {
    return [
      problem(
        '--vnet-name',
        'Pods in a subnet of their own need a network of yours, with a subnet for the nodes and one for the pods.',
        'Give --vnet-name with prefixes, or --vnet-subnet-id and --pod-subnet-id of subnets that are there.',
      ),
    ];
  }
  if (!hasOwnNetwork(input)) {
    return when(
      network.prefix !== '' || nodeSubnet.prefix !== '',
      problem('--vnet-name', 'There are ranges, and no network to make with them.', 'Name it.'),
    );
  }
  const made = network.name !== '';
  const subnets = [
    { subnet: nodeSubnet, flag: 'node', id: '--vnet-subnet-id' },
    ...when(mode === 'pod-subnet', { subnet: podSubnet, flag: 'pod', id: '--pod-subnet-id' }),
  ];
  return [
    ...(made ? checkNetworkName(network.name, 'network', '--vnet-name') : []),
    ...when(made && network.prefix === '', problem('--vnet-prefix', `The network ${network.name} needs a range.`)),
    ...when(
      made && network.nodeSubnet.id !== '',
      problem(
        '--vnet-name',
        'A network to be made and a subnet that is there exclude each other.',
        'Give one of them.',
      ),
    ),
    ...subnets.flatMap(({ subnet, flag, id }) =>
      made
        ? [
            ...checkNetworkName(subnet.name, 'subnet', `--${flag}-subnet-name`),
            ...when(
              subnet.prefix === '',
              problem(`--${flag}-subnet-prefix`, `The subnet ${subnet.name} needs a range.`),
            ),
          ]
        : checkResourceId(subnet.id, 'Microsoft.Network/virtualNetworks/subnets', id),
    ),
    ...when(
      mode === 'pod-subnet' && sameText(subnetId(input, nodeSubnet), subnetId(input, podSubnet)),
      problem('--pod-subnet-id', 'Nodes and pods need subnets of their own.'),
    ),
    ...when(
      mode === 'pod-subnet' &&
        !made &&
        podSubnet.id !== '' &&
        isOther(networkOf(nodeSubnet.id), networkOf(podSubnet.id)),
      problem('--pod-subnet-id', 'The subnets of nodes and pods must be of one network.'),
    ),
  ];
}

function checkVersions({ kubernetesVersion, isLts, dualStack, acns }: CreateInput): readonly PlanProblem[] {
  if (kubernetesVersion === '') return [];
  return [
    ...checkKubernetes(kubernetesVersion, '--kubernetes-version', isLts),
    ...(dualStack ? checkNeed('dualStack', kubernetesVersion, '--ip-families') : []),
    ...(acns ? checkNeed('acnsSecurity', kubernetesVersion, '--enable-acns') : []),
  ];
}

function checkFeatures(input: CreateInput): readonly PlanProblem[] {
  const { mode, acns, dualStack, monitoring, workspace, network, byo } = input;
  return [
    ...when(
      mode === 'byo' && acns,
      problem('--enable-acns', 'ACNS needs the managed data plane: a Cilium of your own does not have it.'),
    ),
    ...when(
      dualStack && mode !== 'overlay',
      problem('--ip-families', `Dual stack with Cilium needs overlay; ${mode} has IPv4 alone.`),
    ),
    ...when(
      network.staticBlocks && mode !== 'pod-subnet',
      problem('--pod-ip-allocation', 'Static blocks are of pods in a subnet of their own (--mode pod-subnet).'),
    ),
    ...when(
      mode !== 'pod-subnet' && (network.podSubnet.id !== '' || network.podSubnet.prefix !== ''),
      problem('--pod-subnet-id', `A subnet of the pods is only used with --mode pod-subnet, not ${mode}.`),
    ),
    ...when(
      mode !== 'byo' && (byo.ciliumVersion !== '' || byo.clusterName !== ''),
      problem('--cilium-version', 'AKS chooses the version and the settings of its Cilium (all but --mode byo).'),
    ),
    ...when(
      workspace !== '' && !monitoring,
      problem('--workspace-resource-id', 'It is only used with --enable-monitoring.'),
    ),
    ...(workspace === ''
      ? []
      : checkResourceId(workspace, 'Microsoft.OperationalInsights/workspaces', '--workspace-resource-id')),
  ];
}

function notLookedAt(input: CreateInput): readonly string[] {
  const { kubernetesVersion, location, network } = input;
  return [
    ...when(
      kubernetesVersion === '',
      'The version of Kubernetes: AKS takes its default of the region; --kubernetes-version fixes it.',
    ),
    `Whether ${location || 'the region'} has this version and size of machines, and quota for them: az aks get-versions and az vm list-usage say.`,
    ...when(
      hasOwnNetwork(input) && network.name === '',
      'The sizes of the given subnets, and that nothing else is in them: --apply asks ARM.',
    ),
    ...when(
      hasOwnNetwork(input),
      'Security groups and firewalls of your network: nodes, pods and the API server must reach each other.',
    ),
  ];
}

function effectsOf(input: CreateInput): readonly PlanEffect[] {
  const { mode, name, pool, network } = input;
  const ways = {
    overlay: `Pods have addresses of ${podCidrOf(input)}, which nobody outside the cluster sees; each node takes a /24 of it.`,
    'pod-subnet': `Pods have addresses of the pod subnet${network.staticBlocks ? ', in blocks of 16' : ''}, and are reached directly from the network.`,
    'node-subnet': 'Pods have addresses of the nodes’ subnet: it empties quickly.',
    byo: 'AKS installs no CNI: nodes stay NotReady (cni plugin not initialized) until Cilium is installed by Helm.',
  };
  return [
    ...effects(
      'does',
      `Creates the cluster ${name} with ${pool.nodes} nodes in the pool ${pool.name}.`,
      ways[mode],
      mode === 'byo'
        ? 'Microsoft supports the cluster, not this Cilium: upgrades and faults of it are yours.'
        : 'AKS installs and reconciles Cilium: its settings cannot be changed, except which labels it ignores.',
    ),
    ...effects('disrupts', 'Nothing that exists: everything is new.'),
    ...effects('takes', '≈ 5 to 10 minutes.'),
    ...effects('back', `az aks delete deletes the cluster; the group and networks stay.`),
    ...effects(
      'then',
      ...when(
        hasOwnNetwork(input),
        'az grants the cluster’s identity the right to join its subnets; --apply does not: give it Network Contributor on them.',
      ),
      ...when(mode !== 'byo', 'An empty cluster allows every connection: policies come next.'),
    ),
  ];
}

/** '' where it is no subnet's ID. */
function networkOf(subnet: string): string {
  return /^(.+)\/subnets\/[^/]+$/i.exec(subnet)?.[1] ?? '';
}

function isOther(one: string, other: string): boolean {
  return one !== '' && other !== '' && !sameText(one, other);
}

function sameText(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
