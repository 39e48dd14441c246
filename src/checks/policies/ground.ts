import type { Cidr } from '../../model/policies/cidr.ts';
import type { NodeFacts, PodFacts, PolicyFacts } from '../../model/policies/facts.ts';
import type { EndpointClass } from '../../model/policies/identities.ts';
import { NAMESPACE_KEY } from '../../model/policies/labels.ts';
import type { PolicyEdit } from '../../model/policies/policy-edit.ts';
import type { PolicyIndex } from '../../model/policies/policy-index.ts';
import { type Policy, type Protocol, policyKey, type Rule } from '../../model/policies/rule.ts';
import type { Selector } from '../../model/policies/selector.ts';
import { type AddressSet, addressSet } from './address-set.ts';
import { createNewlyDenied, type NewlyDenied } from './newly-denied.ts';

/**
 * What lints stand on: a policy index, and what several of them ask of it, found once for all and only when it is asked
 * for. Of 100,000 pods each may be looked at once, not once for every policy.
 */
export type Ground = PolicyIndex & {
  /** Everything of the cluster that is not policies, as one value: equal for equal clusters only. */
  cluster: object;
  /** Pods of the hosts' network, one of each workload, and how many it stands for. */
  hostPods(): readonly { pod: PodFacts; count: number }[];
  podAddresses(): AddressSet;
  /** A node with an address in the range. */
  nodeIn(range: Range): NodeFacts | undefined;
  /** The numbers that pods of the cluster give a port's name. */
  portNumbers(name: string, protocols: readonly Protocol[]): ReadonlySet<number>;
  /** Classes whose identity has other labels than their pods, and which (a label that is left out is one, too). */
  otherwiseLabelled(): readonly { class: EndpointClass; keys: ReadonlySet<string> }[];
  /** Classes that a selector selects, or may, in the whole cluster. */
  anywhere(selector: Selector): readonly EndpointClass[];
  /** Policies of the same namespace and kind about the same subject, in their order. */
  sameSubject(policy: Policy): readonly Policy[];
  /** Policies that may be about the same pods as this one, itself among them. */
  neighbours(policy: Policy): readonly Policy[];
  /** Classes of the cluster's DNS servers. */
  dnsServers(): readonly EndpointClass[];
  /** About how many entries a rule puts into a policy map: whom two of its peers mean is counted twice. */
  mapEntries(rule: Rule): number;
  /** Changes of policies that were seen, the newest last; undefined where nobody watches. */
  edits: readonly PolicyEdit[] | undefined;
  /** Those of each policy, by policyKey, the newest last. */
  editsByPolicy(): ReadonlyMap<string, readonly PolicyEdit[]>;
  newlyDenied: NewlyDenied;
  now: number;
};

export type Range = { cidr: Cidr; except: readonly Cidr[] };

/** `last` is the ground before, of which everything that did not change is kept. */
export function groundOf(index: PolicyIndex, seen: Seen = nothingSeen, last?: Ground): Ground {
  const kept = last && isSameCluster(last, index) ? last : undefined;
  const byNamespace = lazily(() => Map.groupBy(index.facts.policies, ({ ref }) => ref.namespace));
  const bySubject = new Map<string, ReadonlyMap<string, readonly Policy[]>>();
  const { edits = [] } = seen;
  return {
    ...index,
    ...seen,
    ...(kept ? ofCluster(kept) : findOfCluster(index)),
    ...(kept && kept.facts.pods === index.facts.pods ? ofPods(kept) : findOfPods(index.facts)),
    editsByPolicy: lazily(() => Map.groupBy(edits, ({ ref }) => policyKey(ref))),
    newlyDenied: kept?.newlyDenied.with(index, versionsOf(edits)) ?? createNewlyDenied(index),
    sameSubject(policy) {
      const { namespace } = policy.ref;
      const known = bySubject.get(namespace) ?? Map.groupBy(byNamespace().get(namespace) ?? [], subjectKey);
      bySubject.set(namespace, known);
      return known.get(subjectKey(policy)) ?? [];
    },
    neighbours({ ref }) {
      if (ref.namespace === '') return index.facts.policies;
      return [...(byNamespace().get(ref.namespace) ?? []), ...(byNamespace().get('') ?? [])];
    },
  };
}

type Seen = Pick<Ground, 'edits' | 'now'>;
const nothingSeen: Seen = { edits: undefined, now: 0 };

function versionsOf(edits: readonly PolicyEdit[]): ReadonlySet<Policy> {
  return new Set(edits.flatMap(({ before, after }) => [before ?? [], after ?? []].flat()));
}

type OfPods = Pick<Ground, 'hostPods' | 'podAddresses'>;

function ofPods({ hostPods, podAddresses }: Ground): OfPods {
  return { hostPods, podAddresses };
}

function findOfPods({ pods }: PolicyFacts): OfPods {
  return {
    hostPods: lazily(() => findHostPods(pods)),
    podAddresses: lazily(() => addressSet(pods.filter(({ hostNetwork }) => !hostNetwork).flatMap(({ ips }) => ips))),
  };
}

type OfCluster = Pick<
  Ground,
  'cluster' | 'nodeIn' | 'portNumbers' | 'otherwiseLabelled' | 'anywhere' | 'dnsServers' | 'mapEntries'
>;

