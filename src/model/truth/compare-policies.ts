import type { AgentEndpoint, PolicyMapEntry } from '../agent-says/agent-says.ts';
import { type Connection, directionVerdict } from '../policies/direction-verdict.ts';
import type { PeerIdentity } from '../policies/ends.ts';
import type { EndpointClass } from '../policies/identities.ts';
import type { PolicyIndex } from '../policies/policy-index.ts';
import { type Direction, policyText } from '../policies/rule.ts';
import type { IntendedPod } from './intended.ts';
import { mapVerdict } from './map-verdict.ts';
import type { Difference, DifferenceType, Side } from './truth.ts';

/** Connections that are asked about for one endpoint, and for all of them. */
const mostPerEndpoint = 2_000;
const mostInAll = 60_000;

export type PolicyGround = {
  index: PolicyIndex;
  /** The identity's number by the labels that all its pods have. */
  numbers: ReadonlyMap<EndpointClass, number>;
  byPod: ReadonlyMap<string, EndpointClass>;
};

/** What the policies expect, made once for all endpoints of a look. `numberOf`: of a pod, 0 = unknown. */
export function policyGround(index: PolicyIndex, numberOf: (namespace: string, name: string) => number): PolicyGround {
  const numbers = new Map<EndpointClass, number>();
  const byPod = new Map<string, EndpointClass>();
  for (const one of index.identities.classes) {
    for (const pod of one.pods) {
      byPod.set(`${pod.namespace}/${pod.name}`, one);
      if (numbers.has(one) || pod.ended) continue;
      const number = numberOf(pod.namespace, pod.name);
      if (number > 0) numbers.set(one, number);
    }
  }
  return { index, numbers, byPod };
}

/**
 * Policy maps against what our engine expects of the policies. Compared are whether a direction is enforced at all, and
 * connections with the cluster's own pods; what rules say of other addresses, of names and of whole ranges of ports is not.
 */
export function comparePolicies(
  ground: PolicyGround,
  pods: readonly IntendedPod[],
  node: string,
  endpoints: readonly AgentEndpoint[],
  maps: ReadonlyMap<number, readonly PolicyMapEntry[]> | undefined,
): { differences: Difference[]; maps: number; connections: number; cut: boolean } {
  const said = new Map(endpoints.map((one) => [`${one.namespace}/${one.pod}`, one]));
  const differences: Difference[] = [];
  let asked = 0;
  let compared = 0;
  let cut = false;
  for (const { pod } of pods) {
    const key = `${pod.namespace}/${pod.name}`;
    const endpoint = said.get(key);
    const subject = ground.byPod.get(key);
    if (endpoint === undefined || subject === undefined || endpoint.state !== 'ready') continue;
    const words = wordsOf(endpoint, node);
    differences.push(...compareEnforcement(ground.index, subject, endpoint, words));
    const entries = maps?.get(endpoint.id);
    if (entries === undefined) continue;
    compared += 1;
    const empty = emptyMap(endpoint, entries, node, words);
    if (empty !== undefined) {
      differences.push(empty);
      continue;
    }
    const room = Math.min(mostPerEndpoint, mostInAll - asked);
    const connections = connectionsOf(ground, subject, entries, room + 1);
    cut ||= connections.length > room;
    asked += Math.min(room, connections.length);
    differences.push(...connections.slice(0, room).flatMap((one) => compareOne(ground, subject, entries, one, words)));
  }
  return { differences, maps: compared, connections: asked, cut };
}

type Words = (type: DifferenceType, key: string, intended: Side, realised: string) => Difference;

function wordsOf(endpoint: AgentEndpoint, node: string): Words {
  return (type, key, intended, realised) => ({
    ...{ type, aspect: 'policy-map', node, key, intended },
    object: { kind: 'Pod', namespace: endpoint.namespace, name: endpoint.pod },
    realised: {
      text: realised,
      source:
        type === 'policy-enforcement'
          ? `cilium-dbg endpoint list on ${node}`
          : `cilium-dbg bpf policy get ${endpoint.id} on ${node}`,
    },
  });
}

function compareEnforcement(
  index: PolicyIndex,
  subject: EndpointClass,
  endpoint: AgentEndpoint,
  words: Words,
): Difference[] {
  // An endpoint in audit mode enforces nothing and says so; where enforcement is `always` or `never`, policies do not decide.
  if (endpoint.enforcing === '' || endpoint.enforcing.startsWith('audit')) return [];
  if (index.facts.modes.enforcement !== 'default') return [];
  return (['ingress', 'egress'] as const).flatMap((direction): Difference[] => {
    const { isolated, isolating, doubts } = index.applied(subject, direction);
    if (isolated === 'unknown' || doubts.length > 0) return [];
    const enforces = endpoint.enforcing === 'both' || endpoint.enforcing === direction;
    if (enforces === (isolated === 'yes')) return [];
    const because = isolating.map((ref) => policyText(ref)).slice(0, 2);
    const intended =
      isolated === 'yes'
        ? { text: `${direction} is enforced`, source: because.join(', ') }
        : { text: `${direction} is not enforced`, source: 'no policy isolates it' };
    const realised = `endpoint ${endpoint.id} ${enforces ? 'enforces' : 'does not enforce'} ${direction}`;
    return [words('policy-enforcement', direction, intended, realised)];
  });
}

