import { decidingRules, isAboutEverything, l7Of } from './deciding-rules.ts';
import type { PeerIdentity } from './ends.ts';
import type { EndpointClass } from './identities.ts';
import { both, type Match } from './match.ts';
import { matchPeers, matchPorts, type PortNames } from './match-rule.ts';
import type { AppliedRule, PolicyIndex } from './policy-index.ts';
import {
  type Direction,
  type L7,
  type PolicyRef,
  type PortRule,
  type Protocol,
  policyText,
  type Rule,
} from './rule.ts';

export type Verdict = 'allow' | 'deny' | 'unknown';

/** Why: in the words of `policy verdict`. */
export type Reason =
  | 'not-isolated'
  | 'rule'
  | 'default-deny'
  | 'explicit-deny'
  | 'local-host'
  | 'outside-cluster'
  | 'unknown';

export type DirectionVerdict = {
  verdict: Verdict;
  reason: Reason;
  /** The rules that decided; none for what no rule decided. */
  rules: readonly Rule[];
  /** Rules that say the same and would decide without those. */
  others: readonly Rule[];
  /** Policies that isolate the pod in this direction. */
  isolating: readonly PolicyRef[];
  /** What looks into the connection once it is allowed. */
  l7: L7 | undefined;
  /** Why it cannot be told, where it cannot. */
  doubts: readonly string[];
};

export type Connection = { protocol: Protocol; port: number };

/**
 * What the policies of one pod say about a connection in one direction (domain §7.1.5): a deny that matches wins over
 * everything, then an allow that matches, then default deny if any policy isolates the pod.
 */
export function directionVerdict(
  index: PolicyIndex,
  direction: Direction,
  subject: EndpointClass,
  peer: PeerIdentity,
  connection: Connection,
): DirectionVerdict {
  const { modes } = index.facts;
  if (modes.enforcement === 'never') return allowed('not-isolated');
  const applied = index.applied(subject, direction);
  const names = portNames(index, direction, subject, peer);
  // Who the other end is matters only to rules.
  const peerDoubt = applied.deny.length + applied.allow.length > 0 ? peer.class?.doubt : '';
  const doubts = [subject.doubt, peerDoubt ?? '', ...applied.doubts].filter((doubt) => doubt !== '');
  const outcomes = (rules: readonly AppliedRule[]) =>
    rules.flatMap((one) => outcomeOf(one, index, peer, connection, names) ?? []);
  const deny = outcomes(applied.deny);
  const allow = outcomes(applied.allow);
  const base = { isolating: applied.isolating, rules: [], others: [], l7: undefined };

  const denying = sure(deny);
  if (denying.length > 0) {
    if (applied.deny.some(({ rule }) => rule.requires)) doubts.push(REQUIRES);
    return settle({ ...base, verdict: 'deny', reason: 'explicit-deny', ...decided(denying, connection) }, doubts);
  }
  doubts.push(...doubtsOf(deny));
  const allowing = sure(allow);
  const own = direction === 'ingress' && peer.host && modes.allowLocalhost && applied.isolated !== 'no';
  if (allowing.length > 0 && !(own && allowing.every(({ rule }) => isAboutEverything(rule)))) {
    if (applied.allow.some(({ rule }) => rule.requires)) doubts.push(REQUIRES);
    doubts.push(...allowing.flatMap(({ rule }) => authenticationDoubt(rule)));
    const l7 = proxyOf(allowing, own);
    return settle({ ...base, verdict: 'allow', reason: 'rule', ...decided(allowing, connection), l7 }, doubts);
  }
  if (own) return settle({ ...base, verdict: 'allow', reason: 'local-host' }, doubts);
  if (applied.isolated === 'no') return settle({ ...base, verdict: 'allow', reason: 'not-isolated' }, doubts);
  if (applied.isolated === 'unknown') doubts.push(...[...applied.allow, ...applied.deny].map(({ doubt }) => doubt));
  const maybe = doubtsOf(allow);
  // Whatever might deny as well, without an allow it is denied all the same.
  if (applied.isolated === 'yes' && maybe.length === 0) doubts.splice(0, doubts.length, ...certainDoubts(doubts, deny));
  return settle({ ...base, verdict: 'deny', reason: 'default-deny' }, [...doubts, ...maybe]);
}

/** What becomes of a connection: both sides must allow it (domain §7.1.4). */
export function bothSides(egress: Verdict, ingress: Verdict): Verdict {
  if (egress === 'deny' || ingress === 'deny') return 'deny';
  return egress === 'unknown' || ingress === 'unknown' ? 'unknown' : 'allow';
}

/** For an end whose side no policy of a pod decides. */
export function allowed(reason: 'not-isolated' | 'outside-cluster'): DirectionVerdict {
  return { verdict: 'allow', reason, rules: [], others: [], isolating: [], l7: undefined, doubts: [] };
}

