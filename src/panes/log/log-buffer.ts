import type { LogEvent } from '../../model/asks.ts';

/** A log as it is kept: bounded, with every place marked where lines are missing. */
export type LogBuffer = {
  lines: readonly LogLine[];
  /** Lines that fell out at the old end. */
  dropped: number;
  received: number;
  /** Why the stream ended, '' while it runs. */
  end: string;
};
export type LogLine = { text: string; mark?: 'gap' | 'end' };

export const emptyLog: LogBuffer = { lines: [], dropped: 0, received: 0, end: '' };

/** 20,000 lines are a day of a quiet container and some seconds of a loud one; more is for a log store. */
const LIMIT = 20_000;

export function foldLog(buffer: LogBuffer, events: readonly LogEvent[], limit = LIMIT): LogBuffer {
  let { received, end } = buffer;
  const added: LogLine[] = [];
  for (const event of events) {
    if (event.type === 'lines') {
      received += event.lines.length;
      for (const text of event.lines) added.push({ text });
    } else {
      added.push({ text: event.text, mark: event.type });
      if (event.type === 'end') end = event.text;
    }
  }
  const all = added.length === 0 ? buffer.lines : [...buffer.lines, ...added];
  const over = Math.max(0, all.length - limit);
  return { lines: over > 0 ? all.slice(over) : all, dropped: buffer.dropped + over, received, end };
}
