import { createInterface } from 'node:readline';
import type { Command as Program } from 'commander';
import { UserError } from '../../errors.ts';
import { record, text } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { NEWEST } from '../../model/policies/modes.ts';
import type { Engine } from '../../model/policies/verdict.ts';
import type { Command, Terminal } from '../command.ts';
import { type Batch, enginesOf, type Preset, parseBatch, parsePeer, parsePort, parseProtocol } from './batch.ts';
import { readStream, readText } from './input-text.ts';
import { describeLive, type LiveOptions, liveConfig, liveTimeout } from './live-options.ts';
import { readLiveState } from './live-state.ts';
import { parseJson, readFolder } from './state-folder.ts';
import { answerJson, lintJson } from './verdict-json.ts';
import { verdictText } from './verdict-text.ts';

/** May A talk to B on this port, and which policy decides? From files, from what is given, or from the live cluster. */
export const verdict: Command = {
  name: 'verdict',
  summary: 'may A talk to B on this port, and which policy decides',
  describe(program: Program) {
    describeLive(program)
      .option('--state <folder>', 'read the cluster’s objects from the *.json and *.yaml files of a folder')
      .option('--from <peer>', 'who connects: ns/pod, ip:ADDRESS, entity:NAME or fqdn:NAME@ADDRESS')
      .option('--to <peer>', 'who is connected to')
      .option('--port <number>', 'the port at the pod; for ICMP the ICMPv4 type')
      .option('--protocol <name>', 'TCP, UDP, SCTP or ICMP', 'TCP')
      .option('--batch <file>', 'many probes of one state, as JSON; - reads stdin')
      .option('--jsonl', 'a batch per line of stdin, a result per line of stdout')
      .option('--dialect <name>', 'cilium, or generic: NetworkPolicy as Kubernetes describes it', 'cilium')
      .option('--cilium-version <version>', `which Cilium is asked about (live: the one that runs; else ${NEWEST})`)
      .option('--json', 'print one JSON object')
      .addHelpText('after', '\nWithout --state, --jsonl or a state in the batch the live cluster is read.')
      .addHelpText('after', '\nExit code: 0 answered, 2 bad input or nothing could be answered.');
  },
  async run(_args, given, terminal) {
    const options = given as Options;
    const preset = { version: options.ciliumVersion ?? '', dialect: options.dialect };
    const ways = [options.jsonl, options.batch !== undefined, options.from !== undefined || options.to !== undefined];
    if (ways.filter(Boolean).length !== 1)
      throw new UserError('What is asked?', 'Give --from and --to with --port, or --batch FILE, or --jsonl.');
    if (options.jsonl) return runLines(preset, terminal);
    return options.batch === undefined ? runOne(options, preset, terminal) : runBatch(options, preset, terminal);
  },
};

type Options = LiveOptions & {
  state?: string;
  from?: string;
  to?: string;
  port?: string;
  protocol: string;
  batch?: string;
  jsonl?: boolean;
  dialect: string;
  ciliumVersion?: string;
  json?: boolean;
};

async function runOne(options: Options, preset: Preset, terminal: Terminal): Promise<number> {
  const question = {
    from: parsePeer(options.from ?? '', '--from'),
    to: parsePeer(options.to ?? '', '--to'),
    port: parsePort(options.port, '--port'),
    protocol: parseProtocol(options.protocol, '--protocol'),
  };
  const { stdout } = terminal;
  const batch = parseBatch({ version: 1, probes: [] }, preset);
  const { now } = await askedOf(options, batch, terminal);
  const answer = now.ask(question);
  const lint = lintJson(now);
  if (options.json) stdout.write(`${JSON.stringify({ version: 1, ...answerJson(now, question), lint })}\n`);
  else stdout.write(verdictText(options.from ?? '', options.to ?? '', question, answer, now));
  return answer.found ? 0 : 2;
}

async function runBatch(options: Options, preset: Preset, terminal: Terminal): Promise<number> {
  const file = options.batch ?? '-';
  const input = file === '-' ? await readStream(terminal.stdin, 'stdin') : readText(file);
  const batch = parseBatch(parseJson(input, file === '-' ? 'stdin' : file), preset);
  const { result, answered } = resultOf(batch, await askedOf(options, batch, terminal));
  terminal.stdout.write(`${JSON.stringify(result)}\n`);
  return answered ? 0 : 2;
}

/** One result per line whatever comes: a line that cannot be answered says why, here and on stderr. */
async function runLines(preset: Preset, { stdin, stdout, stderr }: Terminal): Promise<number> {
  let number = 0;
  let code = 0;
  for await (const line of createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() === '') continue;
    let name = '';
    try {
      const value = parseJson(number === 1 ? line.replace(/^\uFEFF/, '') : line, `line ${number}`, true);
      name = text(record(value).name);
      const batch = parseBatch(value, preset);
      const { result, answered } = resultOf(
        batch,
        enginesOf(batch, stateOf(undefined, batch), batch.version || NEWEST),
      );
      if (!answered) code = 2;
      stdout.write(`${JSON.stringify(result)}\n`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      code = 2;
      stdout.write(`${JSON.stringify({ version: 1, name, error: error.message, results: [], lint: [] })}\n`);
      stderr.write(`ciliscope: line ${number}: ${error.message}\n`);
    }
  }
  return code;
}

/** The engines for what the command is given, or for the live cluster where nothing is. */
async function askedOf(options: Options, batch: Batch, { env }: Terminal) {
  if (options.state !== undefined || batch.objects !== undefined)
    return enginesOf(batch, stateOf(options.state, batch), batch.version || NEWEST);
  const live = await readLiveState(liveConfig(options, env), env, liveTimeout(options));
  return enginesOf(batch, live.objects, batch.version || live.version, true);
}

function stateOf(folder: string | undefined, batch: Batch): readonly RawObject[] {
  if (batch.folder !== '' && folder === undefined)
    throw new UserError('state.dir is only read together with --state.', 'Give --state FOLDER.');
  const folders = new Set([folder ?? '', batch.folder].filter((one) => one !== ''));
  return [...[...folders].flatMap(readFolder), ...(batch.objects ?? [])];
}

function resultOf({ name, probes }: Batch, { now, before }: { now: Engine; before: Engine | undefined }) {
  const results = probes.map(({ id, question }) => {
    return { id, ...answerJson(now, question), ...(before ? { before: answerJson(before, question) } : {}) };
  });
  const answered = probes.length === 0 || probes.some(({ question }) => now.ask(question).found);
  return { result: { version: 1, name, results, lint: lintJson(now) }, answered };
}
