import { list, record, text } from '../objects/raw.ts';
import type { BgpPeer } from './agent-says.ts';
import { saidJson } from './said-json.ts';

/** `cilium-dbg bgp peers -o json`. */
export function readBgpPeers(output: string): readonly BgpPeer[] | undefined {
  const said = saidJson(output);
  if (said === undefined) return undefined;
  return list(said)
    .map(record)
    .map((peer) => ({ address: text(peer['peer-address']), state: text(peer['session-state']) }));
}
