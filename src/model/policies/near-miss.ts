import type { Connection } from './direction-verdict.ts';
import { ruleText } from './direction-verdict.ts';
import type { PeerIdentity } from './ends.ts';
import { type IdentityLabels, lookUp, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, UNKNOWN } from './labels.ts';
import { matchPeer, matchPeers, matchPorts, type PortNames } from './match-rule.ts';
import type { PolicyIndex } from './policy-index.ts';
import type { Peer, PortRule, Rule } from './rule.ts';
import { portRuleWords } from './rule-words.ts';
import { matchRequirement, type Requirement, requirementText } from './selector.ts';

/** An allow rule that would have matched but for one thing. */
export type NearMiss = {
  rule: Rule;
  differs: Difference;
  /** What it lacked: `wants app=web (it has back)`. */
  miss: string;
  /** With the rule before it. */
  text: string;
};
export type Difference = 'label' | 'namespace' | 'port' | 'protocol' | 'address' | 'name';

/** At most `most`, those that fall short by the least first. `rules` are the allow rules about one end. */
export function nearMisses(
  index: PolicyIndex,
  rules: readonly Rule[],
  peer: PeerIdentity,
  connection: Connection,
  names: PortNames,
  most = 3,
): readonly NearMiss[] {
  const { modes } = index.facts;
  const found = rules.flatMap((rule): readonly (Omit<NearMiss, 'text'> & { by: number })[] => {
    const ports = matchPorts(rule.ports, connection.protocol, connection.port, names).match;
    const peers = matchPeers(rule.peers, peer, modes, index.selects);
    if (peers === 'yes' && ports === 'no' && rule.ports !== 'all')
      return [{ rule, by: 1, ...portMiss(rule.ports, connection) }];
    if (peers !== 'no' || ports === 'no') return [];
    const misses = rule.peers
      .filter((one) => matchPeer(one, peer, modes, index.selects) === 'no')
      .flatMap((one) => peerMiss(one, peer) ?? []);
    const [nearest] = misses.toSorted((a, b) => a.by - b.by);
    return nearest ? [{ ...nearest, rule }] : [];
  });
  return found
    .toSorted((a, b) => a.by - b.by)
    .slice(0, most)
    .map(({ rule, differs, miss }) => ({ rule, differs, miss, text: `${ruleText(rule)} ${miss}` }));
}

function portMiss(ports: readonly PortRule[], { protocol, port }: Connection) {
  const transport = ports.filter((one) => one.type === 'transport');
  const samePort = transport.some((one) => one.name === '' && one.port <= port && port <= one.endPort);
  const differs: Difference =
    samePort && !transport.some(({ protocols }) => protocols.includes(protocol)) ? 'protocol' : 'port';
  const asked = protocol === 'ICMP' ? `ICMP type ${port}` : `${port}/${protocol}`;
  return { differs, miss: `allows ${ports.map(portRuleWords).join(', ')}, not ${asked}` };
}

type PeerMiss = { by: number; differs: Difference; miss: string };

function peerMiss(wanted: Peer, peer: PeerIdentity): PeerMiss | undefined {
  if (wanted.type === 'labels') return labelMiss(wanted.selector.requirements, wanted.text, peer);
  if (wanted.type === 'addresses') {
    const why = peer.kind === 'world' ? 'which it lies outside of' : 'and CIDRs do not match pods or nodes';
    return { by: peer.kind === 'world' ? 3 : 2, differs: 'address', miss: `allows ${wanted.text}, ${why}` };
  }
  if (wanted.type === 'names' && peer.kind === 'world')
    return { by: 3, differs: 'name', miss: `allows what ${wanted.text} resolves to` };
  return undefined;
}

/** Only of peers that have labels of their own kind: a pod is never nearly a node. */
function labelMiss(requirements: readonly Requirement[], text: string, { labels }: PeerIdentity): PeerMiss | undefined {
  const failing = requirements.filter((one) => matchRequirement(one, labels) === 'no');
  if (failing.some(({ source }) => source === 'reserved')) return undefined;
  if (text.startsWith('entity ')) return { by: 4, differs: 'label', miss: `allows ${text}` };
  const namespace = failing.some(({ key }) => key === NAMESPACE_KEY || key.startsWith(NAMESPACE_LABELS_PREFIX));
  const wanted = failing.map((one) => `${wantedText(one)}${hasText(one, labels)}`).join(' and ');
  return { by: failing.length, differs: namespace ? 'namespace' : 'label', miss: `wants ${wanted}` };
}

/** As people write it: `app=web`, `namespace=shop`, `namespace label team=sales`. */
function wantedText(requirement: Requirement): string {
  const { key } = requirement;
  if (key === NAMESPACE_KEY) return requirementText({ ...requirement, source: 'any', key: 'namespace' });
  const label = key.startsWith(NAMESPACE_LABELS_PREFIX)
    ? `namespace label ${key.slice(NAMESPACE_LABELS_PREFIX.length)}`
    : key;
  return requirementText({ ...requirement, source: 'any', key: label });
}

function hasText(requirement: Requirement, labels: IdentityLabels): string {
  const value = lookUp(labels, requirement);
  if (value === UNKNOWN) return '';
  return value === undefined ? ' (it has none)' : ` (it has ${value})`;
}
