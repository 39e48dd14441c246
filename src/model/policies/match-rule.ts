import { type Address, contains, isEverything } from './cidr.ts';
import type { PeerIdentity } from './ends.ts';
import type { NamedPort } from './facts.ts';
import { either, type Match } from './match.ts';
import type { Modes } from './modes.ts';
import { matchesName } from './name-pattern.ts';
import type { Peer, PortRule, Protocol } from './rule.ts';
import type { Selector } from './selector.ts';

/** How a selector is matched against a pod's class: an index remembers it. */
export type SelectorMatch = (selector: Selector, identity: PeerIdentity) => Match;

export function matchPeers(
  peers: readonly Peer[],
  identity: PeerIdentity,
  modes: Modes,
  selects: SelectorMatch,
): Match {
  let answer: Match = 'no';
  for (const peer of peers) {
    answer = either(answer, matchPeer(peer, identity, modes, selects));
    if (answer === 'yes') return answer;
  }
  return answer;
}

export function matchPeer(peer: Peer, identity: PeerIdentity, modes: Modes, selects: SelectorMatch): Match {
  switch (peer.type) {
    case 'any':
      return 'yes';
    case 'labels':
      return selects(peer.selector, identity);
    case 'addresses':
      return hasAddress(peer.block, identity, modes) ? matchAddresses(peer, identity) : 'no';
    case 'names':
      if (identity.kind === 'world' && identity.names.length === 0 && !modes.namesKnown) return 'unknown';
      if (!identity.names.some((name) => matchesName(peer.pattern, name))) return 'no';
      return identity.addresses.length > 0 ? 'yes' : 'unknown';
    case 'unknown':
      if (peer.outside && !hasAddress(false, identity, modes)) return 'no';
      // Whatever a cloud group or an unknown service holds, it is no entity of Cilium's own.
      return identity.kind === 'other' ? 'no' : 'unknown';
    case 'group':
    case 'service':
    case 'nobody':
      return 'no';
  }
}

/** CIDRs know what is outside the cluster; pods and nodes only where a mode says so (domain §7.4). */
function hasAddress(block: boolean, { kind }: PeerIdentity, modes: Modes): boolean {
  if (kind === 'world') return true;
  if (block && modes.dialect === 'generic') return kind !== 'other';
  return (kind === 'node' && modes.cidrMatchesNodes) || (kind === 'pod' && modes.cidrMatchesPods);
}

function matchAddresses({ cidr, except }: Peer & { type: 'addresses' }, { addresses }: PeerIdentity): Match {
  if (addresses.length === 0) return isEverything(cidr) && except.length === 0 ? 'yes' : 'unknown';
  const within = (address: Address) => contains(cidr, address) && !except.some((one) => contains(one, address));
  const matching = addresses.filter(within).length;
  if (matching === 0) return 'no';
  // A pod or node of both families is reached by the one the range is of.
  const family = addresses.filter((address) => address.length === cidr.base.length);
  return matching === family.length ? 'yes' : 'unknown';
}

/** The ports by which a name is known: of whoever is connected to. */
export type PortNames = { ports: readonly NamedPort[]; ambiguous(name: string, protocol: Protocol): boolean };

/** Whether the ports cover it, and the ones that surely do. */
export function matchPorts(
  ports: 'all' | readonly PortRule[],
  protocol: Protocol,
  port: number,
  names: PortNames,
): { match: Match; covering: readonly PortRule[] } {
  if (ports === 'all') return { match: 'yes', covering: [] };
  let match: Match = 'no';
  const covering: PortRule[] = [];
  for (const rule of ports) {
    const one = matchPort(rule, protocol, port, names);
    if (one === 'yes') covering.push(rule);
    match = either(match, one);
  }
  return { match, covering };
}

function matchPort(rule: PortRule, protocol: Protocol, port: number, names: PortNames): Match {
  if (rule.type === 'icmp')
    return protocol === 'ICMP' && rule.family === 'IPv4' && rule.icmpType === port ? 'yes' : 'no';
  if (!rule.protocols.includes(protocol)) return 'no';
  if (rule.name === '') return rule.port === 0 || (rule.port <= port && port <= rule.endPort) ? 'yes' : 'no';
  if (names.ambiguous(rule.name, protocol)) return 'unknown';
  const named = names.ports.some((one) => one.name === rule.name && one.protocol === protocol && one.port === port);
  return named ? 'yes' : 'no';
}