function ofCluster(ground: Ground): OfCluster {
  const { cluster, nodeIn, portNumbers } = ground;
  const { otherwiseLabelled, anywhere, dnsServers, mapEntries } = ground;
  return {
    cluster,
    nodeIn,
    portNumbers,
    otherwiseLabelled,
    anywhere,
    dnsServers,
    mapEntries,
  };
}

/** Pods that come and go within their classes make no difference. */
function isSameCluster(last: PolicyIndex, index: PolicyIndex): boolean {
  const { policies: _, pods: __, ...was } = last.facts;
  const { policies: ___, pods: ____, ...is } = index.facts;
  if (last.identities !== index.identities) return false;
  return Object.keys(is).every((key) => was[key as keyof typeof was] === is[key as keyof typeof is]);
}

function findOfCluster(index: PolicyIndex): OfCluster {
  const { facts, identities } = index;
  const selected = new Map<string, readonly EndpointClass[]>();
  const entries = new Map<Rule, number>();
  const identityCounts = new Map<string, number>();
  const named = lazily(() => portsByName(identities.classes));
  const nodeAddresses = lazily(() => addressSet(facts.nodes.flatMap(({ ips }) => ips)));
  const identityOf = lazily(() => new Map(identities.classes.map((one) => [one, identityText(one)])));

  function anywhere(selector: Selector): readonly EndpointClass[] {
    let found = selected.get(selector.id);
    if (!found) {
      const namespaces = namespacesOf(selector);
      found = namespaces
        ? namespaces.flatMap((namespace) => index.classesOf(selector, namespace))
        : index.classesOf(selector, '');
      selected.set(selector.id, found);
    }
    return found;
  }

  function identitiesOf(selector: Selector): number {
    const known = identityCounts.get(selector.id);
    if (known !== undefined) return known;
    const found = new Set(anywhere(selector).map((one) => identityOf().get(one))).size;
    identityCounts.set(selector.id, found);
    return found;
  }

  return {
    cluster: {},
    anywhere,
    nodeIn({ cidr, except }) {
      if (!nodeAddresses().some(cidr, except)) return undefined;
      return facts.nodes.find(({ ips }) => addressSet(ips).some(cidr, except));
    },
    portNumbers: (name, protocols) =>
      new Set(protocols.flatMap((protocol) => [...(named().get(`${name}/${protocol}`) ?? [])])),
    otherwiseLabelled: lazily(() =>
      identities.classes.map((one) => ({ class: one, keys: differingKeys(one) })).filter(({ keys }) => keys.size > 0),
    ),
    dnsServers: lazily(() => identities.classes.filter(({ labels }) => labels.of.get('k8s:k8s-app') === 'kube-dns')),
    mapEntries(rule) {
      const known = entries.get(rule) ?? countEntries(rule, identitiesOf);
      entries.set(rule, known);
      return known;
    },
  };
}

/** Made when it is first asked for, and kept. */
function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function subjectKey({ ref, specs }: Policy): string {
  return `${ref.kind}|${specs[0]?.subject.text ?? ''}`;
}

/** The namespaces a selector names; undefined where it names none and may mean any. */
function namespacesOf({ requirements }: Selector): readonly string[] | undefined {
  return requirements.find(
    ({ source, key, operator }) => key === NAMESPACE_KEY && operator === 'In' && (source === 'k8s' || source === 'any'),
  )?.values;
}

/** A workload's pods differ in little that a selector can mean. */
function findHostPods(pods: readonly PodFacts[]): readonly { pod: PodFacts; count: number }[] {
  const found = new Map<string, { pod: PodFacts; count: number }>();
  for (const pod of pods) {
    if (!pod.hostNetwork) continue;
    const key = `${pod.namespace}/${pod.workload.kind}/${pod.workload.name}`;
    const known = found.get(key);
    if (known) known.count += 1;
    else found.set(key, { pod, count: 1 });
  }
  return [...found.values()];
}

function differingKeys({ pods: [pod] }: EndpointClass): ReadonlySet<string> {
  const { labels = {}, identity } = pod ?? {};
  if (!identity) return new Set();
  const own = Object.keys(labels).filter((key) => identity[`k8s:${key}`] !== labels[key]);
  const theirs = Object.keys(identity)
    .filter((full) => full.startsWith('k8s:') && !full.startsWith('k8s:io.'))
    .map((full) => full.slice('k8s:'.length))
    .filter((key) => labels[key] === undefined);
  return new Set([...own, ...theirs]);
}

function portsByName(classes: readonly EndpointClass[]): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const { ports } of classes)
    for (const { name, protocol, port } of ports) {
      const key = `${name}/${protocol}`;
      const known = found.get(key) ?? new Set();
      found.set(key, known.add(port));
    }
  return found;
}

/** Pods of several classes have one identity where they differ in what Cilium does not look at. */
function identityText({ labels }: EndpointClass): string {
  return [...labels.of]
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}

/** Each identity that a peer selects, with each of the ports (domain §10 R11). Names resolve to nobody knows how many. */
function countEntries({ peers, ports }: Rule, identitiesOf: (selector: Selector) => number): number {
  const identities = peers.reduce((sum, peer) => sum + (peer.type === 'labels' ? identitiesOf(peer.selector) : 1), 0);
  return identities * (ports === 'all' ? 1 : Math.max(1, ports.length));
}
