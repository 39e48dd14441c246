import { describe, expect, it, test } from 'vitest';
import { readActivityEntry } from '../../../src/model/azure/read-activity-entry.ts';
import { isAbout, readAlertRule, readFiredAlert, readPrometheusRules } from '../../../src/model/azure/read-alerts.ts';
import { readDiagnosticSetting } from '../../../src/model/azure/read-diagnostic-setting.ts';
import { readMaintenanceWindow } from '../../../src/model/azure/read-maintenance-window.ts';
import { readPlatformMetrics } from '../../../src/model/azure/read-platform-metrics.ts';
import { readUpgradeProfile } from '../../../src/model/azure/read-upgrade-profile.ts';
import { readWorkspace, readWorkspaceTable } from '../../../src/model/azure/read-workspace.ts';

test('an upgrade profile', () => {
  const pool = { name: 'np1', kubernetesVersion: '1.33.5', upgrades: [{ kubernetesVersion: '1.34.2' }, {}] };
  const control = { kubernetesVersion: '1.34.2', upgrades: [{ kubernetesVersion: '1.35.0', isPreview: true }] };
  expect(readUpgradeProfile({ properties: { controlPlaneProfile: control, agentPoolProfiles: [pool] } })).toEqual({
    current: '1.34.2',
    upgrades: [{ version: '1.35.0', isPreview: true }],
    pools: [{ name: 'np1', current: '1.33.5', upgrades: [{ version: '1.34.2', isPreview: false }] }],
  });
});

test('a diagnostic setting: what is on, by category or group, and where it goes', () => {
  const logs = [
    { category: 'kube-audit', enabled: true },
    { category: 'guard', enabled: false },
    { category: null, categoryGroup: 'allLogs', enabled: true },
  ];
  const properties = { logs, workspaceId: '/subscriptions/s/w', logAnalyticsDestinationType: 'Dedicated' };
  expect(readDiagnosticSetting({ name: 'audit', properties })).toEqual({
    ...{ name: 'audit', categories: ['kube-audit', 'allLogs'], workspace: '/subscriptions/s/w', isDedicated: true },
  });
  expect(readDiagnosticSetting({ properties: { logs } }).isDedicated).toBe(false);
});

describe('a maintenance window', () => {
  const schedules: [object, string][] = [
    [{ daily: { intervalDays: 1 } }, 'every day'],
    [{ weekly: { intervalWeeks: 2, dayOfWeek: 'Monday' } }, 'every 2 weeks on Monday'],
    [{ absoluteMonthly: { intervalMonths: 1, dayOfMonth: 5 } }, 'every month on day 5'],
    [
      { relativeMonthly: { intervalMonths: 3, weekIndex: 'Last', dayOfWeek: 'Sunday' } },
      'every 3 months on the last Sunday',
    ],
    [{}, ''],
  ];
  it.each(schedules)('%j is %s', (schedule, words) => {
    const maintenanceWindow = { schedule, durationHours: 4, startTime: '02:00', utcOffset: '+01:00' };
    expect(readMaintenanceWindow({ name: 'n', properties: { maintenanceWindow } })).toEqual({
      ...{ name: 'n', schedule: words, durationHours: 4, startTime: '02:00', utcOffset: '+01:00' },
    });
  });

  it('of the older kind has hours', () => {
    const timeInWeek = [
      { day: 'Monday', hourSlots: [1, 2] },
      { day: 'Friday', hourSlots: [3] },
    ];
    expect(readMaintenanceWindow({ properties: { timeInWeek } }).schedule).toBe('Monday at 1, 2 · Friday at 3');
  });
});

test('a workspace, its cap, and whether that is reached', () => {
  const capping = { dailyQuotaGb: 5, dataIngestionStatus: 'OverQuota' };
  const properties = { customerId: 'g', retentionInDays: 30, workspaceCapping: capping };
  expect(readWorkspace({ id: '/w', name: 'w', location: 'westeurope', properties })).toEqual({
    ...{ id: '/w', customerId: 'g', name: 'w', location: 'westeurope', retentionDays: 30 },
    ...{ dailyCapGb: 5, capReached: true },
  });
  const none = { workspaceCapping: { dailyQuotaGb: -1, dataIngestionStatus: 'RespectQuota' } };
  expect(readWorkspace({ properties: none })).toMatchObject({ dailyCapGb: -1, capReached: false });
});

