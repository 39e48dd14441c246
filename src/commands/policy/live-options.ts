import type { Command as Program } from 'commander';
import { type Config, readConfig } from '../../config.ts';
import { UserError } from '../../errors.ts';
import { NEWEST } from '../../model/policies/modes.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { parseDuration } from '../duration.ts';
import { version } from '../version.ts';

/** Which cluster is read, and how long that may take. */
export type LiveOptions = { kubeconfig?: string; context?: string; timeout: string };

export function describeLive(program: Program): Program {
  return program
    .option('--kubeconfig <file>', 'kubeconfig to use instead of $KUBECONFIG or ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--timeout <duration>', 'how long reading the cluster may take', '60s');
}

export function describeVersion(program: Program): Program {
  return program.option(
    '--cilium-version <version>',
    `which Cilium is asked about (live: the one that runs; else ${NEWEST})`,
    (given: string) => {
      if (/^v?\d+\.\d+/.test(given)) return given;
      throw new UserError(`--cilium-version: "${sanitiseLine(given, 60)}" is no version.`, 'Give one like 1.18.6.');
    },
  );
}

export function liveConfig({ kubeconfig, context }: LiveOptions, env: NodeJS.ProcessEnv): Config {
  const flags = { ...(kubeconfig === undefined ? {} : { kubeconfig }), ...(context === undefined ? {} : { context }) };
  // Policies are the cluster's own: Azure has nothing to say of them.
  return readConfig({ ...flags, azure: false }, env, version());
}

export function liveTimeout({ timeout }: LiveOptions): number {
  return parseDuration(timeout, '--timeout');
}
