import type { Command as Program } from 'commander';
import { checks } from '../checks/index.ts';
import { type Config, flagsOf, readConfig } from '../config.ts';
import { UserError } from '../errors.ts';
import type { Judgement } from '../model/finding.ts';
import { serverTime } from '../model/server-time.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { addAzureOptions } from './azure-options.ts';
import { asJson } from './check/as-json.ts';
import { asJunit } from './check/as-junit.ts';
import { asText } from './check/as-text.ts';
import { judgeBundle, toldOfBundle } from './check/judge-bundle.ts';
import { judgeOnce } from './check/judge-once.ts';
import { unreadText } from './check/unread.ts';
import type { Command, Terminal } from './command.ts';
import { connect } from './connect.ts';
import { parseDuration } from './duration.ts';
import { progressOn } from './progress.ts';
import { version } from './version.ts';

/** Judges the cluster once and answers by the exit code, for scripts and pagers. */
export const check: Command = {
  name: 'check',
  summary: 'say what is wrong, once, and answer by the exit code',
  describe(program: Program) {
    program
      .option('--json', 'print one JSON object')
      .option('--junit', 'print JUnit XML')
      .option('--kubeconfig <file>', 'kubeconfig to use instead of $KUBECONFIG or ~/.kube/config')
      .option('--context <name>', 'context of the kubeconfig')
      .option('--from <bundle>', 'judge a support bundle, as of the time it was taken; nobody is asked')
      .option('--timeout <duration>', 'how long reading the cluster may take', '30s')
      .option('--settle <duration>', 'how long to watch what may be only a moment', '5s')
      .option('--strict', 'exit 2 when some check could not look and nothing is wrong otherwise');
    addAzureOptions(program, false)
      .option('--azure', "judge Azure's side too, with credentials that need nobody")
      .addHelpText('after', '\nExit code: 0 nothing wrong, 1 an error or a warning, 2 the cluster could not be read.');
  },
  async run(_args, options, terminal) {
    if (options.json && options.junit) {
      throw new UserError('--json and --junit cannot both be printed.', 'Give one of them.');
    }
    if (typeof options.from === 'string') return fromBundle(options.from, options, terminal);
    const timeoutMs = parseDuration(String(options.timeout), '--timeout');
    const settleMs = parseDuration(String(options.settle), '--settle');
    const startedAt = Date.now();
    const progress = progressOn(terminal.stderr);
    const withAzure = options.azure === true;
    const connection = connect(configOf(options, terminal.env, withAzure));
    try {
      const { judgement, snapshot } = await judgeOnce(connection, {
        ...{ timeoutMs, settleMs, withAzure, progress: progress.say },
      });
      progress.clear();
      // The judgement's clock is the server's: the beginning must be told by the same.
      const began = serverTime(snapshot, startedAt);
      terminal.stdout.write(print(judgement, snapshot, began, options, terminal));
      const unread = unreadText(snapshot);
      if (unread !== '') terminal.stderr.write(`ciliscope: ${unread}\n`);
      // Who asks for Azure wants to hear where it could not be.
      const missed = withAzure ? judgement.notAsked.filter(({ id }) => id.startsWith('azure/')) : [];
      const whole = { ...judgement, notLookedAt: [...judgement.notLookedAt, ...missed] };
      return exitCode(whole, snapshot, options.strict === true);
    } finally {
      progress.clear();
      await connection.close();
    }
  },
};

/** A bundle says what it says about: whom to ask has no meaning. */
async function fromBundle(path: string, options: Record<string, unknown>, terminal: Terminal): Promise<number> {
  const given = ['kubeconfig', 'context', 'azure'].find((name) => options[name] !== undefined);
  if (given !== undefined) {
    throw new UserError(`--from reads a bundle, so --${given} has nothing to say.`, 'Leave one of them out.');
  }
  const { judgement, snapshot, takenAt, said } = await judgeBundle(path);
  const text = () => print(judgement, snapshot, takenAt, options, terminal, Date.now());
  terminal.stdout.write(await toldOfBundle(path, text));
  for (const line of said) terminal.stderr.write(`ciliscope: ${line}\n`);
  const unread = unreadText(snapshot);
  if (unread !== '') terminal.stderr.write(`ciliscope: ${unread}\n`);
  return exitCode(judgement, snapshot, options.strict === true);
}

function configOf(options: Record<string, unknown>, env: NodeJS.ProcessEnv, withAzure: boolean): Config {
  const config = readConfig(flagsOf(options), env, version());
  const isOff = !withAzure || env['CILISCOPE_AZURE'] === 'off';
  // Rates need minutes of watching. Of Azure only what needs nobody: there may be nobody to sign in.
  return { ...config, metricsPerSecond: 0, azure: { ...config.azure, use: isOff ? 'off' : 'quiet' } };
}

function print(
  judgement: Judgement,
  snapshot: Snapshot,
  startedAt: number,
  options: Record<string, unknown>,
  { stdout, env }: Terminal,
  readAt?: number,
): string {
  if (options.json) return asJson(judgement, snapshot, startedAt, readAt);
  if (options.junit) return asJunit(judgement, checks, startedAt);
  const { ascii } = readConfig({}, env, version());
  return asText(judgement, snapshot, { ascii, columns: Math.min(120, stdout.columns || 80) });
}

/** 0 clean, 1 an error or a warning, 2 what everything rests on could not be read (or, strictly, anything at all). */
export function exitCode(judgement: Judgement, snapshot: Snapshot, strict: boolean): 0 | 1 | 2 {
  if (unreadText(snapshot) !== '') return 2;
  if (judgement.findings.some(({ severity }) => severity !== 'note')) return 1;
  return strict && judgement.notLookedAt.length > 0 ? 2 : 0;
}
