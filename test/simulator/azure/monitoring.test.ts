import { MonitorClient } from '@azure/arm-monitor';
import { OperationalInsightsManagementClient } from '@azure/arm-operationalinsights';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { LogsQueryClient, MetricsQueryClient } from '@azure/monitor-query';
import { describe, expect, it } from 'vitest';
import { azurePlace, clusterId, workspaceId } from '../../../src/simulator/azure/azure-settings.ts';
import { type Any, applicationCredential, ask, runningAzure } from './running-azure.ts';

const { subscription, resourceGroup, workspaceName, workspaceGuid } = azurePlace;

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of items) all.push(one);
  return all;
}

async function monitor(setUp = {}) {
  const running = await runningAzure(setUp);
  const credential = await applicationCredential(running);
  return { running, credential, client: new MonitorClient(credential, subscription, running.reach) };
}

describe('the workspace', () => {
  it('is read with its tables, their plans and their columns', async () => {
    const running = await runningAzure();
    const credential = await applicationCredential(running);
    const client = new OperationalInsightsManagementClient(credential, subscription, running.reach);
    const workspace = await client.workspaces.get(resourceGroup, workspaceName);
    expect(workspace).toMatchObject({ id: workspaceId(), customerId: workspaceGuid, retentionInDays: 30 });
    expect((await collect(client.workspaces.list())).map(({ name }) => name)).toEqual([workspaceName]);
    const [table] = await collect(client.tables.listByWorkspace(resourceGroup, workspaceName));
    expect(table).toMatchObject({ name: 'ContainerLogV2', plan: 'Basic' });
    expect(table?.schema?.standardColumns?.map(({ name, type }) => [name, type])).toEqual([
      ['TimeGenerated', 'dateTime'],
    ]);
    await expect(client.tables.get(resourceGroup, workspaceName, 'Nothing')).rejects.toMatchObject({ statusCode: 404 });
  });

  it('is asked at the path of its API, with a token for it alone', async () => {
    const running = await runningAzure();
    const audience = 'https://api.loganalytics.io';
    const client = new LogsQueryClient(await applicationCredential(running), { ...running.reach, audience });
    // What the route answers is no result; that it was asked is what counts here.
    await client.queryWorkspace(workspaceGuid, 'Heartbeat', { duration: 'PT1H' }).catch(() => {});
    const asked = running.azure.requests().find(({ host }) => host === 'logs');
    expect(asked).toMatchObject({
      method: 'POST',
      path: `/v1/workspaces/${workspaceGuid}/query`,
      status: 200,
      audience,
    });
    expect(JSON.parse(asked?.body ?? '')).toMatchObject({ query: 'Heartbeat', timespan: 'PT1H' });
  });
});

describe('metrics', () => {
  it('are read by the client for queries, every five minutes, the newest without a value', async () => {
    const running = await runningAzure();
    const client = new MetricsQueryClient(await applicationCredential(running), running.reach);
    const names = ['node_cpu_usage_percentage', 'apiserver_current_inflight_requests'];
    const result = await client.queryResource(clusterId(), names, {
      timespan: { duration: 'PT1H' },
      granularity: 'PT5M',
      aggregations: ['Average'],
    });
    expect(result.metrics.map(({ name, unit }) => [name, unit])).toEqual([
      [names[0], 'Percent'],
      [names[1], 'Count'],
    ]);
    const data = result.metrics[0]?.timeseries[0]?.data ?? [];
    expect(data.length).toBeGreaterThanOrEqual(12);
    const values = data.slice(0, -1).map(({ average }) => average ?? Number.NaN);
    expect(values.every((value) => value >= 0 && value <= 100)).toBe(true);
    expect(new Set(values).size).toBeGreaterThan(3);
    const again = await client.queryResource(clusterId(), names, {
      timespan: { duration: 'PT1H' },
      granularity: 'PT5M',
      aggregations: ['Average'],
    });
    // The same moments say the same.
    expect(again.metrics[0]?.timeseries[0]?.data?.[3]).toEqual(
      data.find(({ timeStamp }) => +timeStamp === +(again.metrics[0]?.timeseries[0]?.data?.[3]?.timeStamp ?? 0)),
    );
    const asked = running.azure.requests().find(({ path }) => path.includes('/metrics'));
    expect(asked?.path).toMatch(/^\/\/subscriptions\/.*api-version=2024-02-01/);
    expect(asked?.audience).toBe('https://management.azure.com/');
  });

  it('that nobody measures are refused by their name', async () => {
    const { client } = await monitor();
    const asked = client.metrics.list(clusterId(), { metricnames: 'nothing_at_all' });
    await expect(asked).rejects.toThrow(/Failed to find metric configuration.*nothing_at_all/);
    const definitions = await collect(client.metricDefinitions.list(clusterId()));
    expect(definitions.map(({ name }) => name?.value)).toContain('etcd_database_usage_percentage');
  });
});

