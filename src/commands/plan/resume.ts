import type { Command as Program } from 'commander';
import { connectAzure } from '../../sources/azure/connect-azure.ts';
import { createOperationRecords } from '../../sources/azure/operation-records.ts';
import type { Command } from '../command.ts';
import { progressOn } from '../progress.ts';
import { endText, exitCode, operationsOf, stopOnSignal, teller } from './apply-plan.ts';
import { type PlanOptions, planConfig } from './plan-options.ts';

/** Follows operations of ours whose end nobody saw: after a lost SSH line, a kill, an expired sign-in. Sends nothing. */
export const resume: Command = {
  name: 'resume',
  summary: 'follow to their end the operations that were begun and cut off',
  describe(program: Program) {
    program
      .option('--azure-cloud <name>', 'public, us-government or china')
      .option('--tenant <id>', 'tenant to sign in to')
      .addHelpText(
        'after',
        '\nExit code: 0 all came to their end; 1 one failed or was lost; 2 one could not be asked about.',
      );
  },
  async run(_args, given, terminal) {
    const config = planConfig(given as PlanOptions, terminal.env);
    const connection = connectAzure(config, terminal.env);
    const here = createOperationRecords(config.stateDir)
      .list()
      .filter(({ arm }) => arm === connection.cloud.arm);
    if (here.length === 0) {
      terminal.stdout.write('Nothing was begun and cut off.\n');
      return 0;
    }
    const progress = progressOn(terminal.stderr);
    const stop = stopOnSignal(terminal.stderr);
    const operations = operationsOf({ config, connection });
    const codes: number[] = [];
    try {
      for (const operation of here) {
        const tell = teller({ terminal, progress });
        tell.line(`${operation.title}, begun ${new Date(operation.since).toISOString()}`);
        const end = await operations.resume(operation, { onStep: tell.step, signal: stop.signal });
        progress.clear();
        terminal.stdout.write(`${operation.title}: ${endText(end)}\n`);
        codes.push(exitCode(end));
      }
      return Math.max(0, ...codes);
    } finally {
      stop.end();
      await connection.close();
    }
  },
};
