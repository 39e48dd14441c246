/**
 * What each of ARM's providers is asked in: what the current clients of Microsoft's send (arm-containerservice 25.5.0,
 * arm-operationalinsights 11.0.0, arm-monitor 8.0.0), or, where they ask by a preview, the newest that is none. A cloud
 * that lacks one says which it has: see `arm-client.ts`.
 */
export const apiVersions = {
  containerService: '2026-06-01',
  resourceGraph: '2022-10-01',
  operationalInsights: '2025-07-01',
  diagnosticSettings: '2021-05-01-preview',
  activityLog: '2015-04-01',
  scheduledQueryRules: '2023-12-01',
  metricAlerts: '2018-03-01',
  prometheusRuleGroups: '2023-03-01',
  alerts: '2019-05-05-preview',
  network: '2024-05-01',
  resources: '2022-12-01',
  dataCollection: '2023-03-11',
} as const;
