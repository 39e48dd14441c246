import { type Address, parseAddress } from './cidr.ts';
import { bothSides, type Connection, directionVerdict, type Verdict } from './direction-verdict.ts';
import type { PeerIdentity } from './ends.ts';
import type { DeclaredPort, PodFacts } from './facts.ts';
import type { EndpointClass } from './identities.ts';
import type { PolicyIndex } from './policy-index.ts';
import type { Direction } from './rule.ts';
import { type Turns, toItsEnd } from './turns.ts';

/** Pods of one workload that no policy tells apart, and that declare the same ports. */
export type Group = {
  namespace: string;
  kind: string;
  name: string;
  class: EndpointClass;
  /** Never empty: the first stands for all of them. */
  pods: readonly [PodFacts, ...PodFacts[]];
  declared: readonly DeclaredPort[];
};

export type PodsOf = Pick<PolicyIndex, 'facts' | 'identities'>;

/**
 * The pods that policies hold for, of all or of `pods`. Pods of a node's network are the node's, and those that have
 * ended are nobody's. `perNode` keeps pods of different nodes apart, for questions about nodes; without `perWorkload` a group has the name of
 * the first of its workloads.
 */
export function groupPods(of: PodsOf, perNode = false, pods = of.facts.pods, perWorkload = true): Group[] {
  return toItsEnd(groupPodsInTurns(of, perNode, pods, perWorkload));
}

/** All of a large cluster's take a tenth of a second. */
export function* groupPodsInTurns(
  { facts, identities }: PodsOf,
  perNode = false,
  pods = facts.pods,
  perWorkload = true,
): Turns<Group[]> {
  // A policy that knows pods by their addresses may tell any two apart.
  const perPod = facts.modes.cidrMatchesPods || facts.modes.dialect === 'generic';
  const groups = new Map<string, Group & { pods: [PodFacts, ...PodFacts[]] }>();
  const portKeys = new Map<PodFacts['declared'], string>();
  const keyOf = (declared: PodFacts['declared']) => {
    const known =
      portKeys.get(declared) ??
      declared
        .map(({ port, protocol }) => `${port}/${protocol}`)
        .sort()
        .join(',');
    portKeys.set(declared, known);
    return known;
  };
  let seen = 0;
  for (const pod of pods) {
    seen += 1;
    if (seen % A_TURN === 0) yield;
    const found = identities.classOf(pod);
    if (!found || pod.ended) continue;
    const { kind, name } = pod.workload;
    const apart = perPod ? pod.name : perNode ? pod.node : '';
    const workload = perWorkload ? `${kind}|${name}` : '';
    const key = `${found.id}|${workload}|${keyOf(pod.declared)}|${apart}`;
    const group = groups.get(key);
    if (group) group.pods.push(pod);
    else groups.set(key, { namespace: pod.namespace, kind, name, class: found, pods: [pod], declared: pod.declared });
  }
  return [...groups.values()];
}

/** Pods between two turns: about two milliseconds'. */
const A_TURN = 2_000;

/** Whether both are one and the same single pod: what it sends to itself no policy sees. */
export function isOnePod(from: Group, to: Group): boolean {
  return from.pods.length === 1 && to.pods.length === 1 && from.pods[0] === to.pods[0];
}

/** What becomes of a connection between two groups; where no policy is about either, without a further look. */
export function pairVerdict(index: PolicyIndex, from: Group, to: Group, connection: Connection): Verdict {
  if (isFree(index, from.class, 'egress') && isFree(index, to.class, 'ingress')) return 'allow';
  const egress = directionVerdict(index, 'egress', from.class, podIdentity(index, to), connection);
  if (egress.verdict === 'deny') return 'deny';
  const ingress = directionVerdict(index, 'ingress', to.class, podIdentity(index, from), connection);
  return bothSides(egress.verdict, ingress.verdict);
}

/** Whether no policy is about it in this direction. */
export function isFree(index: PolicyIndex, subject: EndpointClass, direction: Direction): boolean {
  const { allow, deny, isolated, doubts } = index.applied(subject, direction);
  return allow.length + deny.length + doubts.length === 0 && isolated === 'no' && subject.doubt === '';
}

function podIdentity({ facts }: PolicyIndex, group: Group): PeerIdentity {
  const { ips } = group.pods[0];
  const known = facts.modes.cidrMatchesPods || facts.modes.dialect === 'generic' ? ips.flatMap(addressOf) : [];
  return { labels: group.class.labels, class: group.class, addresses: known, kind: 'pod', names: [], host: false };
}

function addressOf(ip: string): readonly Address[] {
  const address = parseAddress(ip);
  return address ? [address] : [];
}
