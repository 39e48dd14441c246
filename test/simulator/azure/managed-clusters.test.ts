import {
  ContainerServiceClient,
  type ContainerServiceClientOptionalParams,
  type ManagedCluster,
  restorePoller,
} from '@azure/arm-containerservice';
import { describe, expect, it, vi } from 'vitest';
import { azurePlace, clusterId, workspaceId } from '../../../src/simulator/azure/azure-settings.ts';
import { type Any, applicationCredential, ask, type RunningAzure, runningAzure } from './running-azure.ts';

const { resourceGroup, cluster: name, subscription } = azurePlace;
const api = 'api-version=2026-06-01';
const soon = { updateIntervalInMs: 10 };

async function clientOf(running: RunningAzure) {
  const options: ContainerServiceClientOptionalParams = running.reach;
  return new ContainerServiceClient(await applicationCredential(running), subscription, options);
}

const refusalOf = (attempt: PromiseLike<unknown>) =>
  Promise.resolve(attempt).then(
    () => 'done',
    (error: Any) => `${error.statusCode} ${error.code}`,
  );

describe('a managed cluster', () => {
  it('is found in its subscription among others, page after page', async () => {
    const running = await runningAzure({ pageSize: 1 });
    const client = await clientOf(running);
    const names: (string | undefined)[] = [];
    for await (const one of client.managedClusters.list()) names.push(one.name);
    expect(names).toEqual(['aks-prod-weu', 'aks-dev-weu', 'aks-batch-neu']);
    const asked = running.azure.requests().filter(({ host }) => host === 'arm');
    expect(asked.map(({ method, status }) => `${method} ${status}`)).toEqual(['GET 200', 'GET 200', 'GET 200']);
    expect(asked[0]).toMatchObject({
      path: `/subscriptions/${subscription}/providers/Microsoft.ContainerService/managedClusters?${api}`,
      audience: 'https://management.azure.com',
      caller: running.azure.application.id,
    });
    expect(asked[1]?.path).toContain('skipToken');
    const ofGroup: (string | undefined)[] = [];
    for await (const one of client.managedClusters.listByResourceGroup('DEV-weu')) ofGroup.push(one.name);
    expect(ofGroup).toEqual(['aks-dev-weu']);
  });

  it('says what it is and what it can become', async () => {
    const client = await clientOf(await runningAzure());
    const cluster = await client.managedClusters.get(resourceGroup, name);
    expect(cluster).toMatchObject({
      id: clusterId(),
      provisioningState: 'Succeeded',
      nodeResourceGroup: azurePlace.nodeResourceGroup,
      networkProfile: { networkPlugin: 'azure', networkPluginMode: 'overlay', networkDataplane: 'cilium' },
    });
    expect(cluster.addonProfiles?.['omsagent']?.config?.['logAnalyticsWorkspaceResourceID']).toBe(workspaceId());
    const profile = await client.managedClusters.getUpgradeProfile(resourceGroup, name);
    const versions = profile.controlPlaneProfile?.upgrades?.map(({ kubernetesVersion }) => kubernetesVersion);
    expect(versions).toEqual(['1.34.3', '1.35.0', '1.35.1']);
    const { kubeconfigs } = await client.managedClusters.listClusterUserCredentials(resourceGroup, name);
    expect(Buffer.from(kubeconfigs?.[0]?.value ?? '').toString()).toBe('kind: Config\n');
    const windows: (string | undefined)[] = [];
    for await (const one of client.maintenanceConfigurations.listByManagedCluster(resourceGroup, name)) {
      windows.push(one.name);
    }
    expect(windows).toEqual(['aksManagedAutoUpgradeSchedule', 'aksManagedNodeOSUpgradeSchedule']);
  });

  it('is changed by an operation that somebody else can go on waiting for', async () => {
    const running = await runningAzure({ operationSeconds: 60 });
    const client = await clientOf(running);
    const before = await client.managedClusters.get(resourceGroup, name);
    const changed: ManagedCluster = { ...before, autoUpgradeProfile: { upgradeChannel: 'stable' } };
    const options = { ...soon, ifMatch: before.eTag ?? '' };
    const poller = client.managedClusters.createOrUpdate(resourceGroup, name, changed, options);
    await poller.submitted();
    const kept = await poller.serialize();
    expect((await client.managedClusters.get(resourceGroup, name)).provisioningState).toBe('Updating');
    expect(await refusalOf(client.managedClusters.createOrUpdate(resourceGroup, name, changed))).toBe(
      '409 OperationNotAllowed',
    );
    const other = await clientOf(running);
    const restored = restorePoller(other, kept, other.managedClusters.createOrUpdate, soon);
    await restored.poll();
    expect(restored.operationState?.status).toBe('running');
    expect(running.azure.subscription().operations.finish()).toBe(1);
    const after = await restored.pollUntilDone();
    expect(after).toMatchObject({
      provisioningState: 'Succeeded',
      autoUpgradeProfile: { upgradeChannel: 'stable' },
      nodeResourceGroup: before.nodeResourceGroup,
    });
    expect(after.eTag).not.toBe(before.eTag);
    const puts = running.azure.requests().filter(({ method }) => method === 'PUT');
    expect(puts.map(({ status, headers }) => [status, headers['if-match']])).toEqual([
      [200, before.eTag],
      [409, undefined],
    ]);
    expect(JSON.parse(puts[0]?.body ?? '').properties.autoUpgradeProfile).toEqual({ upgradeChannel: 'stable' });
  });

  it('tells in Retry-After and in percent how long an operation will take', async () => {
    const running = await runningAzure({ operationSeconds: 60, pollSeconds: 7 });
    const { json } = await ask(running, `${clusterId()}?${api}`);
    const put = await ask(running, `${clusterId()}?${api}`, { method: 'PUT', body: json });
    expect(put.headers['retry-after']).toBe('7');
    const where = new URL(String(put.headers['azure-asyncoperation']));
    const state = await ask(running, where.pathname + where.search);
    expect(state.json).toMatchObject({ status: 'InProgress', percentComplete: 0 });
    const result = new URL(String(put.headers['location']));
    expect((await ask(running, result.pathname + result.search)).status).toBe(202);
    running.azure.subscription().operations.finish();
    expect((await ask(running, where.pathname + where.search)).json).toMatchObject({
      status: 'Succeeded',
      percentComplete: 100,
    });
    expect((await ask(running, result.pathname + result.search)).json.id).toBe(clusterId());
  });

  it('stays failed when its operation fails', async () => {
    const running = await runningAzure();
    running.faults.add({ id: 'azure-operation-fails', count: 1 });
    const client = await clientOf(running);
    const before = await client.managedClusters.get(resourceGroup, name);
    const failing = client.managedClusters.createOrUpdate(resourceGroup, name, before, soon);
    await expect(failing.pollUntilDone()).rejects.toThrow('It broke.');
    expect((await client.managedClusters.get(resourceGroup, name)).provisioningState).toBe('Failed');
    const again = client.managedClusters.createOrUpdate(resourceGroup, name, before, soon);
    expect((await again.pollUntilDone()).provisioningState).toBe('Succeeded');
  });

  it('is made anew, listed while it is being made, and deleted', async () => {
    const running = await runningAzure({ operationSeconds: 60 });
    const client = await clientOf(running);
    const made: ManagedCluster = {
      location: 'westeurope',
      kubernetesVersion: '1.34',
      dnsPrefix: 'aks-new',
      identity: { type: 'SystemAssigned' },
      agentPoolProfiles: [{ name: 'np1', count: 3, mode: 'System', vmSize: 'Standard_D4s_v5' }],
      networkProfile: { networkPlugin: 'azure', networkPluginMode: 'overlay', networkDataplane: 'cilium' },
    };
    const poller = client.managedClusters.createOrUpdate(resourceGroup, 'aks-new', made, soon);
    await poller.submitted();
    const states: (string | undefined)[] = [];
    for await (const one of client.managedClusters.list())
      if (one.name === 'aks-new') states.push(one.provisioningState);
    expect(states).toEqual(['Creating']);
    running.azure.subscription().operations.finish();
    const cluster = await poller.pollUntilDone();
    expect(cluster).toMatchObject({
      provisioningState: 'Succeeded',
      nodeResourceGroup: 'MC_prod-weu_aks-new_westeurope',
      agentPoolProfiles: [{ name: 'np1', provisioningState: 'Succeeded' }],
    });
    const gone = client.managedClusters.delete(resourceGroup, 'aks-new', soon);
    await gone.submitted();
    running.azure.subscription().operations.finish();
    await gone.pollUntilDone();
    expect(await refusalOf(client.managedClusters.get(resourceGroup, 'aks-new'))).toBe('404 ResourceNotFound');
    expect(await refusalOf(client.managedClusters.delete(resourceGroup, name, soon))).toBe('409 ScopeLocked');
  });

  it('keeps what a client of another version put', async () => {
    const running = await runningAzure();
    const { json } = await ask(running, `${clusterId()}?${api}`);
    json.properties.networkProfile.somethingNewer = { enabled: true };
    await ask(running, `${clusterId()}?${api}`, { method: 'PUT', body: json });
    const after = await ask(running, `${clusterId()}?${api}`);
    expect(after.json.properties.networkProfile.somethingNewer).toEqual({ enabled: true });
    delete after.json.properties.aadProfile;
    await vi.waitFor(async () => {
      const put = await ask(running, `${clusterId()}?${api}`, { method: 'PUT', body: after.json });
      expect(put.status).toBe(200);
    }, 10_000);
    // What a body leaves out is gone: whoever writes from a part of the object shall see it.
    expect((await ask(running, `${clusterId()}?${api}`)).json.properties.aadProfile).toBeUndefined();
  });

  it('changes only its tags by PATCH', async () => {
    const client = await clientOf(await runningAzure());
    const after = await client.managedClusters
      .updateTags(resourceGroup, name, { tags: { owner: 'platform' } }, soon)
      .pollUntilDone();
    expect([after.tags, after.networkProfile?.networkDataplane]).toEqual([{ owner: 'platform' }, 'cilium']);
  });
});

