import { createInterface } from 'node:readline';
import type { Command as Program } from 'commander';
import { UserError } from '../../errors.ts';
import { record, text } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import type { Peer } from '../../model/policies/ends.ts';
import { NEWEST } from '../../model/policies/modes.ts';
import { findNamedEnd } from '../../model/policies/named-ends.ts';
import type { Engine } from '../../model/policies/verdict.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { Command, Terminal } from '../command.ts';
import { answerText } from './answer-json.ts';
import { type Batch, enginesOf, type Preset, parseBatch, parsePeer, parsePort, parseProtocol } from './batch.ts';
import { type AsciiOption, describeAscii, forTerminal } from './for-terminal.ts';
import { readStream, readText } from './input-text.ts';
import { describeLive, describeVersion, type LiveOptions, liveConfig, liveTimeout } from './live-options.ts';
import { readLiveState } from './live-state.ts';
import { parseJson, readFolder } from './state-folder.ts';
import { answerJson, lintJson } from './verdict-json.ts';
import { verdictText } from './verdict-text.ts';

/** May A talk to B on this port, and which policy decides? From files, from what is given, or from the live cluster. */
export const verdict: Command = {
  name: 'verdict',
  summary: 'may A talk to B on this port, and which policy decides',
  describe(program: Program) {
    describeAscii(describeVersion(describeLive(program)))
      .option('--state <folder>', 'read the cluster’s objects from the *.json and *.yaml files of a folder')
      .option('--from <peer>', 'who connects: ns/pod, ns/workload, ip:ADDRESS, entity:NAME or fqdn:NAME@ADDRESS')
      .option('--to <peer>', 'who is connected to')
      .option('--port <number>', 'the port at the pod; for ICMP the ICMPv4 type')
      .option('--protocol <name>', 'TCP, UDP, SCTP or ICMP', 'TCP')
      .option('--batch <file>', 'many probes of one state, as JSON; - reads stdin')
      .option('--jsonl', 'a batch per line of stdin, a result per line of stdout')
      .option('--dialect <name>', 'cilium, or generic: NetworkPolicy as Kubernetes describes it', 'cilium')
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

type Options = LiveOptions &
  AsciiOption & {
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
  const { from, to } = options;
  if (from === undefined || to === undefined || options.port === undefined)
    throw new UserError('A verdict is about --from, --to and --port.', 'Give all three.');
  const asked = {
    from: parsePeer(from, '--from'),
    to: parsePeer(to, '--to'),
    port: parsePort(options.port, '--port'),
    protocol: parseProtocol(options.protocol, '--protocol'),
  };
  const { stdout, env } = terminal;
  const startedAt = new Date().toISOString();
  const batch = parseBatch({ version: 1, probes: [] }, preset);
  const { now, cluster } = await askedOf(options, batch, terminal);
  const ends = [namedPeer(now, asked.from, '--from'), namedPeer(now, asked.to, '--to', true)] as const;
  const question = { ...asked, from: ends[0].peer, to: ends[1].peer };
  const answer = now.ask(question);
  const lint = lintJson(now);
  if (options.json)
    stdout.write(answerText({ command: 'verdict', cluster, startedAt }, { ...answerJson(now, question), lint }));
  else {
    const words = verdictText(ends[0].text || from, ends[1].text || to, question, answer, now);
    stdout.write(forTerminal(words, options, env));
  }
  return answer.found ? 0 : 2;
}

/**
 * A workload's name stands for any of its pods where policies do not tell them apart: another one at each end, as what a
 * pod sends to itself no policy sees. `text` is '' where the peer is what it was.
 */
function namedPeer({ index }: Engine, peer: Peer, flag: string, last = false): { peer: Peer; text: string } {
  const end = 'pod' in peer ? findNamedEnd(index, peer.pod) : '';
  if (typeof end === 'string' || end.text.startsWith('pod ')) return { peer, text: '' };
  if (end.service?.named)
    throw new UserError(
      `${flag}: ${sanitiseLine(end.text, 300)}: a verdict is about pods.`,
      'Give its pods or their workload, or ask policy who-can-reach.',
    );
  const [side, ...others] = end.sides;
  const pod = last ? side?.pods.at(-1) : side?.pods[0];
  if (pod && others.length === 0) return { peer: { pod: `${pod.namespace}/${pod.name}` }, text: end.text };
  const pods = end.sides.flatMap((one) => one.pods.slice(0, 1).map(({ namespace, name }) => `${namespace}/${name}`));
  throw new UserError(
    `${flag}: ${sanitiseLine(end.text, 300)} are not one and the same to policies.`,
    `Give one of them: ${sanitiseLine([...new Set(pods)].join(', '), 300)}.`,
  );
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
    return { ...enginesOf(batch, stateOf(options.state, batch), batch.version || NEWEST), cluster: null };
  const live = await readLiveState(liveConfig(options, env), env, liveTimeout(options));
  return { ...enginesOf(batch, live.objects, batch.version || live.version, true), cluster: live.cluster };
}

function stateOf(folder: string | undefined, batch: Batch): readonly RawObject[] {
  if (batch.folder !== '' && folder === undefined)
    throw new UserError('state.dir is only read together with --state.', 'Give --state FOLDER.');
  const folders = new Set([folder ?? '', batch.folder].filter((one) => one !== ''));
  return [...[...folders].flatMap((one) => readFolder(one)), ...(batch.objects ?? [])];
}

function resultOf({ name, probes }: Batch, { now, before }: { now: Engine; before: Engine | undefined }) {
  const results = probes.map(({ id, question }) => {
    return { id, ...answerJson(now, question), ...(before ? { before: answerJson(before, question) } : {}) };
  });
  const answered = probes.length === 0 || probes.some(({ question }) => now.ask(question).found);
  return { result: { version: 1, name, results, lint: lintJson(now) }, answered };
}
