/** '' = the line says none. */
export type LogLevel = 'debug' | 'info' | 'warning' | 'error' | 'fatal' | '';

/** What a line says, whichever way it is written: slog, logrus, klog, zap's JSON or plain text. */
export type LogLineRead = {
  level: LogLevel;
  /** Without time, level and fields; the whole line where nothing is known of its form. */
  message: string;
  /** What it names as the error, and keys that a logger marked as wrong; '' = nothing. */
  error: string;
};

export function readLogLine(written: string): LogLineRead {
  const line = written.replace(collected, '');
  if (line.startsWith('{')) return readJson(line) ?? plain(line);
  const klog = klogHead.exec(line);
  if (klog !== null)
    return { level: levels[klog[1] ?? ''] ?? '', message: unquoted(line.slice(klog[0].length)), error: '' };
  if (pairHead.test(line)) return readPairs(line);
  return plain(line);
}

/** What the container runtime and the kubelet put before a line: its time, stream and whether it is whole. */
const collected = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) (?:std(?:out|err) [FP] )?/;

const klogHead = /^([IWEF])\d{4} [\d:.]+ +\d+ [^\]\s]+\] /;
const pairHead = /(?:^|\s)(?:level|msg)=/;
// A key, then a quoted value with its escapes or a bare word. logrus writes quotes inside error="…" with a backslash, too.
// A line that was cut ends without its quote.
const pair = /(?<![^\s="])([^\s="]+)=(?:"((?:[^"\\]|\\.)*)(?:"|\\?$)|(\S*))/g;

function readPairs(line: string): LogLineRead {
  let level: LogLevel = '';
  let message = '';
  const errors: string[] = [];
  for (const [, key = '', quoted, bare = ''] of line.matchAll(pair)) {
    const value = quoted === undefined ? bare : unquoted(quoted);
    if (key === 'level') level = levels[value.toLowerCase()] ?? '';
    else if (key === 'msg' && message === '') message = value;
    else if (errorKeys.has(key)) errors.push(value);
    else if (key.startsWith('!')) errors.push(key);
  }
  // Something whose fields merely look like ours.
  return message === '' ? { level, message: unquoted(line), error: '' } : { level, message, error: errors.join('\n') };
}

function readJson(line: string): LogLineRead | undefined {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const text = (key: string) => (typeof fields[key] === 'string' ? fields[key] : '');
  const message = text('msg') || text('message') || text('log');
  if (message === '') return undefined;
  const keys = Object.keys(fields);
  const errors = [...keys.filter((key) => errorKeys.has(key)).map(text), ...keys.filter((key) => key.startsWith('!'))];
  return {
    level: levels[text('level').toLowerCase()] ?? '',
    message,
    // zap has a status of its own beside the message where CNS says why a subnet gave nothing.
    error: [...errors, text('status')].filter(Boolean).join('\n'),
  };
}

function plain(line: string): LogLineRead {
  const [, head] = levelHead.exec(line) ?? [];
  const level = head === undefined ? levelSomewhere(line) : (levels[head.toLowerCase()] ?? '');
  return { level, message: unquoted(line), error: '' };
}

/** Of Go's own logger, of zap on a console and of Envoy. */
const levelHead = /^(?:\d{4}\/\d\d\/\d\d [\d:.]+ |\S+\t|\[[^\]]*\]\[\d+\]\[)([A-Za-z]+)[ \t\]]/;

function levelSomewhere(line: string): LogLevel {
  if (/\b(?:ERROR|FATAL)\b|\[(?:error|critical)\]|(?:^|\s)(?:panic|fatal error): /.test(line)) return 'error';
  return /\bWARN(?:ING)?\b|\[warning\]/.test(line) ? 'warning' : '';
}

/** However often it was passed on and quoted anew. */
function unquoted(text: string): string {
  return text.includes('\\') ? text.replace(/(?<!\\)\\+(?=")/g, '').replaceAll('\\n', '\n') : text;
}

// A CNI plugin's answer has details.
const errorKeys = new Set(['error', 'err', 'errors', 'reason', 'error-message', 'details']);

const levels: Readonly<Record<string, LogLevel>> = {
  D: 'debug',
  I: 'info',
  W: 'warning',
  E: 'error',
  F: 'fatal',
  debug: 'debug',
  trace: 'debug',
  info: 'info',
  notice: 'info',
  warn: 'warning',
  warning: 'warning',
  error: 'error',
  err: 'error',
  fatal: 'fatal',
  panic: 'fatal',
  critical: 'fatal',
};
