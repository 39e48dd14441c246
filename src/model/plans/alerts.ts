import type { ManagedCluster } from '../azure/managed-cluster.ts';
import { readManagedCluster } from '../azure/read-managed-cluster.ts';
import type { RawObject } from '../objects/row.ts';
import { shellLines } from '../shell-word.ts';
import { type AlertWishes, type LogRule, logRules, type MetricRule, metricRules } from './alert-rules.ts';
import { byAll, caution, type DeploymentPlan, effects, type PlanProblem, problem, when } from './deployment-plan.ts';
import type { Existing } from './existing-cluster.ts';
import { checkAz } from './kubernetes-versions.ts';
import { checkResourceId } from './names.ts';

export type AlertsInput = AlertWishes & {
  /** Resource ID; '' = the one the cluster's add-on writes to. */
  workspace: string;
  /** Resource ID of the Azure Monitor workspace with its metrics; '' = no rules on metrics. */
  metricsWorkspace: string;
  /** Resource IDs of action groups; empty = alerts are only recorded. */
  actionGroups: readonly string[];
  /** Rules on metrics that are only there with a scrape configuration of one's own. */
  custom: boolean;
  /** Plans of the workspace's tables by name, as far as they were read. */
  tablePlans: ReadonlyMap<string, string>;
};

const file = 'ciliscope-alerts.json';

/** The alert rules of domain §8.5 as one ARM template. */
export function planAlerts({ raw, azVersion }: Existing, input: AlertsInput): DeploymentPlan {
  const cluster = readManagedCluster(raw);
  const workspace = input.workspace || cluster.monitoring.workspace;
  const rules = logRules(input);
  const metrics = input.metricsWorkspace === '' ? [] : metricRules.filter(({ custom }) => !custom || input.custom);
  const body = templateOf(cluster, { ...input, workspace }, rules, metrics);
  const group = cluster.resourceGroup;
  return {
    id: 'alerts',
    title: `alert rules for ${cluster.name}`,
    target: { subscription: cluster.subscription, resourceGroup: group, name: cluster.name },
    problems: [...problemsOf(cluster, workspace, input), ...checkAz(azVersion, '2.48.1')],
    notLookedAt: [
      ...when(
        input.tablePlans.size === 0,
        'Whether the tables are on the Analytics plan: rules cannot ask Basic tables.',
      ),
      'How many denied flows are usual here: query denied-flows first, and set --baseline above it.',
    ],
    effects: [
      ...effects(
        'does',
        `Makes or replaces ${rules.length} rules on logs${metrics.length === 0 ? '' : ` and ${metrics.length} on metrics`} in the group ${group}:`,
        ...[...rules, ...metrics].map(({ id, title, severity }) => `${id}: ${title} (severity ${severity}).`),
      ),
      ...effects('disrupts', 'Nothing. Each rule on logs costs by how often it looks.'),
      ...effects('takes', '≈ 1 minute; the first look follows within five.'),
      ...effects(
        'back',
        `az monitor scheduled-query delete, one by one; their names begin with ciliscope-${cluster.name}-.`,
      ),
      ...when(input.actionGroups.length === 0, {
        about: 'then',
        text: 'Nobody is told: without --action-group alerts are only listed in the portal.',
      } as const),
    ],
    commands: [
      shellLines(
        ['az', 'deployment', 'group', 'create'],
        [
          ['--resource-group', group],
          ...when(cluster.subscription !== '', ['--subscription', cluster.subscription]),
          ['--name', 'ciliscope-alerts'],
          ['--template-file', file],
        ],
      ),
    ],
    files: [{ name: file, text: `${JSON.stringify(body, null, 2)}\n` }],
    needsAz: '2.48.1',
    body,
    isDone: false,
    dangerous: false,
    byApply: byAll,
  };
}

