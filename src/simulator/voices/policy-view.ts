// What the policies of the cluster make of its identities, by the engine that also explains them: a drop, a policy map
// and a verdict never disagree.
import type { RawObject } from '../../model/objects/row.ts';
import { type DirectionVerdict, directionVerdict } from '../../model/policies/direction-verdict.ts';
import type { PeerIdentity } from '../../model/policies/ends.ts';
import type { EndpointClass } from '../../model/policies/identities.ts';
import { NAMESPACE_KEY, reservedLabels } from '../../model/policies/labels.ts';
import { matchPeer } from '../../model/policies/match-rule.ts';
import { createPolicyIndex, type PolicyIndex } from '../../model/policies/policy-index.ts';
import { readFacts } from '../../model/policies/read-facts.ts';
import type { Direction, PortRule, Protocol, Rule } from '../../model/policies/rule.ts';
import type { Selector } from '../../model/policies/selector.ts';
import type { KubeObject } from '../cluster.ts';
import { rejectionText } from '../world/cilium/rejection.ts';
import type { Identity } from './shapes.ts';

/** Port 0 = any. A range has an entry for its first port alone. */
export type Entry = { direction: Direction; identity: number; port: number; protocol: string; deny: boolean };

/** A connection that some rule was written for, and that another one stops. */
export type Denied = {
  source: number;
  destination: number;
  port: number;
  protocol: Protocol;
  direction: Direction;
  verdict: DirectionVerdict;
};

export type NamedPorts = readonly { name?: string; port?: number; protocol?: string }[];

export type PolicyView = {
  /** What an identity's policy map holds; `named` are the ports of the endpoint that has it. */
  entries(identity: number, named: NamedPorts): readonly Entry[];
  /** Connections from (`egress`) or to (`ingress`) an identity that are dropped on its side. */
  denied(identity: number, direction: Direction): readonly Denied[];
  /** What each side makes of a connection between two identities of pods; undefined where one of them is unknown. */
  verdicts(
    source: number,
    destination: number,
    connection: { port: number; protocol: Protocol },
  ): Readonly<Record<Direction, DirectionVerdict>> | undefined;
  /** Every selector of every policy with the identities it picks. */
  selectors(): readonly {
    selector: Selector;
    users: number;
    identities: readonly number[];
    policies: readonly string[];
  }[];
  /** Policies that Cilium does not take, each with what it says against it. */
  rejected(): readonly { kind: string; namespace: string; name: string; error: string }[];
};

/** `objects` are policies and what they refer to; `version` that of the agent. */
export function createPolicyView(
  objects: readonly KubeObject[],
  identities: readonly Identity[],
  version: string,
): PolicyView {
  const facts = readFacts([...(objects as readonly RawObject[]), ...identities.flatMap(standIn)], {
    version,
    dialect: 'cilium',
  });
  const index = createPolicyIndex(facts);
  const classes = new Map<number, EndpointClass>();
  for (const pod of facts.pods) {
    const found = index.identities.classOf(pod);
    if (found) classes.set(Number(pod.name), found);
  }
  const denied = { ingress: new Map<number, readonly Denied[]>(), egress: new Map<number, readonly Denied[]>() };
  const peers = [...reserved(), ...[...classes].map(([identity, found]) => ({ identity, peer: podPeer(found) }))];
  return {
    entries(identity, named) {
      const subject = classes.get(identity);
      return subject ? entriesOf(index, subject, peers, named) : [];
    },
    denied(identity, direction) {
      const known = denied[direction].get(identity) ?? deniedOf(index, classes, identity, direction);
      denied[direction].set(identity, known);
      return known;
    },
    verdicts(source, destination, connection) {
      const from = classes.get(source);
      const to = classes.get(destination);
      if (from === undefined || to === undefined) return undefined;
      return {
        egress: directionVerdict(index, 'egress', from, podPeer(to), connection),
        ingress: directionVerdict(index, 'ingress', to, podPeer(from), connection),
      };
    },
    selectors: () => selectorsOf(index, classes),
    rejected: () =>
      facts.policies.flatMap(({ ref, rejected: [reason] }) =>
        reason === undefined ? [] : [{ ...ref, error: rejectionText(ref.kind, reason) }],
      ),
  };
}

