import { UserError } from '../../errors.ts';
import { isOk } from '../../model/plans/deployment-plan.ts';
import type { AzureConnection } from '../../sources/azure/azure-connection.ts';
import { connectAzure } from '../../sources/azure/connect-azure.ts';
import type { Terminal } from '../command.ts';
import { forTerminal } from '../policy/for-terminal.ts';
import { progressOn } from '../progress.ts';
import { applyPlan } from './apply-plan.ts';
import type { PlanOptions } from './plan-options.ts';
import type { Looked, PlanRun } from './plan-run.ts';
import { planJson, planText } from './plan-text.ts';

/** Reading ARM for a plan may take this long, ms. */
const lookMs = 120_000;

/** Plans, prints, and with --apply does it. Resolves to the exit code of output.md. */
export async function runPlan(run: PlanRun): Promise<number> {
  const { options, config, terminal, look, asksAzure } = run;
  const startedAt = new Date().toISOString();
  checkWords(options, terminal);
  if (!asksAzure) return printed(run, await look(undefined, AbortSignal.timeout(lookMs)), startedAt);
  const progress = progressOn(terminal.stderr);
  const connection = connectAzure(config, terminal.env, {
    onLogin(login) {
      if (login.state !== 'code' || login.code === undefined) return;
      const { userCode, address } = login.code;
      terminal.stderr.write(`ciliscope: to sign in, open ${address} and type ${userCode}\n`);
    },
  });
  try {
    if (options.login) await signIn(connection, terminal);
    progress.say('reading from Azure');
    if (!options.apply) return printed(run, await look(connection, AbortSignal.timeout(lookMs)), startedAt);
    return await applyPlan({ ...run, connection, progress, startedAt });
  } finally {
    progress.clear();
    await connection.close();
  }

  /** Only where nothing that needs nobody signed us in. */
  async function signIn(azure: AzureConnection, { stderr, stdin }: Terminal): Promise<void> {
    if (!stdin.isTTY || !stderr.isTTY) {
      throw new UserError('--login needs a terminal: a person has to type a code.', 'Run `az login` before.');
    }
    try {
      await azure.credential.getToken(azure.cloud.armScope);
    } catch {
      await azure.signIn(AbortSignal.timeout(15 * 60_000));
    }
  }
}

function checkWords({ apply, yes, json, login }: PlanOptions, { stdin, stderr }: Terminal): void {
  if (!apply && (yes !== undefined || login)) {
    throw new UserError(`${login ? '--login' : '--yes'} goes with --apply.`, 'Without it nothing is changed.');
  }
  const asks = stdin.isTTY === true && stderr.isTTY === true && !json;
  if (apply && yes === undefined && !asks) {
    throw new UserError('Nobody can be asked here.', 'Give --yes with the cluster’s name.');
  }
}

function printed({ options, terminal }: PlanRun, { plan, before }: Looked, startedAt: string): number {
  const text = options.json ? planJson(plan, startedAt) : forTerminal(planText(plan, before), options, terminal.env);
  terminal.stdout.write(text);
  return isOk(plan) ? 0 : 1;
}
