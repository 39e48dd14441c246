import type { Command as Program } from 'commander';
import { planEnableCilium } from '../../model/plans/enable-cilium.ts';
import type { Command } from '../command.ts';
import { runExisting } from './existing.ts';
import { describeExisting } from './plan-options.ts';

export const enableCilium: Command = {
  name: 'enable-cilium',
  summary: 'Cilium as the data plane of a cluster that has another',
  describe(program: Program) {
    describeExisting(program);
  },
  run: (_args, options, terminal) => runExisting(options, terminal, planEnableCilium),
};