describe('what a cluster is refused', () => {
  const wrong: [what: string, change: (cluster: Any) => void, refusal: string][] = [
    ['another location', (one) => (one.location = 'northeurope'), '409 InvalidResourceLocation'],
    ['no location', (one) => delete one.location, '400 LocationRequired'],
    ['an older Kubernetes', (one) => (one.properties.kubernetesVersion = '1.33.7'), '400 OperationNotAllowed'],
    [
      'a Kubernetes two minors ahead',
      (one) => (one.properties.kubernetesVersion = '1.36.0'),
      '400 OperationNotAllowed',
    ],
    ['a Kubernetes that is none', (one) => (one.properties.kubernetesVersion = '1.99.0'), '400 K8sVersionNotSupported'],
    ['a Windows pool', (one) => (one.properties.agentPoolProfiles[0].osType = 'Windows'), '400 InvalidParameter'],
    [
      'a subnet that is none',
      (one) => (one.properties.agentPoolProfiles[0].vnetSubnetID += '-gone'),
      '400 LinkedInvalidPropertyId',
    ],
    [
      'flow logs without ACNS',
      (one) => delete one.properties.networkProfile.advancedNetworking,
      '400 InvalidParameter',
    ],
    [
      'another data plane',
      (one) => (one.properties.networkProfile.networkDataplane = 'azure'),
      '400 PropertyChangeNotAllowed',
    ],
  ];
  it.each(wrong)('%s', async (_what, change, refusal) => {
    const running = await runningAzure();
    const { json } = await ask(running, `${clusterId()}?${api}`);
    json.properties.networkProfile.advancedNetworking = { enabled: true };
    change(json);
    const put = await ask(running, `${clusterId()}?${api}`, { method: 'PUT', body: json });
    expect(`${put.status} ${put.json.error.code}`).toBe(refusal);
    expect((await ask(running, `${clusterId()}?${api}`)).json.properties.provisioningState).toBe('Succeeded');
  });

  it('a change of what is no longer so', async () => {
    const running = await runningAzure();
    const client = await clientOf(running);
    const cluster = await client.managedClusters.get(resourceGroup, name);
    const refused = (options: object) =>
      refusalOf(client.managedClusters.createOrUpdate(resourceGroup, name, cluster, { ...soon, ...options }));
    expect(await refused({ ifMatch: 'older' })).toBe('412 PreconditionFailed');
    expect(await refused({ ifNoneMatch: '*' })).toBe('412 PreconditionFailed');
    expect(running.azure.subscription().operations.all()).toEqual([]);
  });
});

