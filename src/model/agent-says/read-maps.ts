import { count, list, record, text } from '../objects/raw.ts';
import type { AgentMap } from './agent-says.ts';
import { saidJson } from './said-json.ts';

/** `cilium-dbg map list -o json`: the agent's own view of its maps, with what it could not write. */
export function readMaps(output: string): readonly AgentMap[] | undefined {
  const said = saidJson(output);
  if (said === undefined) return undefined;
  const maps = Array.isArray(said) ? said : record(said)['maps'];
  if (maps !== null && !Array.isArray(maps)) return undefined;
  return list(maps, 20_000)
    .map(record)
    .map((map) => {
      const cache = list(map['cache'], 200_000).map(record);
      const errors = cache.filter((entry) => text(entry['last-error']) !== '').length;
      return {
        name: text(map['path']).split('/').at(-1) ?? '',
        entries: 'num-entries' in map ? count(map['num-entries']) : cache.length,
        errors: 'num-errors' in map ? count(map['num-errors']) : errors,
      };
    });
}
