import type { Command as Program } from 'commander';
import { planEnableFlowLogs } from '../../model/plans/enable-flow-logs.ts';
import { readCollection } from '../../sources/azure/plan-facts.ts';
import type { Command } from '../command.ts';
import { runExisting } from './existing.ts';
import { collect, describeExisting, type ExistingOptions } from './plan-options.ts';

export const enableFlowLogs: Command = {
  name: 'enable-flow-logs',
  summary: 'flows of pods stored in Log Analytics',
  describe(program: Program) {
    program
      .option('--namespaces <names>', 'only flows of these namespaces; may be given again', collect)
      .option('--forwarded', 'allowed flows, too: many times as many rows');
    describeExisting(program);
  },
  run(_args, given, terminal) {
    const options = given as ExistingOptions & { namespaces?: readonly string[]; forwarded?: boolean };
    return runExisting(options, terminal, async (existing, { connection, target, signal }) => {
      const collection = connection && (await readCollection(connection, target, signal));
      return planEnableFlowLogs(existing, {
        namespaces: options.namespaces ?? [],
        forwarded: options.forwarded === true,
        hasStream: collection?.hasFlowStream,
      });
    });
  },
};
