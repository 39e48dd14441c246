// Microsoft.ContainerService/managedClusters: reading them, and the long operations that change them.
import { answerJson } from '../answers.ts';
import { clusterId } from '../azure-settings.ts';
import type { AzureAnswer } from '../route.ts';
import { ArmError } from './arm-error.ts';
import { type ArmRequest, type ArmRoutes, bodyOf, pageOf } from './arm-request.ts';
import { checkManagedCluster } from './check-managed-cluster.ts';
import { collectionOf } from './collection.ts';
import { checkGroup, found, type Ground } from './ground.ts';
import { beginOperation } from './long-operation.ts';
import { livePool, upgradeBegan } from './managed-cluster-object.ts';
import { donePool, poolResource, poolsOf, replacedPool } from './pool-objects.ts';
import { etagOf, type Properties, type Resource } from './resource-store.ts';
import { patchOf, upgradeProfile } from './upgrade-profile.ts';
import { upgradeNodes } from './upgraded-nodes.ts';

const type = 'Microsoft.ContainerService/managedClusters';

export function managedClusterRoutes(ground: Ground): ArmRoutes {
  const of = 'microsoft.containerservice managedclusters';
  return {
    [`GET ${of}`]: (request) => list(ground, request),
    [`GET ${of}/*`]: (request) => answerCluster(200, shownCluster(ground, found(ground, request))),
    [`PUT ${of}/*`]: (request) => put(ground, request),
    [`PATCH ${of}/*`]: (request) => patchTags(ground, request),
    [`DELETE ${of}/*`]: (request) => remove(ground, request),
    [`POST ${of}/*/start`]: (request) => power(ground, request, 'Running'),
    [`POST ${of}/*/stop`]: (request) => power(ground, request, 'Stopped'),
    [`POST ${of}/*/abort`]: (request) => abort(ground, request),
    [`GET ${of}/*/upgradeprofiles/*`]: (request) => answerJson(200, upgradeProfile(owner(ground, request))),
    [`POST ${of}/*/listclusterusercredential`]: (request) => {
      owner(ground, request);
      const value = Buffer.from(ground.kubeconfig()).toString('base64');
      return answerJson(200, { kubeconfigs: [{ name: 'clusterUser', value }] });
    },
    'GET microsoft.containerservice locations/*/operations/*': (request) => operation(ground, request),
    'GET microsoft.containerservice locations/*/operationresults/*': (request) => operation(ground, request),
  };
}

/** The cluster that what was asked for belongs to. Throws ArmError (404). */
export function owner(ground: Ground, request: ArmRequest): Resource {
  const { path } = request;
  const id = path.id.split('/').slice(0, 9).join('/');
  const name = path.names[0] ?? '';
  return found(ground, { ...request, path: { ...path, id, type, names: [name] } });
}

/** As it is at this moment: the world's pools move by themselves. */
export function shownCluster(ground: Ground, cluster: Resource): Resource {
  const pools = cluster.properties['agentPoolProfiles'] as Properties[] | undefined;
  const { world, operations } = ground;
  if (world === undefined || pools === undefined || !isOurs(cluster.id)) return cluster;
  const live = pools.map((pool) => livePool(world, pool));
  const isMoving = live.some((pool) => pool['provisioningState'] === 'Upgrading');
  const state =
    isMoving && operations.running(cluster.id) === undefined ? 'Upgrading' : cluster.properties['provisioningState'];
  return { ...cluster, properties: { ...cluster.properties, agentPoolProfiles: live, provisioningState: state } };
}

/** Throws ArmError (409) while something else changes the cluster. */
export function checkIdle(ground: Ground, cluster: Resource, id = cluster.id): void {
  const running = ground.operations.running(cluster.id);
  const kind = running?.kind ?? String(shownCluster(ground, cluster).properties['provisioningState']);
  if (running === undefined && kind !== 'Upgrading') return;
  const since = new Date(running?.started ?? upgradeBegan(ground.world) ?? ground.now()).toISOString();
  throw new ArmError(
    409,
    'OperationNotAllowed',
    `Operation is not allowed because there's an in progress ${verbs[kind] ?? 'update'} managed cluster operation on the managed cluster ${cluster.name} started at ${since}. Please wait for the operation to finish before starting a new one on ${id}. See https://aka.ms/aks-pending-operation for more details.`,
  );
}

/** What the world has upgraded by itself is from now on what ARM has stored: the next upgrade begins from there. */
export function takeOver(ground: Ground, cluster: Resource): Resource {
  if (ground.world?.causes.upgrade === undefined || !isOurs(cluster.id)) return cluster;
  const kept = ground.resources.put(shownCluster(ground, cluster));
  ground.world.change({ upgrade: undefined });
  return kept;
}

