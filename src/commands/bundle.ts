import { lstatSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command as Program } from 'commander';
import { flagsOf, readConfig } from '../config.ts';
import { UserError } from '../errors.ts';
import { type BundlePlan, type BundleWish, planBundle } from '../model/bundle/bundle-plan.ts';
import type { BundleEvent } from '../model/bundle/bundle-request.ts';
import { sanitiseLine } from '../model/sanitise.ts';
import { serverTime } from '../model/server-time.ts';
import { endLines, megabytes, planLines } from '../panes/bundle/bundle-words.ts';
import { addAzureOptions } from './azure-options.ts';
import { bundleName } from './bundle/bundle-name.ts';
import { judgeOnce } from './check/judge-once.ts';
import type { Command, Terminal } from './command.ts';
import { type Connection, connect } from './connect.ts';
import { parseDuration } from './duration.ts';
import { progressOn } from './progress.ts';
import { version } from './version.ts';

/** Collects what a colleague or Microsoft's support needs to see, without secrets, and says before what that costs. */
export const bundle: Command = {
  name: 'bundle',
  summary: 'collect objects, logs and what agents say into one archive, without secrets; check --from reads it',
  describe(program: Program) {
    program
      .option('--nodes <names>', 'nodes whose agents are looked at: names with commas, all, or suspect', 'suspect')
      .option('--since <duration>', 'how far back logs go', '2h')
      .option('--out <file>', 'where to write it; never over a file that is there')
      .option('--estimate', 'say what it would take and end')
      .option('--yes', 'do not ask before it begins; needed where nobody is at a terminal')
      .option('--kubeconfig <file>', 'kubeconfig to use instead of $KUBECONFIG or ~/.kube/config')
      .option('--context <name>', 'context of the kubeconfig')
      .option('--timeout <duration>', 'how long reading the cluster may take', '30s')
      .option('--settle <duration>', 'how long to watch what may be only a moment', '5s');
    addAzureOptions(program, false)
      .option('--azure', 'take along what Azure says, with credentials that need nobody')
      .addHelpText(
        'after',
        '\nCtrl-c ends it; what was read is kept.\nExit code: 0 it is written, 1 it is written with gaps, 2 it could not be.',
      );
  },
  async run(_args, options, terminal) {
    const sinceMs = parseDuration(String(options.since), '--since');
    const settleMs = parseDuration(String(options.settle), '--settle');
    const timeoutMs = parseDuration(String(options.timeout), '--timeout');
    const nodes = nodesOf(String(options.nodes));
    const out = typeof options.out === 'string' ? newPath(options.out) : undefined;
    if (options.estimate !== true && options.yes !== true && !isAsked(terminal))
      throw new UserError('Nobody is at a terminal who could agree to the bundle.', 'Give --yes, or --estimate.');
    const withAzure = options.azure === true && terminal.env['CILISCOPE_AZURE'] !== 'off';
    const config = readConfig(flagsOf(options), terminal.env, version());
    const progress = progressOn(terminal.stderr);
    const connection = connect({
      ...{ ...config, metricsPerSecond: 0 },
      azure: { ...config.azure, use: withAzure ? 'quiet' : 'off' },
    });
    try {
      await findNodes(connection, nodes, timeoutMs);
      const { judgement, snapshot, reread } = await judgeOnce(connection, {
        ...{ timeoutMs, settleMs, withAzure, progress: progress.say },
      });
      progress.clear();
      const now = serverTime(snapshot, Date.now());
      const plan = planBundle(snapshot, judgement, { nodes, sinceMs, reread }, now);
      const path = out ?? resolve(bundleName(snapshot, now));
      for (const line of planLines(plan, path)) terminal.stderr.write(`${line}\n`);
      if (options.estimate === true) return 0;
      if (options.yes !== true && !(await isWanted(terminal))) return 2;
      const ended = await take(connection, plan, { path, settleMs, terminal, say: progress.say });
      progress.clear();
      for (const line of endLines(ended)) terminal.stderr.write(`${line}\n`);
      terminal.stdout.write(`${sanitiseLine(path, 500)}\n`);
      return ended.gaps.length > 0 || ended.stopped ? 1 : 0;
    } finally {
      progress.clear();
      await connection.close();
    }
  },
};

function nodesOf(given: string): BundleWish['nodes'] {
  if (given === 'all' || given === 'suspect') return given;
  const names = given.split(',').map((name) => name.trim());
  const named = names.filter((name) => name !== '');
  if (named.length === 0) throw new UserError('--nodes names no node.', 'Give names with commas, all, or suspect.');
  return named;
}

/** Where it is to be written; what cannot be is said before anything is read. */
function newPath(given: string): string {
  const path = resolve(given);
  const shown = sanitiseLine(path, 200);
  // A link that leads nowhere is there, too.
  if (given === '' || lstatSync(path, { throwIfNoEntry: false }) !== undefined)
    throw new UserError(`There is a file ${shown} already.`, 'Choose another name.');
  if (!statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(`There is no folder for ${shown}.`, 'Choose another place.');
  return path;
}

/** Waits for the list of nodes alone. Throws a UserError where one of those that were named is not there. */
async function findNodes({ store, ready, crashed }: Connection, nodes: BundleWish['nodes'], limitMs: number) {
  if (typeof nodes === 'string') return;
  const phase = () => store.get().links.get('nodes')?.phase ?? 'connecting';
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const step = () => phase() !== 'connecting' && phase() !== 'loading' && done();
    const timer = setTimeout(done, limitMs);
    const stop = store.subscribe(step);
    // Why it cannot be read is told by who reads it all.
    ready.catch(done);
    void crashed.then(done);
    step();
  });
  const { tables } = store.get();
  const gone = phase() === 'live' ? nodes.find((name) => !tables.nodes.named('', name)) : undefined;
  if (gone !== undefined)
    throw new UserError(`There is no node "${sanitiseLine(gone, 100)}".`, 'kubectl get nodes names them.');
}

type Taking = { path: string; settleMs: number; terminal: Terminal; say(text: string): void };

async function take(connection: Connection, plan: BundlePlan, { path, settleMs, say }: Taking) {
  // The first ctrl-c ends the reading, and what there is is written; the second ends us.
  const end = () => void connection.asks.endBundle();
  process.once('SIGINT', end);
  try {
    const { timeline } = connection.store.get();
    const program = `ciliscope ${version()}`;
    const request = { plan, path, program, settleMs, timeline, texts: [] };
    let ended: Extract<BundleEvent, { type: 'end' }> | undefined;
    for await (const event of connection.asks.takeBundle(request, new AbortController().signal)) {
      if (event.type === 'end') ended = event;
      else say(`${event.text} · ${event.requests} requests · ${megabytes(event.bytes)}`);
    }
    if (ended === undefined) throw new UserError('The bundle broke off.', 'Take it again.');
    return ended;
  } finally {
    process.off('SIGINT', end);
  }
}

function isAsked({ stdin, stderr }: Terminal): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

async function isWanted({ stdin, stderr }: Terminal): Promise<boolean> {
  const asking = createInterface({ input: stdin, output: stderr });
  try {
    return /^y(es)?$/i.test((await asking.question('Go on? [y/N] ')).trim());
  } finally {
    asking.close();
  }
}
