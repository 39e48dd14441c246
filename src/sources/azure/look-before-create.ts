import { at, list, record, text } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { type CreateInput, hasOwnNetwork, type SubnetInput, subnetId } from '../../model/plans/create-input.ts';
import { type PlanProblem, problem, when } from '../../model/plans/deployment-plan.ts';
import { apiVersions } from './api-versions.ts';
import type { AzureConnection } from './azure-connection.ts';
import { readCluster } from './cluster-read.ts';
import { faultOf } from './operation-fault.ts';

/** What must be there before a cluster is created: its group and subnets. The input comes back with their true ranges. */
export async function lookBeforeCreate(
  connection: AzureConnection,
  input: CreateInput,
  signal: AbortSignal,
): Promise<{ input: CreateInput; problems: readonly PlanProblem[] }> {
  const { subscription, resourceGroup, name, network, mode } = input;
  if (subscription === '' || resourceGroup === '' || name === '') {
    return {
      input,
      problems: when(subscription === '', problem('--subscription', 'Which subscription shall it be in?')),
    };
  }
  const ask = (path: string, apiVersion: string, asked: string) => readOne(connection, path, apiVersion, asked, signal);
  const groupPath = `/subscriptions/${subscription}/resourceGroups/${encodeURIComponent(resourceGroup)}`;
  const own = hasOwnNetwork(input);
  const [group, cluster, nodes, pods] = await Promise.all([
    ask(groupPath, apiVersions.resources, 'read the resource group'),
    readCluster(connection, input, signal),
    own ? ask(subnetId(input, network.nodeSubnet), apiVersions.network, 'read the subnet of the nodes') : undefined,
    own && mode === 'pod-subnet'
      ? ask(subnetId(input, network.podSubnet), apiVersions.network, 'read the subnet of the pods')
      : undefined,
  ]);
  const withRange = (subnet: SubnetInput, found: RawObject | undefined): SubnetInput =>
    found === undefined ? subnet : { ...subnet, prefix: prefixesOf(found)[0] ?? subnet.prefix };
  const known = {
    ...input,
    network: {
      ...network,
      nodeSubnet: withRange(network.nodeSubnet, nodes),
      podSubnet: withRange(network.podSubnet, pods),
    },
  };
  return {
    input: known,
    problems: [
      ...when(
        group === undefined,
        problem(
          '--resource-group',
          `There is no resource group ${resourceGroup}.`,
          'The az lines of the plan make it.',
        ),
      ),
      ...when(cluster !== undefined, problem('--name', `There is a cluster ${name} in ${resourceGroup} already.`)),
      ...(own ? subnetProblems('node', network.nodeSubnet, nodes) : []),
      ...(own && mode === 'pod-subnet' ? subnetProblems('pod', network.podSubnet, pods) : []),
    ],
  };
}

function subnetProblems(
  what: 'node' | 'pod',
  asked: SubnetInput,
  found: RawObject | undefined,
): readonly PlanProblem[] {
  const where = asked.id === '' ? `--${what}-subnet-name` : `--${what === 'node' ? 'vnet' : 'pod'}-subnet-id`;
  const name = asked.id === '' ? asked.name : (asked.id.split('/').at(-1) ?? '');
  if (found === undefined) {
    return [problem(where, `There is no subnet ${name}.`, 'The az lines of the plan make networks and subnets.')];
  }
  const prefixes = prefixesOf(found);
  const delegated = list(at(found, 'properties', 'delegations')).map((one) =>
    text(at(one, 'properties', 'serviceName')),
  );
  // AKS itself delegates a subnet of pods to itself: a second cluster may use it.
  const foreign = delegated.filter(
    (to) => what === 'node' || !/^Microsoft\.ContainerService\/managedClusters$/i.test(to),
  );
  return [
    ...when(
      asked.prefix !== '' && !prefixes.includes(asked.prefix),
      problem(`--${what}-subnet-prefix`, `The subnet ${name} is ${prefixes.join(', ')}, not ${asked.prefix}.`),
    ),
    ...when(
      foreign.length > 0,
      problem(where, `The subnet ${name} is delegated to ${foreign.join(', ')}: AKS needs one that is not.`),
    ),
  ];
}

function prefixesOf(subnet: RawObject): readonly string[] {
  const { addressPrefix, addressPrefixes } = record(subnet.properties);
  const several = list(addressPrefixes).map((one) => text(one));
  return several.length > 0 ? several : [text(addressPrefix)].filter((one) => one !== '');
}

async function readOne(
  { arm }: AzureConnection,
  path: string,
  apiVersion: string,
  asked: string,
  signal: AbortSignal,
): Promise<RawObject | undefined> {
  try {
    return record((await arm.send({ method: 'GET', path, apiVersion, asked, role: 'Reader' }, signal)).body);
  } catch (error) {
    if (faultOf(error).status === 404) return undefined;
    throw error;
  }
}
