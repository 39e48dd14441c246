import { describe, expect, it } from 'vitest';
import { azurePlace, clusterId } from '../../../src/simulator/azure/azure-settings.ts';
import { busy } from '../../../src/simulator/scenarios/busy.ts';
import { agentInitFails } from '../../../src/simulator/scenarios/failures.ts';
import { healthy } from '../../../src/simulator/scenarios/healthy.ts';
import { noCilium } from '../../../src/simulator/scenarios/no-cilium.ts';
import type { Scenario } from '../../../src/simulator/scenarios/scenario.ts';
import { upgradeInProgress } from '../../../src/simulator/scenarios/upgrade-in-progress.ts';
import { settledWorld } from '../../../src/simulator/simulate.ts';
import { type Any, ask, runningAzure } from './running-azure.ts';

const api = 'api-version=2026-06-01';

/** A small one of this scenario, with its Azure. */
async function world(scenario: Scenario, setUp = {}, nodes = 4) {
  const one = settledWorld({ scenario, nodes, pods: 8, churn: 0, seed: 3, port: 0, faults: [] });
  const running = await runningAzure(setUp, one, scenario.operations);
  const cluster = async () => (await ask(running, `${clusterId()}?${api}`)).json as Any;
  return { world: one, running, cluster };
}

const pool = (cluster: Any, name: string) => cluster.properties.agentPoolProfiles.find((one: Any) => one.name === name);
const nodesOf = (one: Awaited<ReturnType<typeof world>>, name: string) =>
  one.world.store
    .list('Node')
    .map(({ metadata, status }: Any) => ({
      pool: metadata.labels.agentpool,
      kubelet: status.nodeInfo.kubeletVersion,
      image: metadata.labels['kubernetes.azure.com/node-image-version'],
    }))
    .filter((node) => node.pool === name);

/** In the activity log: who, when, on what. */
async function tellsWhoBegan({ running, world: one }: Awaited<ReturnType<typeof world>>): Promise<void> {
  const since = new Date(one.now() - 60 * 60_000).toISOString();
  const filter = encodeURIComponent(`eventTimestamp ge '${since}'`);
  const path = `/subscriptions/${azurePlace.subscription}/providers/Microsoft.Insights/eventtypes/management/values`;
  const { json } = await ask(running, `${path}?api-version=2015-04-01&$filter=${filter}`);
  const [newest] = json.value;
  expect(newest).toMatchObject({
    operationName: { value: 'Microsoft.ContainerService/managedClusters/agentPools/write' },
    status: { value: 'Started' },
    caller: 'mara.lind@contoso.example',
    resourceId: `${clusterId()}/agentPools/np2`,
  });
  const ago = one.now() - Date.parse(newest.eventTimestamp);
  expect(Math.round(ago / 60_000)).toBe(9);
}

describe('the cluster in ARM', () => {
  it('is the one whose nodes say where they are', async () => {
    const { cluster, world: lived } = await world(noCilium);
    const { id, properties } = await cluster();
    const provider = String((lived.store.list('Node')[0] as Any).spec.providerID);
    expect(provider.toLowerCase()).toContain(
      `/subscriptions/${id.split('/')[2]}/resourceGroups/${properties.nodeResourceGroup}/`.toLowerCase(),
    );
    expect(properties.agentPoolProfiles.map(({ name, count }: Any) => [name, count])).toEqual([
      ['np1', 2],
      ['np2', 2],
    ]);
    expect(properties.networkProfile).toMatchObject({ networkDataplane: 'azure', networkPolicy: 'azure' });
    expect(properties.networkProfile).not.toHaveProperty('networkPluginMode');
  });

  it('is being upgraded while its nodes are, and then is no more', async () => {
    const lived = await world(upgradeInProgress, {}, 8);
    const { cluster, running, world: one } = lived;
    const before = await cluster();
    expect(before.properties).toMatchObject({ provisioningState: 'Upgrading', currentKubernetesVersion: '1.34.3' });
    expect(pool(before, 'np2')).toMatchObject({ provisioningState: 'Upgrading', currentOrchestratorVersion: '1.34.2' });
    expect(pool(before, 'np1').provisioningState).toBe('Succeeded');
    const refused = await ask(running, `${clusterId()}?${api}`, { method: 'PUT', body: before });
    expect([refused.status, refused.json.error.code]).toEqual([409, 'OperationNotAllowed']);
    await tellsWhoBegan(lived);
    one.advance(15 * 60_000);
    const after = await cluster();
    expect(after.properties.provisioningState).toBe('Succeeded');
    expect(pool(after, 'np2')).toMatchObject({
      provisioningState: 'Succeeded',
      currentOrchestratorVersion: '1.34.3',
      nodeImageVersion: expect.stringContaining('202611.04.0'),
    });
    expect(nodesOf(lived, 'np2').every(({ kubelet }) => kubelet === 'v1.34.3')).toBe(true);
  });

  it('has a failed pool where the last operation on it failed', async () => {
    const { operations } = busy;
    const { running, cluster, world: one } = await world({ ...healthy, operations: operations ?? [] });
    one.change({ fails: [agentInitFails({})] });
    const now = await cluster();
    expect([pool(now, 'np1'), pool(now, 'np2')].map((one) => one.provisioningState)).toEqual(['Succeeded', 'Failed']);
    const alerts = `/subscriptions/${azurePlace.subscription}/providers/Microsoft.AlertsManagement/alerts?api-version=2019-05-05-preview`;
    const fired = (await ask(running, alerts)).json.value.map((one: Any) => [
      one.name,
      one.properties.essentials.monitorCondition,
    ]);
    expect(fired).toContainEqual(['cilium-agent-restarts', 'Fired']);
  });
});

