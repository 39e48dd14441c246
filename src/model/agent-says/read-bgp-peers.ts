import { text } from '../objects/raw.ts';
import type { BgpPeer } from './agent-says.ts';
import { saidList } from './said-json.ts';

/** `cilium-dbg bgp peers -o json`. */
export function readBgpPeers(output: string): readonly BgpPeer[] | undefined {
  return saidList(output, 1_000, (peer) => {
    const address = text(peer['peer-address']);
    return address === '' ? undefined : { address, state: text(peer['session-state']) };
  });
}
