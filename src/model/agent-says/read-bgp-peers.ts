import { count, list, record, text } from '../objects/raw.ts';
import type { BgpPeer } from './agent-says.ts';
import { saidJson } from './said-json.ts';

/** `cilium-dbg bgp peers -o json`. */
export function readBgpPeers(output: string): readonly BgpPeer[] | undefined {
  const said = saidJson(output);
  if (said === undefined) return undefined;
  return list(said)
    .map(record)
    .map((peer) => {
      const families = list(peer['families']).map(record);
      const sum = (name: string) => families.reduce((total, family) => total + count(family[name]), 0);
      return {
        address: text(peer['peer-address']),
        asn: count(peer['peer-asn']),
        localAsn: count(peer['local-asn']),
        state: text(peer['session-state']),
        upMs: count(peer['uptime-nanoseconds']) / 1e6,
        received: sum('received'),
        advertised: sum('advertised'),
      };
    });
}
