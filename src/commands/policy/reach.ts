import type { Command as Program } from 'commander';
import { UserError } from '../../errors.ts';
import type { AskedPort } from '../../model/policies/asked-ports.ts';
import { findGroups, type Reach, reachFrom, type Subject, whoCanReach } from '../../model/policies/reach.ts';
import type { Engine } from '../../model/policies/verdict.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { Command, Terminal } from '../command.ts';
import { parsePeer, parsePort, parseProtocol } from './batch.ts';
import { reachJson, reachTable } from './reach-rows.ts';
import { describeState, readEngine, type StateOptions } from './state-options.ts';

/** Who may open a connection to a pod or a workload, and which policy decides. */
export const whoCanReachIt: Command = {
  name: 'who-can-reach',
  summary: 'who may open a connection to a workload, and which policy decides',
  describe: (program) => describe(program, '<target>', 'who is connected to'),
  run: ([target = ''], options, terminal) => run('who-can-reach', target, options as Options, terminal, whoCanReach),
};

/** Whom a pod or a workload may open a connection to, and which policy decides. */
export const reach: Command = {
  name: 'reach',
  summary: 'whom a workload may open a connection to, and which policy decides',
  describe: (program) => describe(program, '<source>', 'who connects'),
  run: ([source = ''], options, terminal) => run('reach', source, options as Options, terminal, reachFrom),
};

type Options = StateOptions & { port?: string; all?: boolean; json?: boolean };

function describe(program: Program, argument: string, what: string): void {
  program.argument(argument, `${what}: NAMESPACE/POD or NAMESPACE/WORKLOAD, or ip:ADDRESS, entity:NAME, fqdn:NAME`);
  describeState(program)
    .option('--port <port>', 'which port, as 8080 or 53/UDP; else those that the containers declare')
    .option('--all', 'also what is denied')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nFor a pod that declares no port: every port that a policy names, and one (*) for all others.',
    )
    .addHelpText('after', 'Of nodes, the API server and the world without --port: the target’s, else 443/TCP.')
    .addHelpText('after', '\nExit code: 0 answered, 2 bad input or nothing could be answered.');
}

async function run(
  name: string,
  end: string,
  options: Options,
  { stdout, env }: Terminal,
  find: (engine: Engine, subject: Subject, ports: readonly AskedPort[]) => readonly Reach[],
): Promise<number> {
  const startedAt = new Date().toISOString();
  const ports = options.port === undefined ? [] : [parseAsked(options.port)];
  const engine = await readEngine(options, env);
  const all = find(engine, subjectOf(engine, end, ports), ports);
  const rows = options.all ? all : all.filter(({ verdict }) => verdict !== 'deny');
  const target = sanitiseLine(end, 300);
  if (options.json) {
    const answer = { version: 1, command: `policy ${name}`, startedAt, target, peers: rows.map(reachJson) };
    stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
  } else {
    const hidden = all.length - rows.length;
    stdout.write(`${reachTable(rows)}${hidden > 0 ? `${hidden} more are denied (--all)\n` : ''}`);
  }
  return 0;
}

/** `8080`, `53/UDP`. */
function parseAsked(given: string): AskedPort {
  const [port, protocol = 'TCP'] = given.split('/');
  return { port: parsePort(port, '--port'), protocol: parseProtocol(protocol, '--port'), other: false };
}

function subjectOf(engine: Engine, end: string, ports: readonly AskedPort[]): Subject {
  const groups = findGroups(engine, end);
  if (groups.length > 0) return { groups };
  const peer = parsePeer(end, 'the argument');
  const shown = sanitiseLine(end, 300);
  if ('pod' in peer) {
    const onNodes = engine.index.facts.pods.filter((pod) => !pod.ended && pod.hostNetwork);
    if (
      onNodes.some(({ namespace, workload }) => `${namespace}/${workload.name}` === peer.pod && workload.kind !== 'Pod')
    )
      throw new UserError(
        `The pods of ${shown} are in their nodes’ network.`,
        'Ask about one of them, or about a node.',
      );
    if (!onNodes.some((pod) => `${pod.namespace}/${pod.name}` === peer.pod))
      throw new UserError(`There is no pod or workload ${shown}.`, 'Give NAMESPACE/NAME, or ip:, entity: or fqdn:.');
  }
  if (ports.length === 0)
    throw new UserError(`${shown} declares no port that policies are about.`, 'Give one with --port.');
  return { peer };
}