test('a table: its plan, the columns it came with and those that were added, in Kusto’s types, each once', () => {
  const schema = {
    name: 'T',
    standardColumns: [
      { name: 'TimeGenerated', type: 'dateTime' },
      { name: 'Reply', type: 'boolean' },
    ],
    columns: [
      { name: 'More_s', type: 'string' },
      { name: 'Reply', type: 'int' },
    ],
  };
  expect(readWorkspaceTable({ name: 'T', properties: { plan: 'Basic', schema } })).toEqual({
    name: 'T',
    plan: 'Basic',
    columns: [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'Reply', type: 'bool' },
      { name: 'More_s', type: 'string' },
    ],
  });
});

test('an entry of the activity log', () => {
  const raw = {
    eventDataId: 'e',
    eventTimestamp: '2026-11-22T12:00:00.1234567Z',
    operationName: { value: 'Microsoft.ContainerService/managedClusters/write', localizedValue: 'Create or Update' },
    status: { value: 'Started' },
    caller: 'jane@contoso.test\u001b[31m',
    resourceId: '/r',
    correlationId: 'c',
  };
  expect(readActivityEntry(raw)).toEqual({
    id: 'e',
    at: Date.parse('2026-11-22T12:00:00.123Z'),
    operation: 'Microsoft.ContainerService/managedClusters/write',
    title: 'Create or Update',
    status: 'Started',
    caller: 'jane@contoso.test',
    resource: '/r',
    correlation: 'c',
  });
});

test('rules of each kind, and what fired', () => {
  const rule = { id: '/r', name: 'raw', properties: { displayName: 'Drops', severity: 1, enabled: false } };
  expect(readAlertRule(rule, 'log')).toEqual({
    ...{ id: '/r', name: 'Drops', kind: 'log', severity: 1, enabled: false, description: '' },
  });
  const rules = [
    { alert: 'CesFails', severity: 2, expression: 'x > 5' },
    { record: 'sum:x', expression: 'sum(x)' },
  ];
  expect(readPrometheusRules({ id: '/g', properties: { enabled: true, rules } })).toEqual([
    {
      ...{ id: '/g#CesFails', name: 'CesFails', kind: 'prometheus' },
      severity: 2,
      enabled: true,
      description: 'x > 5',
    },
  ]);
  const essentials = {
    ...{ severity: 'Sev1', alertState: 'New', monitorCondition: 'Fired', targetResource: '/c' },
    startDateTime: '2026-11-22T12:00:00Z',
  };
  expect(readFiredAlert({ id: '/a', name: 'Drops', properties: { essentials } })).toEqual({
    ...{ id: '/a', name: 'Drops', severity: 1, state: 'New', condition: 'Fired', target: '/c' },
    at: Date.parse('2026-11-22T12:00:00Z'),
  });
});

const cluster = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c';
test.each([
  [[cluster.toUpperCase()], true],
  [['/subscriptions/s'], true],
  [['/subscriptions/s/resourceGroups/G/'], true],
  [['/subscriptions/s/resourceGroups/gg'], false],
  [[`${cluster}2`], false],
  [[], false],
])('a rule of scopes %j is about the cluster: %s', (scopes, about) => {
  expect(isAbout({ properties: { scopes } }, [cluster])).toBe(about);
});

test('metrics: a series for each set of dimensions; what was not measured is null', () => {
  const at = new Date('2026-11-22T12:00:00Z');
  const data = [{ timeStamp: at, average: 12.5 }, { timeStamp: at }, { timeStamp: 'odd', average: 1 }];
  const metadataValues = [{ name: 'node', value: 'n1' }];
  const metrics = [{ name: 'node_cpu', unit: 'Percent', timeseries: [{ metadataValues, data }, {}] }];
  expect(readPlatformMetrics(metrics)).toEqual([
    {
      ...{ name: 'node_cpu', unit: 'Percent', labels: { node: 'n1' } },
      points: [
        { at: at.getTime(), value: 12.5 },
        { at: at.getTime(), value: null },
      ],
    },
    { name: 'node_cpu', unit: 'Percent', labels: {}, points: [] },
  ]);
});

describe('whatever comes', () => {
  const readers: [string, (raw: unknown) => unknown][] = [
    ['upgrade profile', readUpgradeProfile],
    ['diagnostic setting', readDiagnosticSetting],
    ['maintenance window', readMaintenanceWindow],
    ['workspace', readWorkspace],
    ['table', readWorkspaceTable],
    ['activity', readActivityEntry],
    ['rule', (raw) => readAlertRule(raw, 'log')],
    ['rule group', readPrometheusRules],
    ['fired alert', readFiredAlert],
    ['metrics', readPlatformMetrics],
  ];
  const odd = [undefined, null, 7, 'text', [], [null], { properties: 3 }, { properties: { logs: [0], rules: [null] } }];
  it.each(readers)('%s: nothing throws, nothing undefined', (_name, read) => {
    for (const raw of odd) expect(JSON.stringify(read(raw))).not.toContain('undefined');
  });
});
