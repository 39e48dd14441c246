import { list, record, text } from '../objects/raw.ts';
import type { IpcacheEntry } from './agent-says.ts';
import { saidJson } from './said-json.ts';

/** `cilium-dbg bpf ipcache list -o json`: by address or network, as a map of lists of `key=value` words. */
export function readIpcache(output: string): readonly IpcacheEntry[] | undefined {
  const said = saidJson(output);
  if (said === undefined || Array.isArray(said)) return undefined;
  const all = Object.entries(record(said));
  const known = all.flatMap(([cidr, values]) => {
    const [value] = typeof values === 'string' ? [values] : list(values);
    const words = pairs(text(value, 500));
    const identity = Number(words.get('identity') ?? Number.NaN);
    if (!Number.isInteger(identity)) return [];
    const entry: IpcacheEntry = {
      cidr: text(cidr),
      identity,
      tunnelEndpoint: words.get('tunnelendpoint') ?? '',
      encryptKey: Number(words.get('encryptkey') ?? 0) || 0,
    };
    return [entry];
  });
  return known.length === 0 && all.length > 0 ? undefined : known;
}

function pairs(value: string): ReadonlyMap<string, string> {
  return new Map(
    value.split(/\s+/).flatMap((word) => {
      const at = word.indexOf('=');
      return at > 0 ? [[word.slice(0, at), word.slice(at + 1).replace(/,$/, '')] as const] : [];
    }),
  );
}
