// How Cilium's programs write a log line: slog from 1.17 on, logrus before.
import { atLeast } from '../scene.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error' | 'fatal';
export type Fields = Record<string, string | number | boolean | undefined>;

/** A line of the agent or the operator. `module` is `subsys` in older versions. */
export function logLine(
  version: string,
  at: number,
  level: Level,
  message: string,
  module: string,
  fields: Fields = {},
): string {
  const slog = atLeast(version, 17);
  const extra = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${quoted(String(value))}`)
    .join('');
  if (slog) return `time=${nanoseconds(at)} level=${level} msg=${quoted(message, true)} module=${module}${extra}`;
  const shown = level === 'warn' ? 'warning' : level;
  const subsys = module.split('.').at(-1) ?? module;
  return `time=${quoted(nanoseconds(at), true)} level=${shown} msg=${quoted(message, true)}${extra} subsys=${subsys}`;
}

/** Last words that are log lines already stay as they are; anything else becomes one fatal line. */
export function fatalLines(version: string, at: number, words: string, module: string): string[] {
  const lines = words.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => (/(^|\s)level=/.test(line) ? line : logLine(version, at, 'fatal', line, module)));
}

function nanoseconds(at: number): string {
  // The world's clock knows milliseconds; the rest of the digits only have to look like a clock's.
  const rest = String(Math.floor((at * 7919) % 1_000_000)).padStart(6, '0');
  return new Date(at).toISOString().replace('Z', `${rest}Z`);
}

function quoted(text: string, always = false): string {
  return always || text === '' || /[\s"=\\]/.test(text) ? JSON.stringify(text) : text;
}
