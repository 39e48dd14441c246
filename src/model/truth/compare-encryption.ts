import type { Encryption } from '../agent-says/agent-says.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Difference } from './truth.ts';

/** WireGuard makes a new handshake every two minutes while anything is sent. */
const freshMs = 3 * 60_000;

/**
 * The peers of a node's WireGuard against the other nodes. An old handshake alone says nothing, since nobody may have
 * anything to say: it counts where at least half of the peers have a fresh one.
 */
export function compareEncryption(
  { tables }: Snapshot,
  node: string,
  { mode, peers, peerCount }: Encryption,
  now: number,
): { differences: Difference[]; count: number } {
  if (!/^wireguard$/i.test(mode)) return { differences: [], count: 0 };
  const others = [...tables.ciliumNodes.rows.values()].filter(({ name }) => name !== node);
  const source = `cilium-dbg encrypt status on ${node}`;
  const differs = (
    type: 'encryption-peer' | 'encryption-handshake',
    peer: string,
    sides: [string, string],
  ): Difference => ({
    ...{ type, aspect: 'encryption', node, key: '' },
    object: { kind: 'Node', name: peer },
    intended: { text: sides[0], source: 'CiliumNodes' },
    realised: { text: sides[1], source },
  });
  if (peers.length === 0) {
    // Older agents only count them.
    const short = others.length - peerCount;
    const differences =
      short > 0 ? [differs('encryption-peer', node, [`${others.length} peers`, `it has ${peerCount}`])] : [];
    return { differences, count: others.length };
  }
  const byAddress = new Map(peers.map((peer) => [peer.endpoint.replace(/:\d+$/, '').replace(/^\[|\]$/g, ''), peer]));
  const isFresh = (at: number) => at > 0 && now - at < freshMs;
  const fresh = peers.filter(({ lastHandshake }) => isFresh(lastHandshake)).length;
  const most = fresh > 0 && fresh * 2 >= peers.length;
  const differences = others.flatMap(({ name, addresses }): Difference[] => {
    const peer = addresses.flatMap(({ ip }) => byAddress.get(ip) ?? [])[0];
    if (peer === undefined) return [differs('encryption-peer', name, [`${name} is a peer`, 'it is none'])];
    if (!most || isFresh(peer.lastHandshake)) return [];
    const last = peer.lastHandshake === 0 ? 'never' : `${Math.round((now - peer.lastHandshake) / 60_000)} minutes ago`;
    const wanted = 'a handshake every two minutes, as with the others';
    return [differs('encryption-handshake', name, [wanted, `the last one with ${name}: ${last}`])];
  });
  return { differences, count: others.length };
}
