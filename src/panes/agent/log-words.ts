import type { Tone } from '../../ui/theme.ts';
import { type Spans, span } from '../spans.ts';

/**
 * A line of the agent's log with what it says in front: `04:12:25 Successful endpoint creation  module=…`. Both of its
 * formats are key=value (slog since 1.17, logrus before); any other line is as it was.
 */
export function logWords(line: string): Spans {
  const time = /\btime="?\d{4}-\d{2}-\d{2}T(\d{2}:\d{2}:\d{2})/.exec(line)?.[1];
  const level = /\blevel="?(\w+)/.exec(line)?.[1] ?? '';
  const message = /\bmsg=(?:"((?:[^"\\]|\\.)*)"|(\S+))/.exec(line);
  const tone = toneOf(level);
  if (time === undefined || message === null) return [span(line, tone)];
  const rest = line
    .replace(message[0], '')
    .replace(/\btime=\S+\s*/, '')
    .replace(/\blevel=\S+\s*/, '')
    .trim();
  return [
    span(`${time} `, 'dim'),
    span((message[1] ?? message[2] ?? '').replace(/\\"/g, '"'), tone),
    span(rest === '' ? '' : `  ${rest}`, 'dim'),
  ];
}

function toneOf(level: string): Tone {
  if (/^(fatal|error|panic)$/i.test(level)) return 'error';
  return /^warn/i.test(level) ? 'warning' : 'plain';
}
