import type { ExecResult, LogEvent } from '../../model/asks.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { type Opinion, readOpinion } from './opinion.ts';

/** The agent's own opinion, asked for by a key. */
export type Asked =
  | { phase: 'not-asked' }
  | { phase: 'asking'; at: number }
  | { phase: 'told'; at: number; opinions: readonly Opinion[] }
  | { phase: 'failed'; at: number; problem: string };

/** What came back from `cilium-dbg status -o json`. An agent in trouble may end with an error and still say why. */
export function toldBy(result: ExecResult, at: number): Asked {
  const opinions = readOpinion(result.stdout);
  if (opinions !== undefined && opinions.length > 0) return { phase: 'told', at, opinions };
  const said = sanitiseLine(result.stderr.trim() || result.stdout.trim()).slice(0, 300);
  return { phase: 'failed', at, problem: `cilium-dbg status ${endWords(result)}${said === '' ? '.' : `: ${said}`}` };
}

function endWords({ ended, exitCode }: ExecResult): string {
  switch (ended) {
    case 'time':
      return 'did not end in time and was left';
    case 'size':
      return 'said more than 8 MB and was left';
    case 'exit':
      return exitCode === 0 ? 'answered with something that is no status' : `ended with exit code ${exitCode}`;
  }
}

/** The end of a log, with what happened to the stream. */
export type LogTail = { lines: readonly { text: string; note: boolean }[]; ended: string };

export const emptyTail: LogTail = { lines: [], ended: '' };

const mostTailLines = 200;

export function addToTail(tail: LogTail, events: readonly LogEvent[]): LogTail {
  const lines = [...tail.lines];
  let { ended } = tail;
  for (const event of events) {
    if (event.type === 'lines') for (const text of event.lines) lines.push({ text, note: false });
    else if (event.type === 'gap') lines.push({ text: event.text, note: true });
    else ended = event.text;
  }
  return { lines: lines.slice(-mostTailLines), ended };
}
