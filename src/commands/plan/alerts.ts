import type { Command as Program } from 'commander';
import { readManagedCluster } from '../../model/azure/read-managed-cluster.ts';
import { planAlerts } from '../../model/plans/alerts.ts';
import { readTablePlans } from '../../sources/azure/plan-facts.ts';
import type { Command } from '../command.ts';
import { runExisting } from './existing.ts';
import { collect, describeExisting, type ExistingOptions, wholeNumber } from './plan-options.ts';

export const alerts: Command = {
  name: 'alerts',
  summary: 'alert rules: failing slices, denied connections, policy edits, restarts, missing rows',
  describe(program: Program) {
    program
      .option('--workspace-resource-id <id>', 'workspace whose logs are asked (default: the cluster’s own)')
      .option('--metrics-workspace-resource-id <id>', 'Azure Monitor workspace: rules on metrics, too')
      .option('--custom-metrics', 'also rules on metrics that only a scrape configuration of your own brings')
      .option('--action-group <id>', 'whom to tell; may be given again', collect)
      .option('--namespaces <names>', 'count denied flows of these namespaces alone', collect)
      .option('--baseline <n>', 'denied flows in 15 minutes that are normal here (default: 100)');
    describeExisting(program);
  },
  run(_args, given, terminal) {
    const options = given as ExistingOptions & Given;
    const baseline = wholeNumber(options.baseline, '--baseline', 100);
    return runExisting(options, terminal, async (existing, { connection, signal }) => {
      const workspace = options.workspaceResourceId ?? readManagedCluster(existing.raw).monitoring.workspace;
      const tablePlans =
        connection === undefined || workspace === ''
          ? new Map<string, string>()
          : await readTablePlans(connection, workspace, signal);
      const older = tablePlans.has('RetinaNetworkFlowLogs') && !tablePlans.has('ContainerNetworkLogs');
      return planAlerts(existing, {
        ...{ workspace, baseline, tablePlans, flowTable: older ? 'RetinaNetworkFlowLogs' : 'ContainerNetworkLogs' },
        metricsWorkspace: options.metricsWorkspaceResourceId ?? '',
        custom: options.customMetrics === true,
        actionGroups: options.actionGroup ?? [],
        namespaces: options.namespaces ?? [],
      });
    });
  },
};

type Given = {
  workspaceResourceId?: string;
  metricsWorkspaceResourceId?: string;
  customMetrics?: boolean;
  actionGroup?: readonly string[];
  namespaces?: readonly string[];
  baseline?: string;
};
