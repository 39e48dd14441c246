import {
  allowed,
  bothSides,
  type Connection,
  type DirectionVerdict,
  directionVerdict,
  portNames,
  unknown,
  type Verdict,
} from './direction-verdict.ts';
import { createEnds, type End, type Ends, identityOf, type Peer } from './ends.ts';
import type { NodeFacts, PolicyFacts, ServiceFacts } from './facts.ts';
import { type EndpointClass, type Identities, nodeLabels } from './identities.ts';
import { reservedLabels } from './labels.ts';
import { type NearMiss, nearMisses } from './near-miss.ts';
import { createPolicyIndex, type PolicyIndex } from './policy-index.ts';
import { type Direction, type L7, type Policy, type Protocol, policyText, type Rule } from './rule.ts';
import { matchSelector } from './selector.ts';

/** May `from` open this connection to `to`? For ICMP the port is the ICMPv4 type. */
export type Question = { from: Peer; to: Peer; port: number; protocol: Protocol };

export type Answer = {
  verdict: Verdict;
  egress: DirectionVerdict;
  ingress: DirectionVerdict;
  /** The proxy that looks into it, and the port it is found at. */
  l7: (L7 & { port: number }) | undefined;
  /** False where an end is not there: then nothing was answered. */
  found: boolean;
  /** What else a reader should know, a sentence each. */
  notes: readonly string[];
};

export type Engine = {
  index: PolicyIndex;
  ask(question: Question): Answer;
  /** Allow rules that would have let a denied connection through but for one thing, the nearest first. */
  nearMisses(question: Question, direction: Direction): readonly NearMiss[];
  /** The same cluster with other policies. */
  withPolicies(policies: readonly Policy[]): Engine;
};

export function createEngine(facts: PolicyFacts): Engine {
  return engineOn(createPolicyIndex(facts));
}

export function engineOn(index: PolicyIndex): Engine {
  return engineOf(index, createEnds(index.facts, index.identities));
}

function engineOf(index: PolicyIndex, ends: Ends): Engine {
  /** The pod a direction is decided for, and whom it talks to. */
  function pairOf({ from, to }: Question, direction: Direction) {
    const subject = ends.find(direction === 'egress' ? from : to);
    const other = ends.find(direction === 'egress' ? to : from);
    if (typeof subject === 'string' || typeof other === 'string') return undefined;
    const endpoint = endpointOf(subject, index.identities);
    if (!endpoint) return undefined;
    const peer = identityOf(other, endpoint.node, index.facts);
    return typeof peer === 'string' ? undefined : { subject: endpoint.class, peer };
  }

  return {
    index,
    nearMisses(question, direction) {
      const pair = pairOf(question, direction);
      if (!pair) return [];
      const rules = index.applied(pair.subject, direction).allow.map(({ rule }) => rule);
      return nearMisses(index, rules, pair.peer, question, portNames(index, direction, pair.subject, pair.peer));
    },
    withPolicies: (policies) => engineOf(index.withPolicies(policies), ends),
    ask({ from, to, port, protocol }) {
      const source = ends.find(from);
      const target = ends.find(to);
      const missing = [source, target].filter((end) => typeof end === 'string');
      if (typeof source === 'string' || typeof target === 'string') return cannotTell(missing);
      if (source.type === 'service')
        return cannotTell([
          `${from && 'ip' in from ? from.ip : 'a service'} is a service's address: nothing is sent from it`,
        ]);
      const connection = { port, protocol };
      if (target.type === 'service') return throughService(index, ends, source, target.service, connection);
      return between(index, source, target, connection);
    },
  };
}

function cannotTell(why: readonly string[]): Answer {
  return {
    verdict: 'unknown',
    egress: unknown(...why),
    ingress: unknown(...why),
    l7: undefined,
    found: false,
    notes: why,
  };
}

/** Both the source's egress and the target's ingress must allow it (domain §7.1.4). */
function between(index: PolicyIndex, source: End, target: End, connection: Connection): Answer {
  const egress = side(index, 'egress', source, target, connection);
  const ingress = side(index, 'ingress', target, source, connection);
  const verdict = bothSides(egress.verdict, ingress.verdict);
  const l7 = verdict === 'allow' ? (egress.l7 ?? ingress.l7) : undefined;
  const notes = [...egress.doubts, ...ingress.doubts, ...remarks(index, source, connection, egress, ingress)];
  return {
    verdict,
    egress,
    ingress,
    l7: l7 && { ...l7, port: connection.port },
    found: true,
    notes: [...new Set(notes)],
  };
}

function side(
  index: PolicyIndex,
  direction: Direction,
  subject: End,
  other: End,
  connection: Connection,
): DirectionVerdict {
  if (subject.type === 'node') return nodeSide(index, direction, subject.node, other);
  const endpoint = endpointOf(subject, index.identities);
  if (!endpoint) return allowed('outside-cluster');
  if (other.type === 'node' && other.which === undefined && (endpoint.node === '' || other.node?.name === ''))
    return onSomeNode(index, direction, subject, other, connection);
  const peer = identityOf(other, endpoint.node, index.facts);
  if (typeof peer === 'string') return unknown(peer);
  return directionVerdict(index, direction, endpoint.class, peer, connection);
}

