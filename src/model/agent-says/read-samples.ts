import { list, record, text } from '../objects/raw.ts';
import type { AgentSample } from './agent-says.ts';
import { saidJson } from './said-json.ts';

/** `cilium-dbg metrics list -o json`. */
export function readSamples(output: string): readonly AgentSample[] | undefined {
  const said = saidJson(output);
  if (said === undefined) return undefined;
  return list(said, 10_000)
    .map(record)
    .map(({ name, labels, value }) => ({
      name: text(name),
      labels: Object.fromEntries(Object.entries(record(labels)).map(([key, one]) => [text(key), text(one)])),
      value: Number(value),
    }));
}
