import type { Command as Program } from 'commander';
import { planEnableAcns } from '../../model/plans/enable-acns.ts';
import type { Command } from '../command.ts';
import { runExisting } from './existing.ts';
import { describeExisting, type ExistingOptions, oneOf } from './plan-options.ts';

export const enableAcns: Command = {
  name: 'enable-acns',
  summary: 'Advanced Container Networking Services: policies by name and HTTP, encryption, host routing',
  describe(program: Program) {
    program
      .option('--policies <which>', 'None, FQDN or L7')
      .option('--encryption <which>', 'None, WireGuard or mTLS')
      .option('--acceleration <which>', 'None or BpfVeth (eBPF host routing)')
      .option('--disable-observability', 'without that suite')
      .option('--disable-security', 'without that suite');
    describeExisting(program);
  },
  run(_args, given, terminal) {
    const options = given as ExistingOptions & Given;
    const input = {
      policies: oneOf(options.policies, '--policies', ['None', 'FQDN', 'L7']) ?? '',
      encryption: oneOf(options.encryption, '--encryption', ['None', 'WireGuard', 'mTLS']) ?? '',
      acceleration: oneOf(options.acceleration, '--acceleration', ['None', 'BpfVeth']) ?? '',
      observability: options.disableObservability !== true,
      security: options.disableSecurity !== true,
    } as const;
    return runExisting(options, terminal, (existing) => planEnableAcns(existing, input));
  },
};

type Given = {
  policies?: string;
  encryption?: string;
  acceleration?: string;
  disableObservability?: boolean;
  disableSecurity?: boolean;
};
