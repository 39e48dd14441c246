import { expect, it } from 'vitest';
import { azurePlace, clusterId } from '../../../src/simulator/azure/azure-settings.ts';
import { parseOrder } from '../../../src/simulator/faults/active-faults.ts';
import { azureFaults } from '../../../src/simulator/faults/azure.ts';
import type { Reply } from '../faults/client.ts';
import { type Any, applicationCredential, ask, type RunningAzure, runningAzure } from './running-azure.ts';

const cluster = `${clusterId()}?api-version=2026-06-01`;
const scope = 'https://api.loganalytics.io/.default';
type Answer = Reply & { json: Any };

const read = (running: RunningAzure) => ask(running, cluster, { limitMs: 4_000 });
const write = async (running: RunningAzure) => ask(running, cluster, { method: 'PATCH', body: { tags: { a: 'b' } } });
const put = (running: RunningAzure) => ask(running, cluster, { method: 'PUT', body: { location: 'westeurope' } });
const below = (path: string, api: string) => (running: RunningAzure) =>
  ask(running, `${clusterId()}${path}?api-version=${api}`);
const query = (running: RunningAzure) =>
  ask(running, `/v1/workspaces/${azurePlace.workspaceGuid}/query`, { scope, method: 'POST', body: {} });
const code =
  (status: number, name: string, words = '') =>
  (reply: Answer) => {
    expect([reply.status, reply.json?.error.code]).toEqual([status, name]);
    expect(reply.json.error.message).toContain(words);
  };
const waits = (reply: Answer) => expect([reply.status, reply.headers['retry-after']]).toEqual([429, '3']);

const cases: [order: string, ask: (running: RunningAzure) => Promise<Answer>, expected: (reply: Answer) => void][] = [
  ['azure-too-many-requests', read, waits],
  ['azure-too-many-requests', query, waits],
  ['azure-server-errors', read, code(500, 'InternalServerError')],
  ['azure-error', query, code(500, 'InternalServerError')],
  ['azure-unavailable', read, code(503, 'ServiceUnavailable')],
  ['azure-hang,resource=arm', (one) => ask(one, cluster, { limitMs: 300 }), ({ end }) => expect(end).toBe('open')],
  ['azure-hang-up,resource=arm', read, ({ end }) => expect(end).toBe('reset')],
  [
    'azure-slow,resource=arm',
    (one) => ask(one, cluster, { limitMs: 300 }),
    ({ end, status }) => expect([end, status]).toEqual(['open', 0]),
  ],
  [
    'azure-slow-body,resource=arm',
    (one) => ask(one, cluster, { limitMs: 1_500 }),
    ({ end, status, body }) => {
      expect([end, status]).toEqual(['open', 200]);
      // The whole has several thousand.
      expect(body.length).toBeLessThan(1_500);
    },
  ],
  ['azure-broken-body,resource=arm', read, ({ end, body }) => expect([end, body.length]).toEqual(['reset', 300])],
  ['azure-answer-lost', write, ({ end, status }) => expect([end, status]).toEqual(['reset', 0])],
  ['azure-no-arm-read', read, code(403, 'AuthorizationFailed', "'Microsoft.ContainerService/managedClusters/read'")],
  ['azure-no-arm-read', query, ({ status }) => expect(status).toBe(200)],
  ['azure-no-arm-write', put, code(403, 'AuthorizationFailed', "managedClusters/write'")],
  ['azure-no-arm-write', read, ({ status }) => expect(status).toBe(200)],
  [
    'azure-no-activity-read',
    (one) =>
      ask(
        one,
        `/subscriptions/${azurePlace.subscription}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01`,
      ),
    code(403, 'AuthorizationFailed', 'object id'),
  ],
  [
    'azure-no-metrics-read',
    below('/providers/Microsoft.Insights/metrics', '2024-02-01'),
    code(403, 'AuthorizationFailed'),
  ],
  [
    'azure-no-alerts-read',
    (one) =>
      ask(
        one,
        `/subscriptions/${azurePlace.subscription}/providers/Microsoft.AlertsManagement/alerts?api-version=2019-05-05-preview`,
      ),
    code(403, 'AuthorizationFailed'),
  ],
  [
    'azure-no-workspace-in-arm',
    (one) =>
      ask(
        one,
        `/subscriptions/${azurePlace.subscription}/providers/Microsoft.OperationalInsights/workspaces?api-version=2025-07-01`,
      ),
    code(403, 'AuthorizationFailed'),
  ],
  [
    'azure-no-user-credentials',
    (one) => ask(one, `${clusterId()}/listClusterUserCredential?api-version=2026-06-01`, { method: 'POST' }),
    code(403, 'AuthorizationFailed', 'listClusterUserCredential/action'),
  ],
  ['azure-no-workspace-read', query, code(403, 'InsufficientAccessError')],
  ['azure-operation-not-allowed', put, code(409, 'OperationNotAllowed')],
  ['azure-changed-meanwhile', write, code(412, 'PreconditionFailed')],
  [
    'azure-claims-challenge',
    read,
    ({ status, headers }) => {
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toMatch(/error="insufficient_claims", claims="[\w=]+"/);
    },
  ],
];

it.each(cases)('%s', async (text, request, expected) => {
  const running = await runningAzure();
  running.faults.add(parseOrder(text));
  expected(await request(running));
  await running.faults.clear();
  expect((await read(running)).status).toBe(200);
});

it('connections are refused, or the certificate is not to be trusted', async () => {
  const running = await runningAzure();
  const { token } = await (await applicationCredential(running)).getToken('https://management.azure.com/.default');
  const by = () => ask(running, cluster, { scope: '', headers: { authorization: `Bearer ${token}` } });
  const ends: Record<string, string> = {
    'azure-down': 'refused',
    'azure-certificate-expired': 'untrusted',
    'azure-certificate-wrong-host': 'untrusted',
    'azure-certificate-unknown-authority': 'untrusted',
  };
  for (const [id, end] of Object.entries(ends)) {
    running.faults.add({ id });
    // A certificate is made first, and shown from the next connection on.
    await expect.poll(async () => (await by()).end, { timeout: 10_000 }).toBe(end);
    await running.faults.clear();
    expect((await by()).status).toBe(200);
  }
});

it('a fault may be for one request, for one service, or for one type alone', async () => {
  const running = await runningAzure();
  running.faults.add({ id: 'azure-error', count: 1 });
  expect([(await read(running)).status, (await read(running)).status]).toEqual([500, 200]);
  running.faults.add({ id: 'azure-error', resource: 'logs' });
  expect([(await read(running)).status, (await query(running)).status]).toEqual([200, 500]);
  await running.faults.clear();
  running.faults.add({ id: 'azure-error', resource: 'upgradeProfiles', verb: 'get' });
  const profile = below('/upgradeProfiles/default', '2026-06-01');
  expect([(await read(running)).status, (await profile(running)).status]).toEqual([200, 500]);
});

it('every fault of Azure’s is tried here or where somebody signs in', () => {
  const elsewhere = /^azure-(secret|second|blocked|wrong|refresh|tokens|operation-fails|down|certificate)/;
  const tried = new Set(cases.map(([order]) => order.split(',')[0]));
  const own = azureFaults.filter(({ azure }) => azure !== undefined).map(({ id }) => id);
  expect(own.filter((id) => !tried.has(id) && !elsewhere.test(id))).toEqual([]);
});