/** Throws ArmError (412). */
export function checkMatch({ ifMatch, ifNoneMatch }: ArmRequest, etag: string | undefined): void {
  const refuse = (why: string) => new ArmError(412, 'PreconditionFailed', why);
  if (ifNoneMatch === '*' && etag !== undefined) throw refuse('The resource already exists, and If-None-Match was *.');
  if (ifMatch === '' || ifMatch === '*') return;
  if (ifMatch.replaceAll('"', '') === etag) return;
  throw refuse(`The etag '${ifMatch}' that was given in If-Match does not match the resource's etag '${etag ?? ''}'.`);
}

export function isOurs(id: string): boolean {
  return id.toLowerCase() === clusterId().toLowerCase();
}

const verbs: Readonly<Record<string, string>> = {
  Creating: 'create',
  Updating: 'update',
  Upgrading: 'upgrade',
  Deleting: 'delete',
  Starting: 'start',
  Stopping: 'stop',
};

function list(ground: Ground, request: ArmRequest): AzureAnswer {
  checkGroup(ground, request.path.id);
  const clusters = ground.resources.list(type, request.path.scope).map((one) => shownCluster(ground, one));
  return answerJson(200, pageOf(clusters, request, ground.url(), ground.pace.pageSize));
}

function answerCluster(status: number, cluster: Resource, headers: Record<string, string> = {}): AzureAnswer {
  return answerJson(status, cluster, { etag: `"${cluster.eTag}"`, ...headers });
}

/** Whole replaces whole, as ARM has it: what the body leaves out is gone, but for what only the service writes. */
function put(ground: Ground, request: ArmRequest): AzureAnswer {
  const { path } = request;
  checkGroup(ground, path.id);
  const stored = ground.resources.get(path.id);
  checkMatch(request, stored?.eTag);
  const body = bodyOf(request);
  if (stored !== undefined) checkIdle(ground, stored);
  checkManagedCluster(ground, body, stored);
  const before = stored && takeOver(ground, stored);
  const kind = before === undefined ? 'Creating' : isUpgrade(before, body) ? 'Upgrading' : 'Updating';
  const after = keep(ground, { ...replaced(path.id, body, before) }, kind);
  const headers = beginOperation(ground, request, {
    ...{ resource: after.id, kind },
    title: kind === 'Creating' ? 'Create Managed Cluster' : 'Create or Update Managed Cluster',
    end(state) {
      const now = ground.resources.get(after.id);
      if (now === undefined) return;
      const done = keep(ground, settled(now, state === 'Succeeded'), state);
      if (state !== 'Succeeded' || !isOurs(done.id)) return;
      ground.settings.change(collectionOf(done, ground.settings.now()));
      if (kind === 'Upgrading' && ground.world !== undefined) upgradeNodes(ground.world, poolsOf(done.properties));
    },
  });
  return answerCluster(before === undefined ? 201 : 200, after, headers);
}

function replaced(id: string, body: { [field: string]: unknown }, before: Resource | undefined): Resource {
  const { properties: given, ...rest } = body;
  const properties = (given ?? {}) as Properties;
  const kept = before?.properties ?? {};
  const name = id.split('/').at(-1) ?? '';
  const own = ['fqdn', 'azurePortalFQDN', 'nodeResourceGroup', 'powerState', 'currentKubernetesVersion', 'resourceUID'];
  const location = String(body['location'] ?? before?.location ?? '');
  const group = id.split('/')[4] ?? '';
  const dns = String(properties['dnsPrefix'] ?? name);
  return {
    ...rest,
    id: before?.id ?? id,
    name: before?.name ?? name,
    type: 'Microsoft.ContainerService/ManagedClusters',
    location,
    properties: {
      fqdn: `${dns}-0d9c7b31.hcp.${location}.azmk8s.io`,
      powerState: { code: 'Running' },
      ...properties,
      ...Object.fromEntries(own.filter((field) => field in kept).map((field) => [field, kept[field]])),
      ...(before === undefined
        ? { nodeResourceGroup: properties['nodeResourceGroup'] ?? `MC_${group}_${name}_${location}` }
        : {}),
      agentPoolProfiles: poolsOf(properties).map((pool) =>
        replacedPool(
          pool,
          poolsOf(kept).find((one) => one['name'] === pool['name']),
          properties['kubernetesVersion'],
        ),
      ),
    },
  };
}

