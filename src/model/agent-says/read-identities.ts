import { count, list, text } from '../objects/raw.ts';
import type { AgentIdentity } from './agent-says.ts';
import { saidList } from './said-json.ts';

/** `cilium-dbg identity list -o json`, and `identity get`. */
export function readIdentities(output: string): readonly AgentIdentity[] | undefined {
  return saidList(output, 100_000, (one) => {
    const id = count(one['id']);
    return id > 0 ? { id, labels: list(one['labels']).map((label) => text(label)) } : undefined;
  });
}