/** One pod for each identity: no policy tells the others that have it apart. */
function standIn(identity: Identity): readonly RawObject[] {
  const labels = identity['security-labels'] ?? {};
  const { name } = identity.metadata;
  const metadata = { namespace: labels[`k8s:${NAMESPACE_KEY}`], name };
  const own = Object.entries(labels).filter(([key]) => key.startsWith('k8s:') && !key.startsWith('k8s:io.'));
  return [
    identity,
    {
      kind: 'Pod',
      metadata: { ...metadata, labels: Object.fromEntries(own.map(([key, value]) => [key.slice(4), value])) },
    },
    { kind: 'CiliumEndpoint', metadata, status: { identity: { id: Number(name) } } },
  ];
}

type KnownPeer = { identity: number; peer: PeerIdentity };

function podPeer(found: EndpointClass): PeerIdentity {
  return { labels: found.labels, class: found, addresses: [], kind: 'pod', names: [], host: false };
}

/** Numbers that every Cilium gives to what is no pod. */
function reserved(): readonly KnownPeer[] {
  const one = (identity: number, kind: PeerIdentity['kind'], ...names: string[]): KnownPeer => ({
    identity,
    peer: { labels: reservedLabels(...names), class: undefined, addresses: [], kind, names: [], host: identity === 1 },
  });
  return [
    one(1, 'node', 'host'),
    one(2, 'world', 'world'),
    one(3, 'other', 'unmanaged'),
    one(4, 'other', 'health'),
    one(5, 'other', 'init'),
    one(6, 'node', 'remote-node'),
    one(7, 'node', 'kube-apiserver', 'remote-node'),
    one(8, 'other', 'ingress'),
  ];
}

function entriesOf(
  index: PolicyIndex,
  subject: EndpointClass,
  peers: readonly KnownPeer[],
  named: NamedPorts,
): readonly Entry[] {
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const { allow, deny, isolated } = index.applied(subject, direction);
    const base = { direction, port: 0, protocol: 'ANY', deny: false };
    const open = isolated === 'yes' ? [] : [{ ...base, identity: 0 }];
    // The node a pod runs on always reaches it: the kubelet's probes must.
    const own = isolated === 'yes' && direction === 'ingress' ? [{ ...base, identity: 1 }] : [];
    const rules = [...deny, ...allow].filter(({ doubt, rule }) => doubt === '' && rule.doubt === '');
    const listed = rules.flatMap(({ rule }) =>
      portsOf(rule, direction === 'ingress' ? named : []).flatMap((port) =>
        whom(index, rule, peers).map((identity) => ({ direction, identity, ...port, deny: rule.deny })),
      ),
    );
    return [...open, ...own, ...listed];
  });
}

function whom({ facts, selects }: PolicyIndex, { peers }: Rule, known: readonly KnownPeer[]): readonly number[] {
  if (peers.some(({ type }) => type === 'any')) return [0];
  const found = known.filter(({ peer }) => peers.some((one) => matchPeer(one, peer, facts.modes, selects) === 'yes'));
  return found.map(({ identity }) => identity);
}

function portsOf({ ports }: Rule, named: NamedPorts): readonly { port: number; protocol: string }[] {
  if (ports === 'all') return [{ port: 0, protocol: 'ANY' }];
  const transport = ports.filter((one) => one.type === 'transport');
  return transport.flatMap(({ name, port, protocols }) =>
    protocols.flatMap((protocol) => {
      if (name === '') return [{ port, protocol }];
      const own = named.filter((one) => one.name?.toLowerCase() === name && (one.protocol ?? 'TCP') === protocol);
      return own.map((one) => ({ port: one.port ?? 0, protocol }));
    }),
  );
}