describe('an upgrade that was asked for', () => {
  it('begins where the world has come by itself, and at the newest patch of a minor', async () => {
    const lived = await world(healthy, { operationSeconds: 60 });
    const { running, cluster, world: one } = lived;
    const { nodeImageVersion: nodeImage } = pool(await cluster(), 'np2');
    one.change({ upgrade: { pool: 'np2', kubelet: 'v1.34.3', nodeImage, pace: 60_000 } });
    one.advance(10 * 60_000);
    expect(pool(await cluster(), 'np2').currentOrchestratorVersion).toBe('1.34.3');
    const whole = await cluster();
    whole.properties.kubernetesVersion = '1.35';
    for (const each of whole.properties.agentPoolProfiles) each.orchestratorVersion = '1.35';
    expect((await ask(running, `${clusterId()}?${api}`, { method: 'PUT', body: whole })).status).toBe(200);
    running.azure.subscription().operations.finish();
    const after = await cluster();
    expect(after.properties).toMatchObject({ provisioningState: 'Succeeded', currentKubernetesVersion: '1.35.1' });
    const node = { pool: 'np2', kubelet: 'v1.35.1', image: expect.stringContaining('202611.04.0') };
    expect(nodesOf(lived, 'np2')).toEqual([node, node]);
  });

  it('reaches the nodes, those of one pool or of all', async () => {
    const lived = await world(healthy, { operationSeconds: 60 });
    const { running, cluster } = lived;
    const finish = () => running.azure.subscription().operations.finish();
    const pools = `${clusterId()}/agentPools/np2`;
    const image = await ask(running, `${pools}/upgradeNodeImageVersion?${api}`, { method: 'POST' });
    expect(image.status).toBe(202);
    expect(pool(await cluster(), 'np2').provisioningState).toBe('UpgradingNodeImageVersion');
    finish();
    expect(new Set(nodesOf(lived, 'np2').map((node) => node.image))).toEqual(
      new Set([pool(await cluster(), 'np2').nodeImageVersion]),
    );
    expect(nodesOf(lived, 'np1').every((node) => node.image !== nodesOf(lived, 'np2')[0]?.image)).toBe(true);
    const whole = await cluster();
    whole.properties.kubernetesVersion = '1.35.0';
    for (const one of whole.properties.agentPoolProfiles) one.orchestratorVersion = '1.35.0';
    expect((await ask(running, `${clusterId()}?${api}`, { method: 'PUT', body: whole })).status).toBe(200);
    expect((await cluster()).properties.provisioningState).toBe('Upgrading');
    expect(running.azure.version()).toBe('v1.34.2');
    finish();
    expect(running.azure.version()).toBe('v1.35.0');
    expect([...nodesOf(lived, 'np1'), ...nodesOf(lived, 'np2')].map(({ kubelet }) => kubelet)).toEqual(
      Array.from({ length: 4 }, () => 'v1.35.0'),
    );
  });
});
