import type { AzureConfig } from '../../config.ts';
import { isSameResource, partOf } from '../../model/azure/resource-id.ts';
import { at, text } from '../../model/objects/raw.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { apiVersions } from './api-versions.ts';
import type { ArmClient } from './arm-client.ts';
import { AzureProblem } from './azure-problem.ts';

/** What the cluster itself tells of where it is in Azure. */
export type ClusterTraces = {
  /** `azure:///subscriptions/…/resourceGroups/MC_…/…` of its nodes. */
  providerIds: readonly string[];
  /** The host that the kubeconfig names, without a port. */
  host: string;
};

type Candidate = { id: string; name: string; nodeResourceGroup: string; fqdns: readonly string[] };

/** Whether there is anything to look by: else Azure need not be asked at all. */
export function leadsToAzure(config: AzureConfig, traces: ClusterTraces): boolean {
  return (
    config.cluster !== '' || traces.providerIds.some((id) => /^azure:\/\//i.test(id)) || apiServers.test(traces.host)
  );
}

/** How AKS calls its API servers: in the public cloud, for the US government, in China. */
const apiServers = /\.azmk8s\.io$|\.cx\.aks\.containerservice\.azure\.us$|\.azk8s\.cn$/i;

/**
 * The resource ID of the managed cluster: as told, else the one cluster whose node resource group the nodes are in, or
 * whose name the API server answers to. Rejects with an AzureProblem ('missing') where there is none, or more than one.
 */
export async function findCluster(
  arm: ArmClient,
  config: AzureConfig,
  traces: ClusterTraces,
  signal: AbortSignal,
): Promise<string> {
  const { subscription, resourceGroup, cluster } = config;
  if (subscription !== '' && resourceGroup !== '' && cluster !== '') {
    const path = [subscription, 'resourceGroups', resourceGroup].map(encodeURIComponent).join('/');
    return `/subscriptions/${path}/providers/Microsoft.ContainerService/managedClusters/${encodeURIComponent(cluster)}`;
  }
  const places = traces.providerIds.map((id) => ({
    subscription: partOf(id, 'subscriptions').toLowerCase(),
    group: partOf(id, 'resourceGroups').toLowerCase(),
  }));
  const where = subscription || (places.find((place) => place.subscription !== '')?.subscription ?? '');
  const all = (where === '' ? await inAll(arm, signal) : await inOne(arm, where, signal)).map(readCandidate);
  const told = all.filter(
    ({ id, name }) =>
      (cluster === '' || name.toLowerCase() === cluster.toLowerCase()) &&
      (resourceGroup === '' || partOf(id, 'resourceGroups').toLowerCase() === resourceGroup.toLowerCase()),
  );
  const found = cluster !== '' ? told : theOne(told, places, traces.host.toLowerCase());
  const [first] = found;
  if (first !== undefined && found.every(({ id }) => isSameResource(id, first.id))) return first.id;
  throw found.length === 0 ? none(where, cluster, all.length) : several(found);
}

function theOne(
  candidates: readonly Candidate[],
  places: readonly { group: string }[],
  host: string,
): readonly Candidate[] {
  const byGroup = candidates.filter(({ nodeResourceGroup }) =>
    places.some(({ group }) => group !== '' && group === nodeResourceGroup.toLowerCase()),
  );
  const byName = (byGroup.length > 0 ? byGroup : candidates).filter(({ fqdns }) => fqdns.includes(host));
  // Behind a proxy or a tunnel the server has any name: its nodes' group is enough.
  return byName.length > 0 ? byName : byGroup;
}

function inOne(arm: ArmClient, subscription: string, signal: AbortSignal): Promise<readonly unknown[]> {
  return arm.list(
    {
      path: `/subscriptions/${encodeURIComponent(subscription)}/providers/Microsoft.ContainerService/managedClusters`,
      apiVersion: apiVersions.containerService,
      asked: `list the managed clusters of subscription ${sanitiseLine(subscription, 60)}`,
      role: 'Reader on the cluster, its group or the subscription',
    },
    signal,
  );
}

/** Of all subscriptions at once; the table has a row for what may be read, and none for what may not. */
async function inAll(arm: ArmClient, signal: AbortSignal): Promise<readonly unknown[]> {
  const { body } = await arm.send(
    {
      method: 'POST',
      path: '/providers/Microsoft.ResourceGraph/resources',
      apiVersion: apiVersions.resourceGraph,
      body: {
        query: "Resources | where type =~ 'microsoft.containerservice/managedclusters' | project id, name, properties",
        options: { resultFormat: 'objectArray', $top: 1_000 },
      },
      asked: 'look for managed clusters in all subscriptions',
      role: 'Reader on the cluster',
    },
    signal,
  );
  const rows = at(body, 'data');
  return Array.isArray(rows) ? rows : [];
}

function readCandidate(raw: unknown): Candidate {
  const fqdns = ['fqdn', 'privateFQDN', 'azurePortalFQDN'].map((name) =>
    text(at(raw, 'properties', name)).toLowerCase(),
  );
  return {
    id: text(at(raw, 'id'), 1_024),
    name: text(at(raw, 'name')),
    nodeResourceGroup: text(at(raw, 'properties', 'nodeResourceGroup')),
    fqdns: fqdns.filter((fqdn) => fqdn !== ''),
  };
}

function none(subscription: string, cluster: string, seen: number): AzureProblem {
  const place = subscription === '' ? 'any subscription' : `subscription ${sanitiseLine(subscription, 60)}`;
  const what =
    cluster === ''
      ? `This cluster is none of the ${seen} managed clusters you may read in ${place}.`
      : `There is no managed cluster "${sanitiseLine(cluster, 80)}" among the ${seen} you may read in ${place}.`;
  return new AzureProblem(
    'missing',
    what,
    'Ask for the role Reader on it, or name it with --subscription, --resource-group and --cluster.',
  );
}

function several(found: readonly Candidate[]): AzureProblem {
  const names = found.slice(0, 3).map(({ id, name }) => `${name} in ${partOf(id, 'resourceGroups')}`);
  return new AzureProblem(
    'missing',
    `Several managed clusters could be this one: ${names.join(', ')}${found.length > 3 ? ' …' : ''}.`,
    'Name it with --subscription, --resource-group and --cluster.',
  );
}
