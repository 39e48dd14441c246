import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { readManagedCluster } from '../../../src/model/azure/read-managed-cluster.ts';
import type { Change, FactChange } from '../../../src/model/change.ts';
import type { Fact, FactId, Facts } from '../../../src/model/facts.ts';
import { apply, emptySnapshot } from '../../../src/model/snapshot.ts';
import { azurePlace, clusterId } from '../../../src/simulator/azure/azure-settings.ts';
import { armFacts } from '../../../src/sources/azure/arm-facts.ts';
import { type AzureSessionOptions, createAzureSession } from '../../../src/sources/azure/azure-session.ts';
import { type RunningAzure, runningAzure } from '../../simulator/azure/running-azure.ts';
import { type Reply, type Seen, type SmallAzure, startSmallAzure } from './small-azure.ts';

const ending: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const end of ending.splice(0).reverse()) await end();
});

const { subscription, nodeResourceGroup, resourceGroup, cluster, tenant } = azurePlace;
const node = `azure:///subscriptions/${subscription}/resourceGroups/${nodeResourceGroup.toLowerCase()}/providers/Microsoft.Compute/virtualMachineScaleSets/x/virtualMachines/0`;
const here = { providerIds: [node], host: '127.0.0.1', complete: true };

/** A session with what it told, as a snapshot holds it. */
function sessionAt(
  url: string,
  ca: string,
  application: { id: string; secret: string },
  { traces = here, flags = {} }: { traces?: ReturnType<AzureSessionOptions['traces']>; flags?: object } = {},
) {
  const env = {
    ...{ AZURE_AUTHORITY_HOST: url, CILISCOPE_AZURE_ARM: url, CILISCOPE_AZURE_LOGS: url, CILISCOPE_AZURE_CA: ca },
    ...{ AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: application.id, AZURE_CLIENT_SECRET: application.secret },
  };
  let snapshot = emptySnapshot(Date.now());
  const told: FactChange[] = [];
  const requests: string[] = [];
  const session = createAzureSession({
    config: readConfig(flags, env, '9.9.9'),
    env,
    deliver(changes: Change[]) {
      snapshot = apply(snapshot, changes, Date.now());
      for (const change of changes) if (change.type === 'fact') told.push(change);
    },
    now: () => Date.now(),
    traces: () => traces,
    onRequest: ({ verb, path, status }) => requests.push(`${verb} ${path.replace(/^[^/]*/, '')} ${status}`),
  } as AzureSessionOptions);
  ending.push(session.close);
  const fact = <K extends FactId>(id: K) => snapshot.facts[id] as Fact<Facts[K]> | undefined;
  const settled = (id: FactId) =>
    vi.waitFor(() => expect(fact(id)?.link.phase).not.toMatch(/connecting|undefined/), { timeout: 20_000 });
  return { session, fact, told, requests, settled };
}

function atSimulator({ azure, reach }: RunningAzure, more?: Parameters<typeof sessionAt>[3]) {
  const folder = mkdtempSync(join(tmpdir(), 'ciliscope-session-'));
  ending.push(() => rmSync(folder, { recursive: true }));
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, reach.tlsOptions.ca);
  return sessionAt(azure.url, ca, azure.application, more);
}

const all: readonly FactId[] = [
  ...(['arm', 'workspace', 'armUpgrades', 'armDiagnostics', 'armMaintenance', 'armCollection'] as const),
  ...(['activity', 'alerts', 'platformMetrics'] as const),
];

