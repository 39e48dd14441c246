import { UserError } from '../errors.ts';
import type { AgentAnswers, AgentQuestion, AskedAgent, Drop, DropEvent } from '../model/agent-says/agent-says.ts';
import { flowLines } from '../model/agent-says/flow-lines.ts';
import { type Question, questions } from '../model/agent-says/questions.ts';
import { readDrop } from '../model/agent-says/read-drop.ts';
import { agentContainer } from '../model/agents.ts';
import type { Asks } from '../model/asks.ts';
import { sanitiseLine } from '../model/sanitise.ts';
import type { Commands } from './kubernetes/commands.ts';
import type { ExecTarget } from './kubernetes/exec-socket.ts';
import type { ExecResult } from './kubernetes/pod-exec.ts';

/** Shorter than a step of a runbook may take, so that what is told is who did not answer. */
const limitMs = 15_000;
/** Lines of a monitor that are read before whatever else waits is looked at. */
const linesAtOnce = 500;

/** The one way in which an agent is asked, whoever wants to know: the command is run, its answer read, and the text let go. */
export function createAgentAsks(
  { exec, follow }: Commands,
  now: () => number,
): Pick<Asks, 'agent' | 'drops' | 'flows'> {
  return {
    async agent<Q extends keyof AgentAnswers>(agent: AskedAgent, asked: AgentQuestion<Q>, signal: AbortSignal) {
      const [name, about]: readonly [Q, string] = typeof asked === 'string' ? [asked, ''] : asked;
      const question: { [One in Q]: Question<AgentAnswers[One]> }[Q] = questions[name];
      const command = question.command(about);
      const result = await exec(targetOf(agent), command, limitMs, signal);
      const whole = result.ended === 'exit' && (result.exitCode === 0 || question.saysThoughFailed === true);
      const answer = whole ? question.read(result.stdout) : undefined;
      if (answer === undefined) throw noAnswer(wordsOf(command), agent.node, result);
      return answer;
    },
    async *drops(agent, signal) {
      for await (const event of follow(targetOf(agent), ['cilium-dbg', 'monitor', '--type=drop', '-j'], signal)) {
        if (event.type !== 'lines') yield event;
        else
          for (let from = 0; from < event.lines.length; from += linesAtOnce)
            yield counted(event.lines.slice(from, from + linesAtOnce), agent.node, now());
      }
    },
    flows(agent, only, signal) {
      const command = [
        'hubble',
        'observe',
        '--follow',
        '--output=jsonpb',
        ...(only === '' ? [] : [`--verdict=${only}`]),
      ];
      return flowLines(follow(targetOf(agent), command, signal));
    },
  };
}

function targetOf({ node, pod }: AskedAgent): ExecTarget {
  if (pod === undefined) throw new UserError(`There is no agent pod on ${node}.`);
  return { namespace: pod.namespace, pod: pod.name, container: agentContainer };
}

/** Without what only says in which form it is to answer. */
function wordsOf(command: readonly string[]): string {
  return command.join(' ').replace(' -o json', '');
}

function noAnswer(words: string, node: string, { ended, exitCode, stdout, stderr }: ExecResult): UserError {
  const what = `${words} on ${node}`;
  if (ended === 'time') return new UserError(`${what}: no answer within ${limitMs / 1_000}s.`);
  if (ended === 'size') return new UserError(`${what}: the answer is larger than 8 MB.`);
  const [said = ''] = (stderr.trim() || stdout.trim()).split('\n');
  const end = exitCode === 0 ? 'an answer in no known form' : `ended with ${exitCode}`;
  return new UserError(`${what}: ${end}${said === '' ? '.' : `: ${sanitiseLine(said, 300)}`}`);
}

/** A node that drops, drops the same again and again: one drop of a kind crosses, with how many there were. */
function counted(lines: readonly string[], node: string, at: number): DropEvent {
  const kinds = new Map<string, { drop: Drop; count: number }>();
  for (const line of lines) {
    const drop = readDrop(line, node, at);
    if (drop === undefined) continue;
    const { source, destination, reason, protocol, ingress } = drop;
    const ends = [source.address, source.identity, source.endpoint, destination.address, destination.identity];
    const key = [...ends, destination.port, reason, protocol, ingress].join('|');
    const known = kinds.get(key);
    if (known === undefined) kinds.set(key, { drop, count: 1 });
    else known.count += 1;
  }
  return { type: 'drops', drops: [...kinds.values()] };
}
