import type { Command as Program } from 'commander';
import { type Config, flagsOf, readConfig } from '../../config.ts';
import { UserError } from '../../errors.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { describeAscii } from '../policy/for-terminal.ts';
import { version } from '../version.ts';

/** What every `plan …` takes, as commander hands it over. */
export type PlanOptions = {
  json?: boolean;
  ascii?: boolean;
  apply?: boolean;
  yes?: string;
  login?: boolean;
  azVersion?: string;
  subscription?: string;
  resourceGroup?: string;
};

/** What plans about a cluster that is there take besides. */
export type ExistingOptions = PlanOptions & { cluster?: string; from?: string };

export function describePlan(program: Program): Program {
  return describeAscii(program)
    .option('--subscription <id>', 'subscription of the cluster ($AZURE_SUBSCRIPTION_ID)')
    .option('--az-version <version>', 'the Azure CLI you have, to be told whether it is new enough')
    .option('--json', 'print one JSON object')
    .option('--apply', 'do it, after asking')
    .option('--yes <name>', 'with --apply: the cluster’s name, instead of being asked')
    .option('--login', 'with --apply: sign in with a device code where nothing else is found')
    .option('--azure-cloud <name>', 'public, us-government or china')
    .option('--tenant <id>', 'tenant to sign in to')
    .addHelpText(
      'after',
      '\nExit code: 0 it can be done, or was; 1 problems were found; 2 it could not be looked at or done.',
    );
}

export function describeExisting(program: Program): Program {
  return describePlan(
    program
      .option('--cluster <name>', 'name of the managed cluster (default: the one the kubeconfig leads to)')
      .option('--resource-group <name>', 'its resource group')
      .option('--from <file>', 'read the cluster from a file of `az rest` or `az aks show` instead of ARM (- is stdin)')
      .option('--kubeconfig <file>', 'kubeconfig to use instead of $KUBECONFIG or ~/.kube/config')
      .option('--context <name>', 'context of the kubeconfig'),
  );
}

/** Azure is asked without waiting for a person, unless --login says so. */
export function planConfig(options: PlanOptions, env: NodeJS.ProcessEnv): Config {
  const flags = flagsOf(options as Record<string, unknown>);
  return readConfig({ ...flags, ...(options.login ? { azure: true } : {}) }, env, version());
}

export function wholeNumber(text: string | undefined, flag: string, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,6}$/.test(text))
    throw new UserError(`${flag}: "${sanitiseLine(text, 40)}" is no number.`, 'Give a whole number.');
  return Number(text);
}

/** One of several words, whatever their case. */
export function oneOf<const T extends string>(
  text: string | undefined,
  flag: string,
  words: readonly T[],
): T | undefined {
  if (text === undefined) return undefined;
  const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
  if (found === undefined) {
    throw new UserError(`${flag}: there is no "${sanitiseLine(text, 40)}".`, `There are ${words.join(', ')}.`);
  }
  return found;
}

export function collect(value: string, all: readonly string[] = []): readonly string[] {
  return [...all, ...value.split(',').filter((one) => one !== '')];
}
