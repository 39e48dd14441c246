import { record, text } from '../objects/raw.ts';
import type { AgentSample } from './agent-says.ts';
import { saidList } from './said-json.ts';

/** `cilium-dbg metrics list -o json`, also of the versions (1.17 on) that print their table whatever is asked for. */
export function readSamples(output: string): readonly AgentSample[] | undefined {
  const [heading] = /^Metric {3,}Labels {3,}Value *$/m.exec(output) ?? [];
  if (heading !== undefined) return readTable(output.slice(output.indexOf(heading) + heading.length));
  return saidList(output, 10_000, ({ name, labels, value }) => {
    if (text(name) === '' || typeof value !== 'number') return undefined;
    const known = Object.entries(record(labels)).map(([key, one]) => [text(key), text(one)]);
    return { name: text(name), labels: Object.fromEntries(known), value };
  });
}

/** Columns are three spaces apart; a histogram is three numbers with units, which nobody reads here. */
function readTable(rows: string): readonly AgentSample[] | undefined {
  const lines = rows.split('\n').filter((line) => line.trim() !== '');
  const known = lines.flatMap((line) => {
    const [, name = '', labels = '', value = ''] = /^(\S+) {3,}(?:(\S.*?) {3,})?(\S.*?)\s*$/.exec(line) ?? [];
    return /^[\d.]+$/.test(value) ? [{ name: text(name), labels: labelsOf(labels), value: Number(value) }] : [];
  });
  return known.length === 0 && lines.length > 0 ? undefined : known;
}

/** `direction=EGRESS reason=Policy denied`: spaces stand between them, and in their values. */
function labelsOf(said: string): Readonly<Record<string, string>> {
  const parts = said.split(/ (?=[A-Za-z_]\w*=)/).map((part) => [part, part.indexOf('=')] as const);
  return Object.fromEntries(
    parts.filter(([, at]) => at > 0).map(([part, at]) => [text(part.slice(0, at)), text(part.slice(at + 1))]),
  );
}
