import type { Sample } from '../../model/metrics-reading.ts';

/**
 * One line of the Prometheus text format: `name{label="value",…} value [timestamp] [# exemplar]`. Undefined for comments,
 * empty lines, and what is no such line: a page with a strange line is still worth its other lines.
 */
export function readSample(line: string, wanted: (name: string) => boolean): Sample | undefined {
  const end = nameEnd(line);
  if (end === 0) return undefined;
  const name = line.slice(0, end);
  if (!wanted(name)) return undefined;
  const labels: Record<string, string> = {};
  let at = end;
  if (line[at] === '{') {
    at = readLabels(line, at + 1, labels);
    if (at < 0) return undefined;
  }
  const text = line.slice(at).trimStart().split(/[ \t]/, 1)[0] ?? '';
  const value = readNumber(text);
  return value === undefined ? undefined : { name, labels, value };
}

function nameEnd(line: string): number {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0].length ?? 0;
}

/** From behind `{`; returns the place behind `}`, −1 where it is no list of labels. */
function readLabels(line: string, from: number, labels: Record<string, string>): number {
  let at = from;
  while (at < line.length) {
    while (line[at] === ' ' || line[at] === ',') at += 1;
    if (line[at] === '}') return at + 1;
    const name = /^[a-zA-Z_][a-zA-Z0-9_]*(?==")/.exec(line.slice(at))?.[0];
    if (name === undefined) return -1;
    let value = '';
    at += name.length + 2;
    for (; at < line.length && line[at] !== '"'; at += 1) {
      if (line[at] === '\\') {
        at += 1;
        value += line[at] === 'n' ? '\n' : (line[at] ?? '');
      } else value += line[at];
    }
    if (line[at] !== '"') return -1;
    labels[name] = value;
    at += 1;
  }
  return -1;
}

function readNumber(text: string): number | undefined {
  if (/^[+-]?Inf$/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const value = Number(text);
  return text === '' || Number.isNaN(value) ? undefined : value;
}
