import type { Command as Program } from 'commander';
import { UserError } from '../../errors.ts';
import type { AskedPort } from '../../model/policies/asked-ports.ts';
import { findNamedEnd } from '../../model/policies/named-ends.ts';
import { reachOf } from '../../model/policies/reach.ts';
import type { Direction } from '../../model/policies/rule.ts';
import { toItsEnd } from '../../model/policies/turns.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { Command, Terminal } from '../command.ts';
import { answerText } from './answer-json.ts';
import { parsePort, parseProtocol } from './batch.ts';
import { type AsciiOption, describeAscii, forTerminal } from './for-terminal.ts';
import { reachJson, reachTable } from './reach-rows.ts';
import { describeState, readEngine, type StateOptions } from './state-options.ts';

/** Who may open a connection to a pod or a workload, and which policy decides. */
export const whoCanReachIt: Command = {
  name: 'who-can-reach',
  summary: 'who may open a connection to a workload, and which policy decides',
  describe: (program) => describe(program, '<target>', 'who is connected to'),
  run: ([target = ''], options, terminal) => run('who-can-reach', target, options as Options, terminal, 'ingress'),
};

/** Whom a pod or a workload may open a connection to, and which policy decides. */
export const reach: Command = {
  name: 'reach',
  summary: 'whom a workload may open a connection to, and which policy decides',
  describe: (program) => describe(program, '<source>', 'who connects'),
  run: ([source = ''], options, terminal) => run('reach', source, options as Options, terminal, 'egress'),
};

type Options = StateOptions & AsciiOption & { port?: string; all?: boolean; json?: boolean };

function describe(program: Program, argument: string, what: string): void {
  program.argument(
    argument,
    `${what}: NAMESPACE/NAME of a pod, workload or service (svc/NAMESPACE/NAME and the like say which), or ip:ADDRESS, entity:NAME, fqdn:NAME`,
  );
  describeAscii(describeState(program))
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
  typed: string,
  options: Options,
  { stdout, env }: Terminal,
  direction: Direction,
): Promise<number> {
  const startedAt = new Date().toISOString();
  const ports = options.port === undefined ? [] : [parseAsked(options.port)];
  const { engine, cluster } = await readEngine(options, env);
  const target = sanitiseLine(typed, 300);
  const end = findNamedEnd(engine.index, typed);
  if (typeof end === 'string') throw new UserError(sanitiseLine(end, 600));
  if (ports.length === 0 && !end.sides.some(({ group }) => group) && end.service?.named !== true)
    throw new UserError(`${target} declares no port that policies are about.`, 'Give one with --port.');
  const all = toItsEnd(reachOf(engine, end, direction, ports));
  const rows = options.all ? all : all.filter(({ verdict }) => verdict !== 'deny');
  const hidden = all.length - rows.length;
  if (options.json) {
    const answer = { target, peers: rows.map(reachJson), hidden };
    stdout.write(answerText({ command: name, cluster, startedAt }, answer));
  } else {
    const more = hidden > 0 ? `${hidden} more are denied (--all)\n` : '';
    stdout.write(forTerminal(`${reachTable(rows)}${more}`, options, env));
  }
  return 0;
}

/** `8080`, `53/UDP`. */
function parseAsked(given: string): AskedPort {
  const [port, protocol = 'TCP'] = given.split('/');
  return { port: parsePort(port, '--port'), protocol: parseProtocol(protocol, '--port'), other: false };
}
