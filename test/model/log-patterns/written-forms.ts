// Every form in which a message of Cilium’s reaches somebody who reads its log.

type Fields = Readonly<Record<string, unknown>>;
type Form = (level: string, message: string, fields: Fields) => string;

/** One line for each logger and for each way of collecting what it wrote. */
export function writtenForms(level: string, message: string, fields: Fields): string[] {
  return forms.flatMap((form) => {
    const line = form(level, message, fields);
    return [line, `${time} stderr F ${line}`, `${time} ${line}`];
  });
}

const time = '2026-11-22T03:14:07.215630481Z';

const slog: Form = (level, message, fields) =>
  `time=${time} level=${short(level)} source=/go/src/github.com/cilium/cilium/pkg/endpoint/bpf.go:99 msg=${slogValue(message)} module=agent.controlplane${pairs(fields, slogValue)}`;

const loud: Form = (level, message, fields) =>
  `time=${time} level=${short(level).toUpperCase()} msg=${slogValue(message)}${pairs(fields, slogValue)}`;

const logrus: Form = (level, message, fields) =>
  `level=${level} msg=${JSON.stringify(message)}${pairs(sorted(fields), logrusValue)} subsys=daemon`;

const logrusTimed: Form = (level, message, fields) => `time="2026-11-22T03:14:07Z" ${logrus(level, message, fields)}`;

const fieldsFirst: Form = (level, message, fields) =>
  `${pairs(fields, logrusValue).trimStart()} level=${level} msg=${JSON.stringify(message)}`;

const json: Form = (level, message, fields) =>
  JSON.stringify({ time, level: short(level), source: { file: 'x.go', line: 3 }, msg: message, ...fields });

const jsonLogrus: Form = (level, message, fields) => JSON.stringify(sorted({ ...fields, level, msg: message }));

/** Go’s own logger, before the program has made its own. */
const golang: Form = (level, message, fields) =>
  `2026/11/22 03:14:07 ${short(level).toUpperCase()} ${message}${pairs(fields, slogValue)}`;

const forms: readonly Form[] = [slog, loud, logrus, logrusTimed, fieldsFirst, json, jsonLogrus, golang];

function pairs(fields: Fields, written: (value: string) => string): string {
  return Object.entries(fields)
    .map(([key, value]) => ` ${key}=${written(String(value))}`)
    .join('');
}

function slogValue(value: string): string {
  return value !== '' && !/[\s"=]|[^ -~]/.test(value) ? value : JSON.stringify(value);
}

function logrusValue(value: string): string {
  return /^[\w./:@^+-]+$/.test(value) ? value : JSON.stringify(value);
}

function sorted(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function short(level: string): string {
  return level === 'warning' ? 'warn' : level;
}