describe('the activity log', () => {
  it('tells minutes later who did what', async () => {
    const { running, client } = await monitor();
    const api = 'api-version=2026-06-01';
    const { json } = await ask(running, `${clusterId()}?${api}`);
    await ask(running, `${clusterId()}?${api}`, { method: 'PUT', body: json });
    running.azure.subscription().operations.finish();
    const since = new Date(Date.now() - 60_000).toISOString();
    const filter = `eventTimestamp ge '${since}' and resourceGroupName eq '${resourceGroup}'`;
    const entries = await collect(client.activityLogs.list(filter));
    expect(entries.map(({ operationName, status, caller }) => [operationName?.value, status?.value, caller])).toEqual(
      ['Succeeded', 'Accepted', 'Started'].map((status) => [
        'Microsoft.ContainerService/managedClusters/write',
        status,
        running.azure.application.id,
      ]),
    );
    expect(new Set(entries.map(({ correlationId }) => correlationId)).size).toBe(1);
    running.azure.settings.change({ delay: { agent: [0, 0], resource: [180, 600] } });
    expect(await collect(client.activityLogs.list(filter))).toEqual([]);
  });

  it('is asked with a beginning, or refuses', async () => {
    const { running } = await monitor();
    const of = (filter: string) =>
      ask(
        running,
        `/subscriptions/${subscription}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter=${encodeURIComponent(filter)}`,
      );
    expect((await of("resourceGroupName eq 'x'")).status).toBe(400);
    expect((await of("eventTimestamp ge '2026-11-22' and favourite eq 'x'")).status).toBe(400);
    const days = new Date(Date.now() - 2 * 86_400_000).toISOString();
    const pages = await of(`eventTimestamp ge '${days}'`);
    expect(pages.json.value.length).toBeGreaterThan(3);
    expect((await of(`eventTimestamp ge '${days}' and resourceProvider eq 'Microsoft.Storage'`)).json.value).toEqual(
      [],
    );
  });
});

describe('diagnostic settings', () => {
  it('say where audit goes, and change it', async () => {
    const { running, client } = await monitor();
    const [setting] = await collect(client.diagnosticSettings.list(clusterId()));
    expect(setting).toMatchObject({ logAnalyticsDestinationType: 'Dedicated', workspaceId: workspaceId() });
    const on = setting?.logs?.flatMap(({ category, enabled }) => (enabled ? [category] : []));
    expect(on).toContain('kube-audit-admin');
    await client.diagnosticSettings.delete(clusterId(), setting?.name ?? '');
    expect(running.azure.settings.now().audit).toBe('none');
    await client.diagnosticSettings.createOrUpdate(clusterId(), 'again', {
      workspaceId: workspaceId(),
      logs: [{ category: 'kube-audit-admin', enabled: true }],
    });
    expect(running.azure.settings.now().audit).toBe('legacy');
    running.azure.settings.change({ audit: 'none' });
    expect((await collect(client.diagnosticSettings.list(clusterId()))).map(({ name }) => name)).toEqual([]);
  });
});