test("the simulator's cluster is found by its nodes, and every fact of it is read", async () => {
  const running = await runningAzure();
  const { session, fact, settled, requests } = atSimulator(running);
  session.begin(true);
  for (const id of all) await settled(id);
  expect(Object.fromEntries(all.map((id) => [id, fact(id)?.link.problem ?? 'live']))).toEqual(
    Object.fromEntries(all.map((id) => [id, 'live'])),
  );
  expect(fact('azureLogin')?.value).toMatchObject({ state: 'signed-in', credential: 'environment', tenant });
  expect(fact('arm')?.value).toMatchObject({
    id: clusterId(),
    name: cluster,
    resourceGroup,
    provisioningState: 'Succeeded',
  });
  expect(fact('arm')?.value?.etag).not.toBe('');
  expect(fact('workspace')?.value).toMatchObject({
    customerId: azurePlace.workspaceGuid,
    name: azurePlace.workspaceName,
  });
  const table = fact('workspace')?.value?.tables.find(({ name }) => name === 'ContainerLogV2');
  expect(table).toEqual({
    name: 'ContainerLogV2',
    plan: 'Basic',
    columns: [{ name: 'TimeGenerated', type: 'datetime' }],
  });
  expect(fact('armUpgrades')?.value?.current).not.toBe('');
  expect(fact('armDiagnostics')?.value?.[0]?.categories.length).toBeGreaterThan(0);
  expect(fact('platformMetrics')?.value?.[0]?.points.length).toBeGreaterThan(0);

  // What the services saw: where, in which version, for whom the token was, and by whose name.
  const asked = running.azure.requests().filter(({ host }) => host === 'arm');
  expect(new Set(asked.map(({ audience }) => audience))).toEqual(new Set(['https://management.azure.com']));
  for (const { userAgent, headers } of asked) {
    expect(userAgent).toMatch(/^ciliscope\/9\.9\.9 /);
    expect(headers['x-ms-client-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  }
  expect(asked.map(({ method, path }) => `${method} ${plain(path)}`).sort()).toEqual(recorded);
  expect(requests.filter((line) => line.endsWith(' 200')).length).toBeGreaterThanOrEqual(asked.length);
  expect(JSON.stringify(requests)).not.toContain(running.azure.application.secret);
}, 60_000);

/** A path with what differs from run to run left out. */
function plain(path: string): string {
  return decodeURIComponent(path)
    .replaceAll('+', ' ')
    .replaceAll(clusterId(), '{cluster}')
    .replaceAll(`/subscriptions/${subscription}`, '{subscription}')
    .replace(/'\d{4}-\d\d-\d\dT[^']*'/, "'{time}'");
}

const log = 'providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01';
const workspace =
  '{subscription}/resourceGroups/prod-weu/providers/Microsoft.OperationalInsights/workspaces/log-prod-weu';
const alerts = '{subscription}/providers/Microsoft.AlertsManagement/alerts?api-version=2019-05-05-preview';
const metrics =
  'node_cpu_usage_percentage,node_memory_working_set_percentage,node_disk_usage_percentage,apiserver_cpu_usage_percentage,apiserver_memory_usage_percentage,apiserver_current_inflight_requests,etcd_database_usage_percentage';
const recorded = [
  'GET {subscription}/providers/Microsoft.ContainerService/managedClusters?api-version=2026-06-01',
  'GET {cluster}?api-version=2026-06-01',
  'GET {cluster}/upgradeProfiles/default?api-version=2026-06-01',
  'GET {cluster}/maintenanceConfigurations?api-version=2026-06-01',
  'GET {cluster}/providers/Microsoft.Insights/dataCollectionRuleAssociations?api-version=2023-03-11',
  'GET {cluster}/providers/Microsoft.Insights/diagnosticSettings?api-version=2021-05-01-preview',
  `GET /{cluster}/providers/Microsoft.Insights/metrics?api-version=2024-02-01&timespan=PT3H&interval=PT5M&metricnames=${metrics}&aggregation=Average`,
  `GET ${workspace}?api-version=2025-07-01`,
  `GET ${workspace}/tables?api-version=2025-07-01`,
  'GET {subscription}/resourceGroups/prod-weu/providers/Microsoft.Insights/dataCollectionRules/MSCI-westeurope-aks-prod-weu?api-version=2023-03-11',
  `GET {subscription}/${log}&$filter=eventTimestamp ge '{time}' and resourceGroupName eq 'prod-weu'`,
  `GET {subscription}/${log}&$filter=eventTimestamp ge '{time}' and resourceGroupName eq 'MC_prod-weu_aks-prod-weu_westeurope'`,
  'GET {subscription}/providers/Microsoft.Insights/scheduledQueryRules?api-version=2023-12-01',
  'GET {subscription}/providers/Microsoft.Insights/metricAlerts?api-version=2018-03-01',
  'GET {subscription}/providers/Microsoft.AlertsManagement/prometheusRuleGroups?api-version=2023-03-01',
  `GET ${alerts}&targetResource={cluster}&timeRange=1d`,
  `GET ${alerts}&targetResource=${workspace.replace('{subscription}', `/subscriptions/${subscription}`)}&timeRange=1d`,
]
  .map((line) => plain(line))
  .sort();

test('the user credentials of a named cluster come as a kubeconfig that is in no file', async () => {
  const running = await runningAzure();
  const flags = { subscription, resourceGroup, cluster };
  const { session } = atSimulator(running, { flags });
  expect(await session.userKubeconfig()).toMatchObject({
    where: expect.stringMatching(/^that Azure gave/),
    exposed: '',
  });
  const [asked] = running.azure.requests().filter(({ host }) => host === 'arm');
  expect(`${asked?.method} ${asked?.path}`).toBe(
    `POST ${clusterId()}/listClusterUserCredential?api-version=2026-06-01`,
  );
});

/** A small ARM with one cluster, of which a test answers what it likes. */
async function smallAzure(answer: (seen: Seen) => Reply | undefined = () => undefined): Promise<SmallAzure> {
  const small = await startSmallAzure();
  ending.push(small.close);
  const raw = { id: clusterId(), name: cluster, properties: { provisioningState: 'Succeeded', nodeResourceGroup } };
  small.answer(({ path }) => {
    if (path === clusterId()) return { body: raw };
    if (path.endsWith('/managedClusters')) return { body: { value: [raw] } };
    return path.endsWith('/token') || path.includes('openid') ? undefined : { body: { value: [], properties: {} } };
  });
  small.answer(answer);
  return small;
}
const application = { id: 'app-1', secret: 'sesame' };

const refusals: [string, Reply, string, string][] = [
  [
    '403',
    { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'The client has no right.' } } },
    'forbidden',
    'No permission to read the upgrade profile. Ask for the role Reader. Azure says: The client has no right.',
  ],
  [
    '404',
    { status: 404, body: { error: { code: 'ResourceNotFound', message: 'Gone' } } },
    'missing',
    'Azure has nothing there to read the upgrade profile. Azure says: Gone.',
  ],
  [
    '429',
    {
      status: 429,
      headers: { 'retry-after': '77' },
      body: { error: { code: 'TooManyRequests', message: 'Slow down.' } },
    },
    'failed',
    'Azure asks us to slow down (429). Azure says: Slow down.',
  ],
  ['nonsense', { body: 'no JSON' }, 'failed', 'is no JSON. Is a proxy or a page to log in to in between?'],
];
test.each(refusals)(
  '%s of one thing: said of that thing, and the others are read',
  async (_name, reply, phase, words) => {
    const small = await smallAzure(({ path }) => (path.includes('/upgradeProfiles/') ? reply : undefined));
    const { session, fact, settled } = sessionAt(small.url, small.ca, application);
    session.begin(true);
    await settled('armUpgrades');
    const link = fact('armUpgrades')?.link;
    expect(link).toMatchObject({ phase, problem: expect.stringContaining(words) });
    if (reply.status === 429) expect(Math.round(((link?.retryAt ?? 0) - Date.now()) / 1_000)).toBeCloseTo(77, -1);
    await settled('armMaintenance');
    expect(fact('armMaintenance')?.link.phase).toBe('live');
  },
);

test('what was read stays, stale, when Azure fails; a right that is taken away takes it back', async () => {
  let reply: Reply | undefined;
  const small = await smallAzure(({ path }) => (path === clusterId() ? reply : undefined));
  const { session, fact, settled } = sessionAt(small.url, small.ca, application);
  session.begin(true);
  await settled('platformMetrics');
  reply = { status: 400, body: { error: { code: 'Odd', message: 'Not today.' } } };
  await session.refresh(new AbortController().signal);
  expect(fact('arm')).toMatchObject({ link: { phase: 'stale', problem: expect.stringContaining('Not today.') } });
  expect(fact('arm')?.value?.name).toBe(cluster);
  reply = { status: 403, body: {} };
  await session.refresh(new AbortController().signal);
  expect(fact('arm')?.link.phase).toBe('forbidden');
  expect(fact('arm')?.value).toBeUndefined();
});

test('what is wanted anew while it is being asked is asked once more', async () => {
  let times = 0;
  let wanted: Promise<void> | undefined;
  const small = await smallAzure(({ path }) => {
    if (path !== clusterId()) return undefined;
    times += 1;
    // Whoever changed the cluster says so while the older answer is on its way.
    if (times === 1) wanted = session.refresh(new AbortController().signal);
    const provisioningState = times === 1 ? 'Succeeded' : 'Updating';
    return { body: { id: clusterId(), name: cluster, properties: { provisioningState } } };
  });
  const { session, fact, settled } = sessionAt(small.url, small.ca, application);
  session.begin(true);
  await settled('arm');
  await wanted;
  expect(fact('arm')?.value?.provisioningState).toBe('Updating');
});

test('flags that name a cluster are about no other: that one is found by its own traces', async () => {
  const flags = { subscription, resourceGroup: 'rg-elsewhere', cluster: 'aks-elsewhere' };
  const { session, fact, settled } = atSimulator(await runningAzure(), { flags });
  session.begin(true);
  await settled('arm');
  expect(fact('arm')?.link.phase).toBe('missing');
  session.begin(false);
  await vi.waitFor(() => expect(fact('arm')?.value?.id).toBe(clusterId()), { timeout: 20_000 });
});

test('nobody signed in: one sentence for all, nothing asked of ARM; a sign-out is heeded at once', async () => {
  const small = await smallAzure(({ path }) =>
    path.endsWith('/token') ? { status: 401, body: { error: 'x', error_description: 'AADSTS7000215: no' } } : undefined,
  );
  const { session, fact, settled, requests } = sessionAt(small.url, small.ca, application);
  session.begin(true);
  await settled('alerts');
  const words =
    'The AZURE_* variables: the secret is wrong (AADSTS7000215). Check $AZURE_CLIENT_SECRET: its value, not its ID.';
  expect(new Set(all.map((id) => fact(id)?.link.problem))).toEqual(new Set([words]));
  expect(requests.filter((line) => line.includes('/subscriptions/'))).toEqual([]);
  await expect(session.refresh(new AbortController().signal)).rejects.toThrow(words);

  small.answer(({ path }) =>
    path.endsWith('/token') ? { body: { access_token: 't', token_type: 'Bearer', expires_in: 3_600 } } : undefined,
  );
  await session.refresh(new AbortController().signal);
  expect(fact('arm')?.link.phase).toBe('live');
  await session.signOut();
  await vi.waitFor(() =>
    expect(fact('arm')).toMatchObject({ link: { phase: 'stale', problem: expect.stringContaining('signed out') } }),
  );
});

test('a cluster that is nowhere in Azure costs Azure no question', async () => {
  const small = await smallAzure();
  const traces = { providerIds: ['kind://docker/kind/node'], host: 'localhost', complete: true };
  const { session, fact, settled } = sessionAt(small.url, small.ca, application, { traces });
  session.begin(true);
  await settled('arm');
  expect(fact('arm')?.link).toMatchObject({
    phase: 'missing',
    problem: expect.stringContaining('Nothing of this cluster leads to Azure'),
  });
  expect(small.seen).toEqual([]);
});

test('--no-azure: only that is told', async () => {
  const small = await smallAzure();
  const { session, told } = sessionAt(small.url, small.ca, application, { flags: { azure: false } });
  session.begin(true);
  expect(told.map(({ fact, value }) => [fact, (value as { state?: string }).state])).toEqual([['azureLogin', 'off']]);
  await expect(session.refresh(new AbortController().signal)).rejects.toThrow('Azure is not asked.');
});

test.each([
  ['Upgrading', 10_000],
  ['ReconcilingClusterETCDCertificates', 10_000],
  ['Succeeded', 60_000],
  ['Failed', 60_000],
  ['', 60_000],
])('a cluster that is "%s" is asked for every %i ms', (provisioningState, ms) => {
  const raw = { id: clusterId(), properties: { provisioningState } };
  expect(armFacts.find(({ id }) => id === 'arm')?.everyMs(readManagedCluster(raw))).toBe(ms);
});