/** Who tries what follows from the rules: what one of the two sides was written to let through, and the other stops. */
function deniedOf(
  index: PolicyIndex,
  classes: ReadonlyMap<number, EndpointClass>,
  identity: number,
  side: Direction,
): readonly Denied[] {
  const subject = classes.get(identity);
  if (!subject) return [];
  return [...classes].flatMap(([other, peer]): readonly Denied[] => {
    if (other === identity) return [];
    const [source, destination] = side === 'egress' ? [subject, peer] : [peer, subject];
    const meant = [
      ...meantFor(index, 'ingress', destination, source),
      ...meantFor(index, 'egress', source, destination),
      ...(isDns(destination) ? names : []),
    ];
    const different = new Map(meant.map((one) => [`${one.port}/${one.protocol}`, one]));
    return [...different.values()].flatMap(({ port, protocol }): readonly Denied[] => {
      const egress = directionVerdict(index, 'egress', source, podPeer(destination), { port, protocol });
      // What its sender's node drops never arrives.
      if (side === 'ingress' && egress.verdict === 'deny') return [];
      const verdict =
        side === 'egress'
          ? egress
          : directionVerdict(index, 'ingress', destination, podPeer(source), { port, protocol });
      if (verdict.verdict !== 'deny') return [];
      const [from, to] = side === 'egress' ? [identity, other] : [other, identity];
      return [{ source: from, destination: to, port, protocol, direction: side, verdict }];
    });
  });
}

/** Every pod asks for names, whatever its policies were written for. */
const names = [{ port: 53, protocol: 'UDP' }] as const;

function isDns({ labels }: EndpointClass): boolean {
  return labels.of.get('k8s:k8s-app') === 'kube-dns' && labels.of.get(`k8s:${NAMESPACE_KEY}`) === 'kube-system';
}

/** Ports for which an allow rule of one side names the other as a workload, not as whatever is in a namespace. */
function meantFor(
  index: PolicyIndex,
  direction: Direction,
  subject: EndpointClass,
  other: EndpointClass,
): readonly { port: number; protocol: Protocol }[] {
  return index.applied(subject, direction).allow.flatMap(({ rule, doubt }) => {
    const names = rule.peers.some(
      (peer) =>
        peer.type === 'labels' &&
        peer.selector.requirements.some(({ key }) => !key.startsWith('io.')) &&
        index.selects(peer.selector, podPeer(other)) === 'yes',
    );
    if (!names || doubt !== '' || rule.ports === 'all') return [];
    return rule.ports.flatMap((port) =>
      isOne(port) ? port.protocols.map((protocol) => ({ port: port.port, protocol })) : [],
    );
  });
}

function isOne(port: PortRule): port is PortRule & { type: 'transport' } {
  return port.type === 'transport' && port.name === '' && port.port > 0;
}

function selectorsOf(
  index: PolicyIndex,
  classes: ReadonlyMap<number, EndpointClass>,
): ReturnType<PolicyView['selectors']> {
  const found = new Map<string, { selector: Selector; users: number; policies: Set<string> }>();
  const add = (selector: Selector, policy: string) => {
    const known = found.get(selector.id) ?? { selector, users: 0, policies: new Set<string>() };
    known.users += 1;
    known.policies.add(policy);
    found.set(selector.id, known);
  };
  for (const { ref, specs } of index.facts.policies) {
    for (const { subject, rules } of specs) {
      if (subject.type === 'pods') add(subject.selector, ref.name);
      for (const peer of rules.flatMap((rule) => rule.peers)) if (peer.type === 'labels') add(peer.selector, ref.name);
    }
  }
  return [...found.values()].map(({ selector, users, policies }) => ({
    selector,
    users,
    policies: [...policies],
    identities: [...classes]
      .filter(([, one]) => index.selects(selector, podPeer(one)) === 'yes')
      .map(([identity]) => identity),
  }));
}