function problemsOf(cluster: ManagedCluster, workspace: string, input: AlertsInput): readonly PlanProblem[] {
  const { metricsWorkspace, actionGroups, tablePlans, flowTable, baseline, custom, namespaces } = input;
  const odd = namespaces.find((name) => !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name));
  const basic = ['ContainerLogV2', flowTable].filter((name) => /basic|auxiliary/i.test(tablePlans.get(name) ?? ''));
  return [
    ...(workspace === ''
      ? [
          problem(
            '--workspace-resource-id',
            'The cluster writes no logs to a workspace: there is nothing that rules could ask.',
            '`ciliscope plan enable-monitoring` first, or name the workspace.',
          ),
        ]
      : checkResourceId(workspace, 'Microsoft.OperationalInsights/workspaces', '--workspace-resource-id')),
    ...(metricsWorkspace === ''
      ? []
      : checkResourceId(metricsWorkspace, 'Microsoft.Monitor/accounts', '--metrics-workspace-resource-id')),
    ...actionGroups.flatMap((id) => checkResourceId(id, 'Microsoft.Insights/actionGroups', '--action-group')),
    ...when(
      !(Number.isInteger(baseline) && baseline >= 0),
      problem('--baseline', 'The baseline is a number of flows.'),
    ),
    ...when(odd !== undefined, problem('--namespaces', `"${odd}" is no name of a namespace.`)),
    ...basic.map((name) =>
      problem(
        'workspace',
        `${name} is on the Basic plan, which alert rules cannot ask.`,
        `Set its plan to Analytics first.`,
      ),
    ),
    ...when(
      !cluster.monitoring.flowLogs,
      caution(
        'flow logs',
        'Flow logs are off: the rule policy-breach has nothing to look at.',
        '`ciliscope plan enable-flow-logs`.',
      ),
    ),
    ...when(
      metricsWorkspace !== '' && !cluster.monitoring.managedPrometheus,
      caution(
        '--metrics-workspace-resource-id',
        'Managed Prometheus is off: rules on metrics have nothing to look at.',
      ),
    ),
    ...when(
      custom && metricsWorkspace !== '',
      caution(
        '--custom-metrics',
        'Rules on the operator’s metrics need a scrape configuration of your own: by default it is not scraped.',
      ),
    ),
  ];
}

function templateOf(
  cluster: ManagedCluster,
  input: AlertsInput,
  rules: readonly LogRule[],
  metrics: readonly MetricRule[],
): RawObject {
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    resources: [
      ...rules.map((rule) => queryRule(cluster, input, rule)),
      ...when(metrics.length > 0, ruleGroup(cluster, input, metrics)),
    ],
  };
}

function queryRule(cluster: ManagedCluster, { workspace, actionGroups }: AlertsInput, rule: LogRule): RawObject {
  return {
    type: 'Microsoft.Insights/scheduledQueryRules',
    apiVersion: '2023-12-01',
    name: `ciliscope-${cluster.name}-${rule.id}`,
    location: cluster.location,
    kind: 'LogAlert',
    properties: {
      displayName: `${rule.title} (${cluster.name})`,
      description: `Made by ciliscope plan alerts. ${rule.title}.`,
      severity: rule.severity,
      enabled: true,
      scopes: [workspace],
      evaluationFrequency: `PT${rule.everyMinutes}M`,
      windowSize: rule.windowMinutes === 1_440 ? 'P1D' : `PT${rule.windowMinutes}M`,
      autoMitigate: true,
      criteria: {
        allOf: [
          {
            query: ofCluster(rule.query, cluster),
            timeAggregation: 'Count',
            dimensions: rule.by.map((name) => ({ name, operator: 'Include', values: ['*'] })),
            operator: 'GreaterThan',
            threshold: rule.above,
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
          },
        ],
      },
      ...(actionGroups.length === 0 ? {} : { actions: { actionGroups } }),
    },
  };
}

/** A workspace may have rows of many clusters. Where a union names several tables each has the column. */
function ofCluster(query: string, { id }: ManagedCluster): string {
  const [table = '', ...rest] = query.split('\n');
  return [table, `| where _ResourceId =~ "${id}"`, ...rest].join('\n');
}

function ruleGroup(cluster: ManagedCluster, input: AlertsInput, rules: readonly MetricRule[]): RawObject {
  return {
    type: 'Microsoft.AlertsManagement/prometheusRuleGroups',
    apiVersion: '2023-03-01',
    name: `ciliscope-${cluster.name}-cilium`,
    location: cluster.location,
    properties: {
      description: 'Made by ciliscope plan alerts.',
      enabled: true,
      scopes: [input.metricsWorkspace, cluster.id],
      clusterName: cluster.name,
      interval: 'PT1M',
      rules: rules.map((rule) => ({
        alert: rule.id,
        expression: rule.expression,
        for: `PT${rule.forMinutes}M`,
        severity: rule.severity,
        enabled: true,
        annotations: { description: rule.title },
        resolveConfiguration: { autoResolved: true, timeToResolve: 'PT10M' },
        ...(input.actionGroups.length === 0
          ? {}
          : { actions: input.actionGroups.map((actionGroupId) => ({ actionGroupId })) }),
      })),
    },
  };
}
