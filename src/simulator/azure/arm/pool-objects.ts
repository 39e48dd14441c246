// Agent pools as they lie in their cluster, and as resources of their own.
import { NODE_IMAGE } from '../../world/inventory/versions.ts';
import { etagOf, type Properties, type Resource } from './resource-store.ts';
import { patchOf } from './upgrade-profile.ts';

/** As it is once it was put: what only the service writes stays, what was left out is by default. */
export function replacedPool(pool: Properties, before: Properties | undefined, version: unknown): Properties {
  const own = ['currentOrchestratorVersion', 'nodeImageVersion', 'powerState'];
  const defaults = {
    ...{ count: 1, vmSize: 'Standard_D8s_v5', type: 'VirtualMachineScaleSets', mode: 'User', maxPods: 250 },
    ...{ osType: 'Linux', osSKU: 'Ubuntu', nodeImageVersion: NODE_IMAGE, powerState: { code: 'Running' } },
  };
  return {
    ...defaults,
    ...pool,
    ...Object.fromEntries(own.filter((field) => field in (before ?? {})).map((field) => [field, before?.[field]])),
    orchestratorVersion: pool['orchestratorVersion'] ?? before?.['orchestratorVersion'] ?? version,
    provisioningState: 'Updating',
  };
}

/** What nodes are made of that are made today. */
export const latestImage = NODE_IMAGE.replace(/[\d.]+$/, '202611.04.0');

/** As an operation that ended well leaves it: nodes of another version are new nodes, of the newest image. */
export function donePool(pool: Properties): Properties {
  const version = patchOf(String(pool['orchestratorVersion']));
  const before = pool['currentOrchestratorVersion'];
  return {
    ...pool,
    currentOrchestratorVersion: version,
    ...(before === undefined || before === version ? {} : { nodeImageVersion: latestImage }),
  };
}

export function poolsOf(properties: Properties): Properties[] {
  return (properties['agentPoolProfiles'] ?? []) as Properties[];
}

/** A pool by itself. */
export function poolResource(cluster: Resource, { name, ...properties }: Properties): Resource {
  const resource = {
    id: `${cluster.id}/agentPools/${name}`,
    name: String(name),
    type: 'Microsoft.ContainerService/managedClusters/agentPools',
    properties,
  };
  return { ...resource, properties: { ...properties, eTag: etagOf(resource) } };
}
