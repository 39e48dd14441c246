import type { ManagedCluster } from '../azure/managed-cluster.ts';
import { readManagedCluster } from '../azure/read-managed-cluster.ts';
import { partOf } from '../azure/resource-id.ts';
import { record } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import { byAll, caution, type DeploymentPlan, effects, type PlanProblem, problem, when } from './deployment-plan.ts';
import { azLine, type Existing, nodeCount, planChange, propertyAt } from './existing-cluster.ts';
import { checkResourceId } from './names.ts';

export type MonitoringInput = {
  /** Resource ID of the Log Analytics workspace; '' = logs are left as they are. */
  workspace: string;
  /** Where that workspace is, as far as it was asked; ''. */
  workspaceLocation: string;
  /** Managed Prometheus, too; `metricsWorkspace` '' = the one AKS makes for the region. */
  prometheus: boolean;
  metricsWorkspace: string;
  /** Whether the data collection rule is bound to the cluster already; undefined = not asked. */
  hasRule: boolean | undefined;
};

/** Container Insights and managed Prometheus (domain §1.3); one of the two is asked for. */
export function planEnableMonitoring(existing: Existing, input: MonitoringInput): DeploymentPlan {
  const cluster = readManagedCluster(existing.raw);
  const { workspace, prometheus, metricsWorkspace, hasRule } = input;
  return planChange(existing, {
    id: 'enable-monitoring',
    titled: (name) => `enable monitoring of ${name}`,
    problems: problemsOf(cluster, input),
    needsAz: '2.49.0',
    properties: { ...addon(existing, input), ...metrics(existing, input) },
    commands: [
      ...when(
        workspace !== '',
        azLine(['enable-addons'], cluster, [
          ['--addons', 'monitoring'],
          ['--workspace-resource-id', workspace],
        ]),
      ),
      ...when(
        prometheus,
        azLine(['update'], cluster, [
          ['--enable-azure-monitor-metrics'],
          ...when(metricsWorkspace !== '', ['--azure-monitor-workspace-resource-id', metricsWorkspace]),
        ]),
      ),
    ],
    notLookedAt: [
      ...when(
        workspace !== '' && hasRule === undefined,
        'Whether a data collection rule is bound to the cluster: az makes one, --apply needs one that is there.',
      ),
      'The workspace’s daily cap, retention and price: ≈ 1 to 5 GB a node and month is usual.',
    ],
    byApply: byApply(input),
    effects: [
      ...effects(
        'does',
        ...when(
          workspace !== '',
          `Runs ama-logs on ${nodeCount(cluster)} nodes: inventory, events and container logs go to ${partOf(workspace, 'workspaces')}.`,
        ),
        ...when(
          prometheus,
          'Runs ama-metrics: of Cilium it keeps cilium_drop* and cilium_forward* unless told to keep more.',
        ),
      ),
      ...effects('disrupts', 'Nothing: pods are added, none restarts. Data is paid for by the gigabyte.'),
      ...effects('takes', '≈ 5 minutes, and as long until the first rows are there.'),
      ...effects('back', ...backOf(input)),
      ...effects(
        'then',
        'Logs of kube-system may be excluded by the ConfigMap container-azm-ms-agentconfig: an empty answer is then no proof.',
      ),
    ],
  });
}

function addon({ raw }: Existing, { workspace }: MonitoringInput): RawObject {
  if (workspace === '') return {};
  const before = propertyAt(raw, 'addonProfiles');
  const name = Object.keys(before).find((one) => one.toLowerCase() === 'omsagent') ?? 'omsagent';
  const omsagent = record(before[name]);
  const config = { ...record(omsagent.config), logAnalyticsWorkspaceResourceID: workspace, useAADAuth: 'true' };
  return { addonProfiles: { ...before, [name]: { ...omsagent, enabled: true, config } } };
}

function metrics({ raw }: Existing, { prometheus }: MonitoringInput): RawObject {
  if (!prometheus) return {};
  const before = propertyAt(raw, 'azureMonitorProfile');
  return { azureMonitorProfile: { ...before, metrics: { ...record(before.metrics), enabled: true } } };
}

function problemsOf(cluster: ManagedCluster, input: MonitoringInput): readonly PlanProblem[] {
  const { workspace, workspaceLocation, metricsWorkspace } = input;
  const { monitoring, location } = cluster;
  const other = monitoring.containerInsights && monitoring.workspace.toLowerCase() !== workspace.toLowerCase();
  return [
    ...(workspace === ''
      ? []
      : checkResourceId(workspace, 'Microsoft.OperationalInsights/workspaces', '--workspace-resource-id')),
    ...(metricsWorkspace === ''
      ? []
      : checkResourceId(metricsWorkspace, 'Microsoft.Monitor/accounts', '--metrics-workspace-resource-id')),
    ...when(
      workspace !== '' && other,
      problem(
        '--workspace-resource-id',
        `Logs go to ${partOf(monitoring.workspace, 'workspaces') || 'another workspace'} already: changing the workspace does not change the data collection rule, and rows stop.`,
        'Disable the add-on first: az aks disable-addons --addons monitoring.',
      ),
    ),
    ...when(
      workspaceLocation !== '' && workspaceLocation.toLowerCase() !== location.toLowerCase(),
      caution(
        '--workspace-resource-id',
        `The workspace is in ${workspaceLocation}, the cluster in ${location}: data crosses regions, which costs.`,
      ),
    ),
    ...when(
      cluster.network.outboundType === 'none',
      caution(
        'outboundType',
        'The cluster has no way out: the agents reach Azure Monitor by a private link scope only.',
      ),
    ),
  ];
}

/** The add-on alone collects nothing: az also makes a rule that says what goes where, and binds it to the cluster. */
function byApply({ workspace, prometheus, hasRule }: MonitoringInput): DeploymentPlan['byApply'] {
  if (prometheus) {
    const text = 'az also makes the collection and recording rules of managed Prometheus: run its line.';
    return { does: 'nothing', text };
  }
  if (workspace !== '' && hasRule === false) {
    const text =
      'No data collection rule is bound to the cluster: the agents would run and collect nothing. az makes it: run its line.';
    return { does: 'nothing', text };
  }
  return byAll;
}

function backOf({ workspace, prometheus }: MonitoringInput): readonly string[] {
  return [
    ...when(workspace !== '', 'az aks disable-addons --addons monitoring; what was collected stays.'),
    ...when(prometheus, 'az aks update --disable-azure-monitor-metrics.'),
  ];
}