/** The end whose policies decide, and the node it is on ('' = not said); undefined for what has none. */
function endpointOf(end: End, { reserved }: Identities): { class: EndpointClass; node: string } | undefined {
  if (end.type === 'pod') return { class: end.class, node: end.pod.node };
  if (end.type !== 'entity' || end.entity === 'kube-apiserver' || end.entity === 'unmanaged') return undefined;
  return { class: reserved[end.entity], node: '' };
}

/** Nothing says on which node one of the two is: the same answer for its own node and for another, or none. */
function onSomeNode(
  index: PolicyIndex,
  direction: Direction,
  subject: End,
  other: End & { type: 'node' },
  connection: Connection,
): DirectionVerdict {
  const near = side(index, direction, subject, { ...other, which: 'host' }, connection);
  const far = side(index, direction, subject, { ...other, which: 'remote-node' }, connection);
  if (near.verdict === far.verdict) return far;
  return unknown('whether the two are on one node is not said, and it matters');
}

/** Policies do not hold for nodes and their network while the host firewall is off (domain §7.1.5). */
function nodeSide(
  { facts }: PolicyIndex,
  direction: Direction,
  node: NodeFacts | undefined,
  other: End,
): DirectionVerdict {
  if (!facts.modes.hostFirewall || other.type === 'node') return allowed('not-isolated');
  const own = { of: new Map(node ? nodeLabels(node) : []), unknownPrefix: node ? '' : 'node:' };
  const labels = { of: new Map([...reservedLabels('host').of, ...own.of]), unknownPrefix: own.unknownPrefix };
  const holding = facts.policies.filter(({ specs }) =>
    specs.some(({ subject, rules }) => {
      if (subject.type !== 'nodes' || !rules.some((rule) => rule.direction === direction)) return false;
      return matchSelector(subject.selector, labels) !== 'no';
    }),
  );
  if (holding.length === 0) return allowed('not-isolated');
  return unknown(
    `the host firewall is on, and host policies are not evaluated: ${holding.map(({ ref }) => policyText(ref)).join(', ')}`,
  );
}

/** Policy sees the pod behind the service and its own port, never the service's (domain §7.1.3). */
function throughService(
  index: PolicyIndex,
  ends: Ends,
  source: End,
  service: ServiceFacts,
  { port, protocol }: Connection,
): Answer {
  const name = `service ${service.namespace}/${service.name}`;
  const found = service.ports.find((one) => one.port === port && one.protocol === protocol);
  if (!found) return cannotTell([`${name} has no port ${port}/${protocol}`]);
  const answers = backendsOf(index, ends, service).flatMap((target) => {
    const behind = portBehind(found.targetPort, protocol, target);
    return behind === undefined ? [] : [between(index, source, target, { port: behind, protocol })];
  });
  const [first] = answers;
  if (!first) return cannotTell([`nothing is known behind ${name}`]);
  const note = `${name} stands for ${answers.length} backends, port ${String(found.targetPort)}`;
  if (answers.some(({ verdict }) => verdict !== first.verdict))
    return {
      ...first,
      verdict: 'unknown',
      l7: undefined,
      notes: [note, 'their verdicts differ: it depends on the backend that is chosen'],
    };
  return { ...first, notes: [...first.notes, note] };
}

function backendsOf({ facts, identities }: PolicyIndex, ends: Ends, service: ServiceFacts): readonly End[] {
  if (service.backends) {
    return service.backends.map((ip) => ends.find({ ip })).filter((end): end is End => typeof end !== 'string');
  }
  const wanted = Object.entries(service.selector);
  if (wanted.length === 0) return [];
  return facts.pods
    .filter((pod) => pod.namespace === service.namespace && !pod.ended)
    .filter((pod) => wanted.every(([key, value]) => pod.labels[key] === value))
    .flatMap((pod): readonly End[] => {
      const found = identities.classOf(pod);
      return found ? [{ type: 'pod', pod, class: found }] : [];
    });
}

function portBehind(targetPort: number | string, protocol: Protocol, target: End): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  if (target.type !== 'pod') return undefined;
  return target.pod.ports.find((one) => one.name === targetPort && one.protocol === protocol)?.port;
}

const LEARNED = 'holds while Cilium’s DNS proxy has seen this address for the name';

function hasDnsRule({ ports }: Rule): boolean {
  return ports !== 'all' && ports.some((port) => port.type === 'transport' && port.l7?.type === 'dns');
}

function remarks(
  index: PolicyIndex,
  source: End,
  { protocol }: Connection,
  egress: DirectionVerdict,
  ingress: DirectionVerdict,
): readonly string[] {
  const { facts } = index;
  const notes: string[] = [];
  const cilium = facts.modes.dialect === 'cilium';
  if (protocol === 'SCTP' && cilium && facts.modes.sctp === false)
    notes.push('SCTP is switched off (enable-sctp): Cilium does not carry it, whatever policies say');
  const outside = [...egress.rules, ...ingress.rules].filter((rule) => rule.outsidePolicyTypes);
  if (outside.length > 0)
    notes.push('a rule that decided stands outside its policyTypes: Cilium takes it, other networks do not');
  const byName = ({ peers }: Rule) => peers.length > 0 && peers.every(({ type }) => type === 'names');
  if (source.type === 'pod' && egress.reason === 'rule' && egress.rules.every(byName)) {
    const seesDns = index.applied(source.class, 'egress').allow.some(({ rule }) => hasDnsRule(rule));
    notes.push(seesDns ? LEARNED : `${LEARNED}; no rule of this pod’s policies shows it its DNS (rules.dns)`);
  }
  return notes;
}