describe('an agent pool', () => {
  it('is read, added, upgraded and removed', async () => {
    const client = await clientOf(await runningAzure());
    const names = async () => {
      const found: string[] = [];
      for await (const one of client.agentPools.list(resourceGroup, name)) found.push(`${one.name} ${one.mode}`);
      return found;
    };
    expect(await names()).toEqual(['np1 System']);
    const added = await client.agentPools
      .createOrUpdate(resourceGroup, name, 'np9', { count: 2, mode: 'User', vmSize: 'Standard_D8s_v5' }, soon)
      .pollUntilDone();
    expect(added).toMatchObject({ name: 'np9', count: 2, provisioningState: 'Succeeded' });
    expect(await names()).toEqual(['np1 System', 'np9 User']);
    await client.agentPools.upgradeNodeImageVersion(resourceGroup, name, 'np9', soon).pollUntilDone();
    const pool = await client.agentPools.get(resourceGroup, name, 'np9');
    expect(pool.nodeImageVersion).toMatch(/202611\.04\.0$/);
    const newer = { ...pool, orchestratorVersion: '1.34.3' };
    const stale = { ...soon, ifMatch: 'older' };
    expect(await refusalOf(client.agentPools.createOrUpdate(resourceGroup, name, 'np9', newer, stale))).toBe(
      '412 PreconditionFailed',
    );
    const fresh = { ...soon, ifMatch: pool.eTag ?? '' };
    const next = await client.agentPools.createOrUpdate(resourceGroup, name, 'np9', newer, fresh).pollUntilDone();
    expect(next.currentOrchestratorVersion).toBe('1.34.3');
    await client.agentPools.delete(resourceGroup, name, 'np9', soon).pollUntilDone();
    expect(await names()).toEqual(['np1 System']);
    expect(await refusalOf(client.agentPools.get(resourceGroup, name, 'np9'))).toBe('404 NotFound');
  });
});

