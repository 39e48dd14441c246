import type { Command as Program } from 'commander';
import { UserError } from '../../errors.ts';
import { planUpgrade } from '../../model/plans/upgrade.ts';
import { readUpgrades } from '../../sources/azure/plan-facts.ts';
import type { Command } from '../command.ts';
import { runExisting } from './existing.ts';
import { describeExisting, type ExistingOptions } from './plan-options.ts';

export const upgrade: Command = {
  name: 'upgrade',
  summary: 'another version of Kubernetes, and the Cilium that comes with it',
  describe(program: Program) {
    program
      .option('--kubernetes-version <version>', 'the version to go to')
      .option('--control-plane-only', 'leave the nodes as they are');
    describeExisting(program);
  },
  async run(_args, given, terminal) {
    const options = given as ExistingOptions & { kubernetesVersion?: string; controlPlaneOnly?: boolean };
    const version = (options.kubernetesVersion ?? '').replace(/^v/, '');
    if (version === '') throw new UserError('To which version?', 'Give --kubernetes-version.');
    return runExisting(options, terminal, async (existing, { connection, target, signal }) => {
      const profile = connection && (await readUpgrades(connection, target, signal));
      return planUpgrade(existing, { version, controlPlaneOnly: options.controlPlaneOnly === true, profile });
    });
  },
};
