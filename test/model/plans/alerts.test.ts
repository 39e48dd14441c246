import { expect, it } from 'vitest';
import { list, record } from '../../../src/model/objects/raw.ts';
import { planAlerts } from '../../../src/model/plans/alerts.ts';
import { existingRaw } from './existing-raw.ts';

const workspace = '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/logs';
const metricsWorkspace = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Monitor/accounts/prom';
const group = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/actionGroups/oncall';

const plan = (more = {}) =>
  planAlerts(
    { raw: existingRaw(), azVersion: '' },
    {
      ...{ workspace, metricsWorkspace: '', actionGroups: [], custom: false, namespaces: [], baseline: 50 },
      ...{ flowTable: 'ContainerNetworkLogs', tablePlans: new Map([['ContainerLogV2', 'Analytics']]) },
      ...more,
    },
  );
const resources = (more = {}) => list(record(plan(more).body).resources).map(record);
const words = (more = {}) =>
  plan(more)
    .problems.map(({ severity, text }) => `${severity} ${text}`)
    .join('\n');

it('is one ARM template of rules on logs, each about this cluster alone', () => {
  const all = resources({ actionGroups: [group] });
  expect(all.map(({ type, apiVersion, name }) => `${type} ${apiVersion} ${name}`)).toEqual(
    ['ces-sync-failure', 'policy-breach', 'policy-edit', 'policy-rejected', 'agent-restarts', 'ingestion-gap'].map(
      (id) => `Microsoft.Insights/scheduledQueryRules 2023-12-01 ciliscope-aks1-${id}`,
    ),
  );
  for (const rule of all) {
    expect(rule).toMatchObject({
      kind: 'LogAlert',
      location: 'westeurope',
      properties: { enabled: true, scopes: [workspace], actions: { actionGroups: [group] } },
    });
    expect(JSON.stringify(rule)).toContain('managedClusters/aks1');
  }
});

it('counts denied flows above the baseline, of the namespaces that are watched', () => {
  const breach = JSON.stringify(resources({ namespaces: ['shop', 'pay'], baseline: 7 })[1]);
  expect(breach).toContain('Flows > 7');
  expect(breach).toContain('in (\\"shop\\", \\"pay\\")');
});

it('does not call a table mended that has been silent for an hour', () => {
  expect(record(resources().at(-1)?.properties)).toMatchObject({ windowSize: 'P1D', evaluationFrequency: 'PT15M' });
});

it('has rules on metrics where there is a workspace for them; on the operator’s only when asked', () => {
  const names = (more: object) =>
    list(record(resources({ metricsWorkspace, ...more }).at(-1)?.properties).rules).map((one) => record(one).alert);
  expect(resources({ metricsWorkspace }).at(-1)?.type).toBe('Microsoft.AlertsManagement/prometheusRuleGroups');
  expect(names({})).toEqual(['CiliumPolicyDenied', 'CiliumConnectionTrackingFull']);
  expect(names({ custom: true })).toContain('CiliumEndpointSliceSyncFails');
});

it('says where rules would look at nothing, or may not look', () => {
  expect(words()).toContain('warning Flow logs are off');
  expect(words({ tablePlans: new Map([['ContainerLogV2', 'Basic']]) })).toContain(
    'error ContainerLogV2 is on the Basic plan',
  );
  expect(words({ workspace: '' })).toContain('error The cluster writes no logs');
  expect(words({ actionGroups: ['oncall'] })).toContain('error "oncall" is no resource ID');
  expect(words({ namespaces: ['shop', 'a" or "b'] })).toContain('error "a" or "b" is no name of a namespace');
});