describe('what is collected', () => {
  it('follows from the cluster', async () => {
    const running = await runningAzure();
    const { settings } = running.azure;
    const put = async (change: (cluster: Any) => void) => {
      const { json } = await ask(running, `${clusterId()}?${api}`);
      json.properties.networkProfile.advancedNetworking = { enabled: true };
      change(json);
      expect((await ask(running, `${clusterId()}?${api}`, { method: 'PUT', body: json })).status).toBe(200);
      running.azure.subscription().operations.finish();
    };
    expect(settings.now()).toMatchObject({ monitoring: true, flowLogs: 'analytics', audit: 'dedicated' });
    await put((one) => delete one.properties.addonProfiles.omsagent.config.enableContainerNetworkLogs);
    expect(settings.now().flowLogs).toBe('none');
    await put((one) => (one.properties.addonProfiles.omsagent.config.enableContainerNetworkLogs = 'True'));
    expect(settings.now().flowLogs).toBe('analytics');
    await put((one) => (one.properties.addonProfiles = {}));
    expect(settings.now()).toMatchObject({ monitoring: false, flowLogs: 'none' });
  });

  it('is what the cluster says, whoever set it', async () => {
    const running = await runningAzure();
    const config = async () =>
      (await ask(running, `${clusterId()}?${api}`)).json.properties.addonProfiles.omsagent.config ?? {};
    expect(await config()).toHaveProperty('enableContainerNetworkLogs', 'True');
    running.azure.settings.change({ flowLogs: 'none' });
    expect(await config()).not.toHaveProperty('enableContainerNetworkLogs');
    running.azure.settings.change({ flowLogs: 'older-name' });
    expect(await config()).toHaveProperty('enableRetinaNetworkFlags', 'True');
    running.azure.settings.change({ monitoring: false });
    expect(await config()).toEqual({});
  });
});