export function unknown(...doubts: readonly string[]): DirectionVerdict {
  return { verdict: 'unknown', reason: 'unknown', rules: [], others: [], isolating: [], l7: undefined, doubts };
}

const REQUIRES = 'fromRequires and toRequires are not evaluated';

type Outcome = { rule: Rule; match: Match; doubt: string; covering: readonly PortRule[] };

function outcomeOf(
  { rule, doubt }: AppliedRule,
  { facts, selects }: PolicyIndex,
  peer: PeerIdentity,
  { protocol, port }: Connection,
  names: PortNames,
): Outcome | undefined {
  const ports = matchPorts(rule.ports, protocol, port, names);
  if (ports.match === 'no') return undefined;
  const match = both(ports.match, matchPeers(rule.peers, peer, facts.modes, selects));
  if (match === 'no') return undefined;
  const why = doubt === '' ? rule.doubt : doubt;
  if (match === 'yes' && why === '') return { rule, match, doubt: '', covering: ports.covering };
  return {
    rule,
    match: 'unknown',
    doubt: `${ruleText(rule)}: ${why === '' ? unknownWords(rule, peer) : why}`,
    covering: [],
  };
}

function unknownWords(rule: Rule, peer: PeerIdentity): string {
  const group = rule.peers.find((one) => one.type === 'unknown');
  if (group) return group.reason;
  if (peer.kind === 'world' && peer.names.length === 0 && rule.peers.some(({ type }) => type === 'names'))
    return 'which addresses Cilium has learned for its names is not known';
  const [name] = peer.names;
  if (name !== undefined && peer.addresses.length === 0) return `the address of ${name} is not known`;
  return 'whether it matches is not known';
}

/** `CiliumNetworkPolicy a/p egress[0]`. */
export function ruleText({ policy, path }: Rule): string {
  return `${policyText(policy)}${path === '' ? '' : ` ${path}`}`;
}

function sure(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.filter(({ match }) => match === 'yes');
}

function doubtsOf(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.filter(({ match }) => match === 'unknown').map(({ doubt }) => doubt);
}

/** Doubts about a deny rule say nothing where there is nothing to deny. */
function certainDoubts(doubts: readonly string[], deny: readonly Outcome[]): readonly string[] {
  const ofDeny = new Set(doubtsOf(deny));
  return doubts.filter((doubt) => !ofDeny.has(doubt));
}

function settle(verdict: Omit<DirectionVerdict, 'doubts'>, doubts: readonly string[]): DirectionVerdict {
  const all = [...new Set(doubts)].filter((doubt) => doubt !== '');
  if (all.length === 0) return { ...verdict, doubts: [] };
  return { ...verdict, verdict: 'unknown', reason: 'unknown', rules: [], others: [], l7: undefined, doubts: all };
}

function authenticationDoubt(rule: Rule): readonly string[] {
  return rule.authentication === ''
    ? []
    : [`${ruleText(rule)}: asks for mutual authentication (${rule.authentication})`];
}

/** The rules that decide, and those that merely agree. */
function decided(outcomes: readonly Outcome[], { port }: Connection): Pick<DirectionVerdict, 'rules' | 'others'> {
  const rules = decidingRules(outcomes, port);
  return { rules, others: outcomes.map(({ rule }) => rule).filter((rule) => !rules.includes(rule)) };
}

/** One rule without layer 7 for the same peer and port lets everything by (domain §7.1.5), and the own node is let by. */
function proxyOf(allowing: readonly Outcome[], own: boolean): L7 | undefined {
  const proxies = allowing.flatMap(({ covering }) => (covering.length === 0 ? [undefined] : covering.map(l7Of)));
  return own || proxies.includes(undefined) ? undefined : proxies[0];
}

/**
 * Names of ports are those of whoever is connected to (domain §7.2). Before 1.20 Cilium looked an egress name up in the
 * whole cluster: one that stands for several numbers cannot be told (cilium#30003).
 */
export function portNames(
  index: PolicyIndex,
  direction: Direction,
  subject: EndpointClass,
  peer: PeerIdentity,
): PortNames {
  if (direction === 'ingress') return { ports: subject.ports, ambiguous: () => false };
  if (index.facts.modes.namesPerPod) return { ports: peer.class?.ports ?? [], ambiguous: () => false };
  return {
    ports: peer.class?.ports ?? [],
    ambiguous(name, protocol) {
      const same = index.identities.classes.flatMap(({ ports }) => ports.filter((one) => one.name === name));
      return new Set(same.filter((one) => one.protocol === protocol).map(({ port }) => port)).size > 1;
    },
  };
}