/** Every operation that ends well leaves the cluster and its pools as they were asked for. */
function settled(cluster: Resource, isDone: boolean): Resource {
  const { properties } = cluster;
  const pools = poolsOf(properties);
  const state = isDone ? 'Succeeded' : 'Failed';
  return {
    ...cluster,
    properties: {
      ...properties,
      ...(isDone ? { currentKubernetesVersion: patchOf(String(properties['kubernetesVersion'])) } : {}),
      agentPoolProfiles: pools.map((pool) => ({
        ...(isDone ? donePool(pool) : pool),
        provisioningState: state,
      })),
    },
  };
}

/** Stores it in this state, with the etag that follows. */
export function keep(ground: Ground, cluster: Resource, state: string): Resource {
  const next = { ...cluster, properties: { ...cluster.properties, provisioningState: state } };
  return ground.resources.put({ ...next, eTag: etagOf(next) });
}

/** Another version of the control plane, or of a pool that stays. */
function isUpgrade(before: Resource, body: { [field: string]: unknown }): boolean {
  const after = (body['properties'] ?? {}) as Properties;
  const version = after['kubernetesVersion'];
  if (version !== undefined && version !== before.properties['kubernetesVersion']) return true;
  return poolsOf(after).some((pool) => {
    const known = poolsOf(before.properties).find(({ name }) => name === pool['name']);
    const asked = pool['orchestratorVersion'];
    return known !== undefined && asked !== undefined && asked !== known['orchestratorVersion'];
  });
}

function patchTags(ground: Ground, request: ArmRequest): AzureAnswer {
  const cluster = found(ground, request);
  checkMatch(request, cluster.eTag);
  const { tags } = bodyOf(request);
  const next = { ...cluster, tags: (tags ?? {}) as Record<string, string> };
  return answerCluster(200, ground.resources.put({ ...next, eTag: etagOf(next) }));
}

function remove(ground: Ground, request: ArmRequest): AzureAnswer {
  const cluster = ground.resources.get(request.path.id);
  checkGroup(ground, request.path.id);
  if (cluster === undefined) return { status: 204 };
  if (isOurs(cluster.id)) {
    throw new ArmError(
      409,
      'ScopeLocked',
      `The scope '${cluster.id}' cannot perform delete operation because following scope(s) are locked: '${cluster.id}'. Please remove the lock and try again.`,
    );
  }
  checkMatch(request, cluster.eTag);
  checkIdle(ground, cluster);
  keep(ground, cluster, 'Deleting');
  const headers = beginOperation(ground, request, {
    ...{ resource: cluster.id, kind: 'Deleting', title: 'Delete Managed Cluster' },
    end: (state) => {
      if (state === 'Succeeded') ground.resources.remove(cluster.id);
      else keep(ground, cluster, 'Failed');
    },
  });
  return { status: 202, headers };
}

function power(ground: Ground, request: ArmRequest, code: 'Running' | 'Stopped'): AzureAnswer {
  const cluster = owner(ground, request);
  checkIdle(ground, cluster);
  const kind = code === 'Running' ? 'Starting' : 'Stopping';
  keep(ground, cluster, kind);
  const headers = beginOperation(ground, request, {
    ...{ resource: cluster.id, kind, title: code === 'Running' ? 'Start Managed Cluster' : 'Stop Managed Cluster' },
    end: (state) => {
      const properties = { ...cluster.properties, ...(state === 'Succeeded' ? { powerState: { code } } : {}) };
      keep(ground, { ...cluster, properties }, state);
    },
  });
  return { status: 202, headers };
}

function abort(ground: Ground, request: ArmRequest): AzureAnswer {
  const cluster = owner(ground, request);
  const running = ground.operations.running(cluster.id);
  if (running === undefined) {
    throw new ArmError(409, 'OperationNotAllowed', 'There is no operation in progress that could be aborted.');
  }
  ground.operations.cancel(running);
  return { status: 202, headers: ground.operations.headers(running, request.api) };
}

function operation(ground: Ground, { path }: ArmRequest): AzureAnswer {
  const kind = path.shape.includes('operationresults') ? 'operationresults' : 'operations';
  return ground.operations.answer(kind, path.names[1] ?? '', (id) => {
    const [of = '', pool] = id.split('/agentPools/');
    const cluster = ground.resources.get(of);
    if (cluster === undefined) return { status: 204 };
    const found = poolsOf(cluster.properties).find(({ name }) => name === pool);
    if (pool === undefined) return answerJson(200, cluster);
    return found === undefined ? { status: 204 } : answerJson(200, poolResource(cluster, found));
  });
}
