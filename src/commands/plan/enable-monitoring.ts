import type { Command as Program } from 'commander';
import { UserError } from '../../errors.ts';
import { planEnableMonitoring } from '../../model/plans/enable-monitoring.ts';
import { readCollection, readLocation } from '../../sources/azure/plan-facts.ts';
import type { Command } from '../command.ts';
import { runExisting } from './existing.ts';
import { describeExisting, type ExistingOptions } from './plan-options.ts';

export const enableMonitoring: Command = {
  name: 'enable-monitoring',
  summary: 'Container Insights and managed Prometheus',
  describe(program: Program) {
    program
      .option('--workspace-resource-id <id>', 'Log Analytics workspace that the logs go to')
      .option('--prometheus', 'managed Prometheus, too')
      .option('--metrics-workspace-resource-id <id>', 'Azure Monitor workspace for its metrics');
    describeExisting(program);
  },
  async run(_args, given, terminal) {
    const options = given as ExistingOptions & Given;
    const workspace = options.workspaceResourceId ?? '';
    if (workspace === '' && options.prometheus !== true) {
      throw new UserError('Nothing is asked for.', 'Give --workspace-resource-id, --prometheus, or both.');
    }
    return runExisting(options, terminal, async (existing, { connection, target, signal }) => {
      const [collection, workspaceLocation] =
        connection === undefined || workspace === ''
          ? [undefined, '']
          : await Promise.all([
              readCollection(connection, target, signal),
              readLocation(connection, workspace, signal),
            ]);
      return planEnableMonitoring(existing, {
        ...{ workspace, workspaceLocation, hasRule: collection?.hasRule },
        prometheus: options.prometheus === true,
        metricsWorkspace: options.metricsWorkspaceResourceId ?? '',
      });
    });
  },
};

type Given = { workspaceResourceId?: string; prometheus?: boolean; metricsWorkspaceResourceId?: string };
