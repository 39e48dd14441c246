import { count, list, record, text } from '../objects/raw.ts';
import type { AgentIdentity } from './agent-says.ts';
import { saidJson } from './said-json.ts';

/** `cilium-dbg identity list -o json`, and `identity get`. */
export function readIdentities(output: string): readonly AgentIdentity[] | undefined {
  const said = saidJson(output);
  if (said === undefined) return undefined;
  const all = Array.isArray(said) ? list(said, 100_000) : [said];
  return all
    .map(record)
    .filter((one) => count(one['id']) > 0)
    .map((one) => ({ id: count(one['id']), labels: list(one['labels']).map((label) => text(label)) }));
}
