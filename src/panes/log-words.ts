import { type LogLevel, readLogLine } from '../model/log-patterns/read-log-line.ts';
import type { Tone } from '../ui/theme.ts';
import { type Spans, span } from './spans.ts';

/**
 * A line of the agent's log with what it says in front: `04:12:25 Successful endpoint creation  module=…`. Both of its
 * formats are key=value (slog since 1.17, logrus before); any other line is as it was.
 */
export function logWords(line: string): Spans {
  const time = /\btime="?\d{4}-\d{2}-\d{2}T(\d{2}:\d{2}:\d{2})/.exec(line)?.[1];
  const said = saidFirst(line);
  return time === undefined || said.length === 1
    ? [span(line, toneOf(readLogLine(line).level))]
    : [span(`${time} `, 'dim'), ...said];
}

/** The same without its time: the message, then its fields; also of a line of JSON. One piece where it has no such form. */
export function saidFirst(line: string): Spans {
  const { level, message } = readLogLine(line);
  const tone = toneOf(level);
  const rest = line.startsWith('{') ? jsonFields(line) : pairFields(line);
  return rest === undefined ? [span(line, tone)] : [span(message, tone), span(rest === '' ? '' : `  ${rest}`, 'dim')];
}

function pairFields(line: string): string | undefined {
  const message = /\bmsg=(?:"((?:[^"\\]|\\.)*)"|(\S+))/.exec(line);
  if (message === null) return undefined;
  return line
    .replace(message[0], '')
    .replace(/\btime=\S+\s*/, '')
    .replace(/\blevel=\S+\s*/, '')
    .trim();
}

function jsonFields(line: string): string | undefined {
  try {
    const fields = Object.entries(JSON.parse(line) as object);
    if (!fields.some(([key]) => key === 'msg' || key === 'message')) return undefined;
    return fields
      .filter(([key]) => !['level', 'ts', 'time', 'timestamp', 'msg', 'message'].includes(key))
      .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(' ');
  } catch {
    return undefined;
  }
}

function toneOf(level: LogLevel): Tone {
  if (level === 'error' || level === 'fatal') return 'error';
  return level === 'warning' ? 'warning' : 'plain';
}
