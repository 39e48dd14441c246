import type { Command as Program } from 'commander';
import { flagsOf, readConfig } from '../config.ts';
import { UserError } from '../errors.ts';
import { queries } from '../queries/index.ts';
import { AzureProblem } from '../sources/azure/azure-problem.ts';
import { connectAzure } from '../sources/azure/connect-azure.ts';
import { findLogs } from '../sources/azure/logs/find-logs.ts';
import { addAzureOptions } from './azure-options.ts';
import { clusterTraces } from './cluster-traces.ts';
import type { Command, Terminal } from './command.ts';
import { describeAscii } from './policy/for-terminal.ts';
import { readStream } from './policy/input-text.ts';
import { tableText } from './policy/table-text.ts';
import { answerQuery } from './query/answer-query.ts';
import { askedQuery, given } from './query/asked-query.ts';
import { followQuery } from './query/follow-query.ts';
import type { QueryOptions } from './query/query-options.ts';
import { signOfLife } from './query/sign-of-life.ts';
import { version } from './version.ts';

/** One question to the Log Analytics workspace of the cluster, or of `--workspace`; a saved one or one's own. */
export const query: Command = {
  name: 'query',
  summary: 'ask the Log Analytics workspace, by a saved query or KQL of your own',
  describe(program: Program) {
    program
      .argument('[query]', 'the ID of a saved query, KQL, or - to read KQL from stdin')
      .option('--list', 'list the saved queries')
      .option('--timespan <span>', 'from when: 30m, 6h, 2d, PT1H, or <from>/<to> as ISO 8601')
      .option('--param <name=value>', 'a parameter of the saved query; may be given again', collect, [])
      .option('--follow', 'print each new row as a line of JSON until ctrl-c')
      .option('--json', 'print one JSON object')
      .option('--csv', 'print CSV')
      .option('--limit <rows>', 'rows at most', '10000')
      .option('--timeout <duration>', 'how long the service may take, at most 10m', '180s')
      .option('--kubeconfig <file>', 'kubeconfig of the cluster whose workspace is meant')
      .option('--context <name>', 'context of the kubeconfig');
    addAzureOptions(describeAscii(program), false)
      .addHelpText('after', '\nWith --workspace, or the cluster named by its three flags, no Kubernetes is asked.')
      .addHelpText('after', '\nExit code: 0 answered, also without a row or in part; 2 could not be asked.');
  },
  async run([text], options, terminal) {
    const asked = options as QueryOptions;
    if (asked.list) {
      terminal.stdout.write(listText());
      return 0;
    }
    const wanted = given(asked);
    const kql = text === '-' ? await readStream(terminal.stdin, 'stdin') : (text ?? '');
    if (kql.trim() === '')
      throw new UserError('What is asked?', 'Give KQL or an ID: query --list tells which there are.');
    return ask(kql, asked, wanted, terminal);
  },
};

async function ask(
  text: string,
  options: QueryOptions,
  wanted: ReturnType<typeof given>,
  terminal: Terminal,
): Promise<number> {
  const config = readConfig(flagsOf(options), terminal.env, version());
  if (config.azure.use === 'off') throw new UserError('Azure is switched off by $CILISCOPE_AZURE.', 'Unset it.');
  const progress = signOfLife(terminal.stderr);
  const say = (words: string) => {
    if (terminal.stderr.isTTY) progress.clear();
    terminal.stderr.write(`ciliscope: ${words}\n`);
  };
  const stop = new AbortController();
  const interrupted = () => stop.abort();
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  const azure = connectAzure(config, terminal.env, {
    onAgain: ({ host, status }) => {
      if (status === 0) say(`${host} gave no answer, and is asked again.`);
      else if (status >= 500) say(`Azure answered ${status} (${host}), and is asked again.`);
    },
  });
  try {
    progress.say('looking for the workspace');
    const logs = await findLogs(
      azure,
      config.azure,
      () => clusterTraces(config, terminal.env, stop.signal, 'Without a cluster, name the workspace with --workspace.'),
      stop.signal,
    );
    progress.clear();
    const asked = askedQuery(text, options, logs);
    for (const remark of [...logs.remarks, ...asked.remarks]) say(remark);
    const run = { asked, wanted, options, logs, terminal, progress, say, signal: stop.signal };
    return await (options.follow ? followQuery(run) : answerQuery(run));
  } catch (error) {
    if (stop.signal.aborted) throw new UserError('Interrupted before there was an answer.');
    if (isWord(text) && error instanceof AzureProblem && error.kind === 'refused')
      throw new UserError(error.what, 'Nor is it a saved query: see query --list.');
    throw error;
  } finally {
    progress.clear();
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await azure.close();
  }
}

/** The ID of a saved query, misremembered, is KQL as well: the name of a table or of a function of the workspace. */
function isWord(text: string): boolean {
  return /^\w+$/.test(text.trim());
}

function listText(): string {
  return tableText([
    ['ID', 'ASKS', 'PARAMETERS'],
    ...queries.map(({ id, title, parameters }) => [
      id,
      title,
      parameters.map(({ name, isNeeded }) => (isNeeded ? `${name}!` : name)).join(', '),
    ]),
  ]);
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
