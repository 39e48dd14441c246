import type { Opinion } from '../../model/agent-says/agent-says.ts';
import type { LogEvent } from '../../model/asks.ts';

/** The agent's own opinion, asked for by a key. */
export type Asked =
  | { phase: 'not-asked' }
  | { phase: 'asking'; at: number }
  | { phase: 'told'; at: number; opinions: readonly Opinion[] }
  | { phase: 'failed'; at: number; problem: string };

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
