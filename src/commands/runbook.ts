import type { Command as Program } from 'commander';
import { type Config, flagsOf, readConfig } from '../config.ts';
import { UserError } from '../errors.ts';
import type { RunbookAsks, RunbookRequest, RunbookResult } from '../model/runbook-result.ts';
import { serverTime } from '../model/server-time.ts';
import { runbooks } from '../runbooks/index.ts';
import type { Runbook } from '../runbooks/runbook.ts';
import { addAzureOptions } from './azure-options.ts';
import { judgeOnce } from './check/judge-once.ts';
import { unreadText } from './check/unread.ts';
import type { Command, Terminal } from './command.ts';
import { connect } from './connect.ts';
import { parseDuration } from './duration.ts';
import { tableText } from './policy/table-text.ts';
import { progressOn } from './progress.ts';
import { runbookAsJson } from './runbook/as-json.ts';
import { runbookAsText } from './runbook/as-text.ts';
import { version } from './version.ts';

/** Runs the looking part of a runbook, once: nobody is asked, nothing is changed. */
export const runbook: Command = {
  name: 'runbook',
  summary: 'from a symptom to its cause: look step by step, and answer by the exit code',
  describe(program: Program) {
    program
      .argument('[id]', 'which runbook; --list tells which there are')
      .option('--list', 'list the runbooks')
      .option(
        '--target <object...>',
        'what it is about: Node/NAME, Pod/NAMESPACE/NAME (policy-denies: and where it connects to); without it the likeliest suspect',
      )
      .option('--json', 'print one JSON object')
      .option('--kubeconfig <file>', 'kubeconfig to use instead of $KUBECONFIG or ~/.kube/config')
      .option('--context <name>', 'context of the kubeconfig')
      .option('--timeout <duration>', 'how long reading the cluster may take, and then looking', '60s')
      .option('--settle <duration>', 'how long to watch what may be only a moment', '5s');
    addAzureOptions(program, false)
      .option('--azure', 'judge all of Azure’s side too; runbooks that need Azure or its logs ask by themselves')
      .option('--no-azure', 'never ask Azure')
      .addHelpText('after', '\nExit code: 0 ruled out, 1 a cause was found, 2 it could not be told.');
  },
  async run([id], options, terminal) {
    if (options.list) {
      terminal.stdout.write(options.json ? listJson() : listText());
      return 0;
    }
    const chosen = runbookOf(id);
    const startedAt = Date.now();
    const progress = progressOn(terminal.stderr);
    const wantsAzure = options.azure === true;
    const withAzure = wantsAzure || (options.azure !== false && chosen.asksAzure === true);
    const connection = connect(configOf(options, terminal.env, withAzure), terminal.env);
    const timeoutMs = parseDuration(String(options.timeout), '--timeout');
    const settleMs = parseDuration(String(options.settle), '--settle');
    try {
      const { store, asks } = connection;
      const { judgement, snapshot } = await judgeOnce(connection, {
        ...{ timeoutMs, settleMs, withAzure, progress: progress.say },
        ...(wantsAzure ? {} : { azureMs: Math.min(unwantedMs, timeoutMs) }),
      });
      const unread = unreadText(snapshot);
      if (unread !== '') terminal.stderr.write(`ciliscope: ${unread}\n`);
      const { timeline } = store.get();
      const result = await ran(
        asks,
        { id: chosen.id, targets: named(options.target), timeline: timeline.entries, judgement, limitMs: timeoutMs },
        progress.say,
      );
      progress.clear();
      const judged = { ...store.get(), judgement };
      terminal.stdout.write(print(chosen, result, judged, serverTime(snapshot, startedAt), options, terminal));
      return exitCode(result);
    } catch (error) {
      // Who reads JSON gets an object of a run that came to nothing, too; people get the sentence.
      if (options.json && error instanceof UserError) {
        const snapshot = connection.store.get();
        terminal.stdout.write(runbookAsJson(notRun(chosen, error), snapshot, serverTime(snapshot, startedAt)));
      }
      throw error;
    } finally {
      progress.clear();
      await connection.close();
    }
  },
};

/** Azure that nobody named is not waited for any longer: it may be out of reach from here. */
const unwantedMs = 20_000;

/** Nobody is at hand: questions take what they take by themselves. */
async function ran(
  asks: Pick<RunbookAsks, 'runbook'>,
  request: RunbookRequest,
  progress: (text: string) => void,
): Promise<RunbookResult> {
  for await (const news of asks.runbook(request, new AbortController().signal)) {
    if (news.type === 'begins') progress(`looking: ${news.title}`);
    if (news.type === 'ended') return news.result;
  }
  throw new Error('The runbook ended without a result.');
}

function exitCode({ outcome }: RunbookResult): 0 | 1 | 2 {
  return outcome === 'not-this' ? 0 : outcome === 'cause' ? 1 : 2;
}

function notRun({ id }: Runbook, { what }: UserError): RunbookResult {
  const notLookedAt = [{ id: 'run', reason: what }];
  return { id, target: undefined, outcome: 'unknown', cause: undefined, others: [], steps: [], notLookedAt };
}

function runbookOf(id: string | undefined): Runbook {
  const found = runbooks.find((one) => one.id === id);
  if (found !== undefined) return found;
  const hint = 'runbook --list tells which there are.';
  if (id === undefined) throw new UserError('Which runbook?', hint);
  throw new UserError(`There is no runbook "${id.slice(0, 60)}".`, hint);
}

function named(given: unknown): readonly string[] {
  return Array.isArray(given) ? given.map(String) : [];
}

function configOf(options: Record<string, unknown>, env: NodeJS.ProcessEnv, withAzure: boolean): Config {
  const config = readConfig(flagsOf(options), env, version());
  const isOff = !withAzure || env['CILISCOPE_AZURE'] === 'off';
  return { ...config, metricsPerSecond: 0, azure: { ...config.azure, use: isOff ? 'off' : 'quiet' } };
}

function print(
  chosen: Runbook,
  result: RunbookResult,
  snapshot: Parameters<typeof runbookAsJson>[1],
  startedAt: number,
  options: Record<string, unknown>,
  { stdout, env }: Terminal,
): string {
  if (options.json) return runbookAsJson(result, snapshot, startedAt);
  const { ascii } = readConfig({}, env, version());
  return runbookAsText(chosen, result, snapshot, { ascii, columns: Math.min(120, stdout.columns || 80) });
}

function listJson(): string {
  const head = { version: 1, command: 'runbook', cluster: '', startedAt: new Date().toISOString() };
  const all = runbooks.map(({ id, title, target }) => ({ id, title, target: target?.kinds ?? [] }));
  return `${JSON.stringify({ ...head, runbooks: all }, null, 2)}\n`;
}

function listText(): string {
  return tableText([
    ['ID', 'FINDS OUT', 'ABOUT'],
    ...runbooks.map(({ id, title, target }) => [id, title, target?.kinds.join(', ') ?? 'the cluster']),
  ]);
}