describe('alert rules', () => {
  it('are listed, written and deleted', async () => {
    const { client, running } = await monitor();
    const names = async () =>
      (await collect(client.scheduledQueryRules.listByResourceGroup(resourceGroup))).map(({ name }) => name);
    expect(await names()).toEqual(['cilium-agent-restarts']);
    const rule = { location: 'westeurope', kind: 'LogAlert', properties: { severity: 1, scopes: [workspaceId()] } };
    const group = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers`;
    const at = `${group}/Microsoft.Insights/scheduledQueryRules/mine?api-version=2023-12-01`;
    expect((await ask(running, at, { method: 'PUT', body: rule })).status).toBe(201);
    expect((await ask(running, at, { method: 'PUT', body: rule })).status).toBe(200);
    expect(await names()).toEqual(['cilium-agent-restarts', 'mine']);
    const gone = `/subscriptions/${subscription}/resourceGroups/gone/providers/Microsoft.Insights/scheduledQueryRules/x?api-version=2023-12-01`;
    expect((await ask(running, gone, { method: 'PUT', body: rule })).json.error.code).toBe('ResourceGroupNotFound');
    const rules = `${group}/Microsoft.AlertsManagement/prometheusRuleGroups/mine?api-version=2023-03-01`;
    const { location: _, ...placeless } = rule;
    expect((await ask(running, rules, { method: 'PUT', body: placeless })).json.error.code).toBe('LocationRequired');
    expect((await ask(running, rules, { method: 'PUT', body: rule })).status).toBe(201);
    expect((await ask(running, rules, { method: 'DELETE' })).status).toBe(200);
    expect((await ask(running, rules)).status).toBe(404);
  });
});

describe('the resource graph', () => {
  const rows = async (query: string, more = {}): Promise<Any> => {
    const running = await runningAzure();
    const client = new ResourceGraphClient(await applicationCredential(running), running.reach);
    return (await client.resources({ query, ...more })).data;
  };
  const clusters = "Resources | where type =~ 'Microsoft.ContainerService/managedClusters'";

  it('finds clusters in all subscriptions that may be read', async () => {
    expect((await rows(clusters)).map(({ name }: Any) => name)).toEqual([
      'aks-prod-weu',
      'aks-dev-weu',
      'aks-batch-neu',
    ]);
    expect(await rows(clusters, { subscriptions: ['00000000-0000-0000-0000-000000000009'] })).toEqual([]);
    const group = azurePlace.nodeResourceGroup.toUpperCase();
    const one = `${clusters} and properties.nodeResourceGroup =~ '${group}' | project id, at = properties.fqdn, sku.tier`;
    expect(await rows(one)).toEqual([
      { id: clusterId(), at: expect.stringContaining('azmk8s.io'), sku_tier: 'Standard' },
    ]);
    expect(await rows("resources | where type in~ ('microsoft.operationalinsights/workspaces') | take 5")).toHaveLength(
      1,
    );
  });

  it.each(['Alerts', 'Resources | summarize count() by type', 'Resources | where strlen(name) > 3'])(
    'refuses what it does not know: %s',
    async (query) => {
      await expect(rows(query)).rejects.toMatchObject({ statusCode: 400, code: 'BadRequest' });
    },
  );
});

describe('Resource Manager', () => {
  const asked: [what: string, path: string, status: number, code: string][] = [
    ['no version', `${clusterId()}`, 400, 'MissingApiVersionParameter'],
    ['a version that is none', `${clusterId()}?api-version=newest`, 400, 'InvalidApiVersionParameter'],
    [
      'another subscription',
      '/subscriptions/00000000-0000-0000-0000-000000000009/resourceGroups?api-version=2022-12-01',
      404,
      'SubscriptionNotFound',
    ],
    [
      'a subscription that is none',
      '/subscriptions/mine/resourceGroups?api-version=2022-12-01',
      400,
      'InvalidSubscriptionId',
    ],
    [
      'a group that is none',
      `/subscriptions/${subscription}/resourceGroups/gone/providers/Microsoft.ContainerService/managedClusters/x?api-version=2026-06-01`,
      404,
      'ResourceGroupNotFound',
    ],
    ['a cluster that is none', `${clusterId()}-gone?api-version=2026-06-01`, 404, 'ResourceNotFound'],
    ['a type that is none', `${clusterId()}/wishes?api-version=2026-06-01`, 404, 'InvalidResourceType'],
    ['something else', '/favicon.ico?api-version=2026-06-01', 404, 'NotFound'],
  ];
  it.each(asked)('refuses %s', async (_what, path, status, code) => {
    const reply = await ask(await runningAzure(), path);
    expect([reply.status, reply.json.error.code]).toEqual([status, code]);
    expect(reply.json.error.message).not.toBe('');
  });

  it('names each request, and says how many are left', async () => {
    const running = await runningAzure();
    const reply = await ask(running, `${clusterId()}?api-version=2026-06-01`, {
      headers: { 'x-ms-correlation-request-id': 'mine' },
    });
    expect(reply.headers).toMatchObject({
      'x-ms-correlation-request-id': 'mine',
      'x-ms-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-ms-ratelimit-remaining-subscription-reads': '11998',
      etag: expect.stringMatching(/^"[0-9a-f-]{36}"$/),
    });
  });

  it('has the network that the pools are in, a subnet that is somebody’s, and groups', async () => {
    const running = await runningAzure();
    const network = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/virtualNetworks/vnet-prod-weu`;
    const subnet = (name: string) => ask(running, `${network}/subnets/${name}?api-version=2024-05-01`);
    expect((await subnet('snet-nodes')).json.properties).toMatchObject({
      addressPrefix: '10.224.0.0/16',
      delegations: [],
    });
    expect((await subnet('snet-databases')).json.properties.delegations).toHaveLength(1);
    expect((await subnet('gone')).status).toBe(404);
    expect((await ask(running, `${network}?api-version=2024-05-01`)).json.properties.subnets).toHaveLength(5);
    const groups = `/subscriptions/${subscription}/resourcegroups`;
    const listed = await ask(running, `${groups}?api-version=2022-12-01`);
    expect(listed.json.value.map(({ name }: Any) => name)).toContain(azurePlace.nodeResourceGroup);
    const made = await ask(running, `${groups}/mine?api-version=2022-12-01`, {
      method: 'PUT',
      body: { location: 'westeurope' },
    });
    expect([made.status, made.json.id]).toEqual([201, `/subscriptions/${subscription}/resourcegroups/mine`]);
    const may = await ask(
      running,
      `${clusterId()}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`,
    );
    expect(may.json.value[0].actions).toEqual(['*']);
  });
});