/** AKS#5969, cilium#38998: the agent says ready, the revisions are equal, and nothing is in the map. Even who denies all lets its node in. */
function emptyMap(
  endpoint: AgentEndpoint,
  entries: readonly PolicyMapEntry[],
  node: string,
  words: Words,
): Difference | undefined {
  const enforces = !/^(|none)$/.test(endpoint.enforcing) && !endpoint.enforcing.startsWith('audit');
  if (entries.length > 0 || !enforces) return undefined;
  const revisions = endpoint.realizedRevision === endpoint.wantedRevision ? ', policy revisions equal' : '';
  const intended = {
    text: `endpoint ${endpoint.id} is ${endpoint.state} and enforces ${endpoint.enforcing}${revisions}`,
    source: `cilium-dbg endpoint list on ${node}`,
  };
  return words('policy-map-empty', '', intended, 'its policy map has no entry: all its traffic is dropped');
}

type Asked = Connection & { direction: Direction; peer: EndpointClass; identity: number };

/** What rules name one by one, with each class of pods that has a number, and what the map has of those. */
function connectionsOf(
  ground: PolicyGround,
  subject: EndpointClass,
  entries: readonly PolicyMapEntry[],
  most: number,
): readonly Asked[] {
  const asked = new Map<string, Asked>();
  for (const direction of ['ingress', 'egress'] as const) {
    const { allow, deny, isolated } = ground.index.applied(subject, direction);
    if (isolated !== 'yes' && deny.length === 0) continue;
    const ports = new Map<string, Connection>();
    for (const { rule } of [...deny, ...allow]) {
      for (const port of rule.ports === 'all' ? [] : rule.ports) {
        if (port.type !== 'transport' || port.name !== '' || port.port === 0) continue;
        for (const protocol of port.protocols) ports.set(`${port.port}/${protocol}`, { port: port.port, protocol });
      }
    }
    for (const { direction: of, port, portBits, protocol } of entries) {
      if (of === direction && portBits === 16 && (protocol === 'TCP' || protocol === 'UDP' || protocol === 'SCTP'))
        ports.set(`${port}/${protocol}`, { port, protocol });
    }
    // Where rules are about all ports, any will do.
    if (ports.size === 0) ports.set('any', { port: 65_000, protocol: 'TCP' });
    for (const [peer, identity] of ground.numbers) {
      for (const connection of ports.values()) {
        if (asked.size >= most) return [...asked.values()];
        const key = `${direction} ${identity} ${connection.port}/${connection.protocol}`;
        asked.set(key, { ...connection, direction, peer, identity });
      }
    }
  }
  return [...asked.values()];
}

function compareOne(
  { index }: PolicyGround,
  subject: EndpointClass,
  entries: readonly PolicyMapEntry[],
  { peer, identity, direction, port, protocol }: Asked,
  words: Words,
): Difference[] {
  const other: PeerIdentity = { labels: peer.labels, class: peer, addresses: [], kind: 'pod', names: [], host: false };
  const verdict = directionVerdict(index, direction, subject, other, { port, protocol });
  if (verdict.verdict === 'unknown' || verdict.doubts.length > 0) return [];
  const lets = mapVerdict(entries, { direction, identity, port, protocol }) === 'allow';
  if (lets === (verdict.verdict === 'allow')) return [];
  const [rule] = verdict.rules;
  const [isolating] = verdict.isolating;
  const by =
    rule !== undefined ? policyText(rule.policy) : isolating !== undefined ? policyText(isolating) : 'the policies';
  const pod = peer.pods.find(({ ended }) => !ended);
  const who = `identity ${identity}${pod === undefined ? '' : ` (${pod.namespace}/${pod.name})`}`;
  const what = `${direction} ${direction === 'ingress' ? 'from' : 'to'} ${who}, ${protocol}/${port}`;
  const key = `${direction} ${identity} ${port}/${protocol}`;
  return lets
    ? [words('policy-map-allows', key, { text: `denied: ${what}`, source: by }, 'the map lets it through')]
    : [
        words(
          'policy-map-lacks',
          key,
          { text: `allowed: ${what}`, source: by },
          'the map has no entry that lets it through',
        ),
      ];
}
