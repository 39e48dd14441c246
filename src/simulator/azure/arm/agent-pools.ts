// Microsoft.ContainerService/managedClusters/agentPools: a view of the cluster's pools that can be written to.
import { answerJson } from '../answers.ts';
import type { AzureAnswer } from '../route.ts';
import { ArmError } from './arm-error.ts';
import { type ArmRequest, type ArmRoutes, bodyOf, pageOf } from './arm-request.ts';
import type { Ground } from './ground.ts';
import { beginOperation } from './long-operation.ts';
import { checkIdle, checkMatch, isOurs, keep, owner, shownCluster, takeOver } from './managed-clusters.ts';
import { donePool, latestImage, poolResource, poolsOf, replacedPool } from './pool-objects.ts';
import type { Properties, Resource } from './resource-store.ts';
import { upgradesOf } from './upgrade-profile.ts';
import { upgradeNodes } from './upgraded-nodes.ts';

export function agentPoolRoutes(ground: Ground): ArmRoutes {
  const of = 'microsoft.containerservice managedclusters/*/agentpools';
  return {
    [`GET ${of}`](request) {
      const cluster = shownCluster(ground, owner(ground, request));
      const pools = poolsOf(cluster.properties).map((pool) => poolResource(cluster, pool));
      return answerJson(200, pageOf(pools, request, ground.url(), ground.pace.pageSize));
    },
    [`GET ${of}/*`](request) {
      const cluster = shownCluster(ground, owner(ground, request));
      return answerPool(200, poolResource(cluster, poolOf(cluster, request)));
    },
    [`PUT ${of}/*`]: (request) => put(ground, request),
    [`DELETE ${of}/*`]: (request) => remove(ground, request),
    [`POST ${of}/*/upgradenodeimageversion`]: (request) => upgradeImage(ground, request),
    [`GET ${of}/*/upgradeprofiles/*`](request) {
      const cluster = owner(ground, request);
      const pool = poolOf(cluster, request);
      return answerJson(200, {
        id: `${poolResource(cluster, pool).id}/upgradeProfiles/default`,
        name: 'default',
        type: 'Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles',
        properties: {
          kubernetesVersion: pool['currentOrchestratorVersion'],
          osType: pool['osType'],
          upgrades: upgradesOf(String(pool['currentOrchestratorVersion'])),
          latestNodeImageVersion: latestImage,
        },
      });
    },
  };
}

function poolOf(cluster: Resource, { path }: ArmRequest): Properties {
  const pool = poolsOf(cluster.properties).find((one) => one['name'] === path.names[1]);
  if (pool !== undefined) return pool;
  throw new ArmError(
    404,
    'NotFound',
    `Could not find the agent pool: ${path.names[1]} in the managed cluster ${cluster.name}.`,
  );
}

function answerPool(status: number, pool: Resource, headers: Record<string, string> = {}): AzureAnswer {
  return answerJson(status, pool, { etag: `"${pool.properties['eTag']}"`, ...headers });
}

/** The pool's cluster, ready to be changed. Throws ArmError (404, 409). */
function idleOwner(ground: Ground, request: ArmRequest): Resource {
  const cluster = owner(ground, request);
  checkIdle(ground, cluster, request.path.id);
  return takeOver(ground, cluster);
}

function put(ground: Ground, request: ArmRequest): AzureAnswer {
  const cluster = idleOwner(ground, request);
  const name = request.path.names[1] ?? '';
  const before = poolsOf(cluster.properties).find((one) => one['name'] === name);
  checkMatch(request, before === undefined ? undefined : String(poolResource(cluster, before).properties['eTag']));
  const given = (bodyOf(request)['properties'] ?? {}) as Properties;
  const network = cluster.properties['networkProfile'] as { networkDataplane?: string } | undefined;
  if (given['osType'] === 'Windows' && network?.networkDataplane === 'cilium') {
    throw new ArmError(400, 'InvalidParameter', 'Windows agent pools are not supported with the Cilium dataplane.');
  }
  const kind =
    before === undefined
      ? 'Creating'
      : before['orchestratorVersion'] === (given['orchestratorVersion'] ?? before['orchestratorVersion'])
        ? 'Updating'
        : 'Upgrading';
  const next = { ...replacedPool({ ...given, name }, before, cluster.properties['currentKubernetesVersion']) };
  const changed = withPool(cluster, { ...next, provisioningState: kind });
  keep(ground, changed, kind === 'Upgrading' ? 'Upgrading' : 'Updating');
  const headers = begin(ground, request, cluster, kind, 'Create or Update Agent Pool', (state, pool) =>
    state === 'Succeeded' ? donePool(pool) : pool,
  );
  return answerPool(
    before === undefined ? 201 : 200,
    poolResource(cluster, { ...next, provisioningState: kind }),
    headers,
  );
}

function upgradeImage(ground: Ground, request: ArmRequest): AzureAnswer {
  const cluster = idleOwner(ground, request);
  const pool = poolOf(cluster, request);
  keep(ground, withPool(cluster, { ...pool, provisioningState: 'UpgradingNodeImageVersion' }), 'Updating');
  const headers = begin(
    ground,
    request,
    cluster,
    'Upgrading',
    'Upgrade Agent Pool Node Image Version',
    (state, one) => ({
      ...one,
      ...(state === 'Succeeded' ? { nodeImageVersion: latestImage } : {}),
    }),
  );
  return { status: 202, headers };
}

function remove(ground: Ground, request: ArmRequest): AzureAnswer {
  const cluster = idleOwner(ground, request);
  const pool = poolOf(cluster, request);
  keep(ground, withPool(cluster, { ...pool, provisioningState: 'Deleting' }), 'Updating');
  const headers = begin(ground, request, cluster, 'Deleting', 'Delete Agent Pool', (state, one) =>
    state === 'Succeeded' ? undefined : one,
  );
  return { status: 202, headers };
}

/** `after` makes the pool of the pool when the operation ends; undefined: it is gone. */
function begin(
  ground: Ground,
  request: ArmRequest,
  cluster: Resource,
  kind: string,
  title: string,
  after: (state: string, pool: Properties) => Properties | undefined,
): Record<string, string> {
  const name = request.path.names[1] ?? '';
  const resource = `${cluster.id}/agentPools/${name}`;
  return beginOperation(ground, request, {
    ...{ resource, kind, title },
    end(state) {
      const now = ground.resources.get(cluster.id);
      const pool = now && poolsOf(now.properties).find((one) => one['name'] === name);
      if (now === undefined || pool === undefined) return;
      const next = after(state, pool);
      keep(ground, withPool(now, next && { ...next, provisioningState: state }, name), state);
      if (
        kind === 'Upgrading' &&
        state === 'Succeeded' &&
        next !== undefined &&
        ground.world !== undefined &&
        isOurs(now.id)
      ) {
        upgradeNodes(ground.world, [next]);
      }
    },
  });
}

function withPool(cluster: Resource, pool: Properties | undefined, name = pool?.['name']): Resource {
  const pools = poolsOf(cluster.properties);
  const isThere = pools.some((one) => one['name'] === name);
  const replaced = pools.flatMap((one) => (one['name'] === name ? (pool === undefined ? [] : [pool]) : [one]));
  const agentPoolProfiles = isThere || pool === undefined ? replaced : [...pools, pool];
  return { ...cluster, properties: { ...cluster.properties, agentPoolProfiles } };
}
