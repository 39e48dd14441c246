import type { RawObject } from '../objects/row.ts';
import { type AllowedPeer, allowRule, policyWith } from './allow-rule.ts';
import type { AnsweredPair } from './answered-pair.ts';
import type { DirectionVerdict } from './direction-verdict.ts';
import type { EndpointClass } from './identities.ts';
import type { KnownPolicies } from './known-policies.ts';
import { openedPairs, workloadNames } from './opened-pairs.ts';
import type { Mend } from './policy-asks.ts';
import type { PolicyIndex } from './policy-index.ts';
import { readWritten } from './read-facts.ts';
import { type Direction, type Policy, policyKey, policyText } from './rule.ts';
import { portName } from './rule-words.ts';
import { type Side, sideWords } from './sides.ts';
import { tellingLabels } from './telling-labels.ts';
import type { Turns } from './turns.ts';
import { withRule } from './with-rule.ts';
import { asWritten } from './written.ts';
import { yamlOf } from './written-yaml.ts';

/**
 * The smallest changes that let a denied pair talk: a rule of its own beside one that nearly matched, and a policy of its
 * own; for each direction that denies. What cannot be undone by an allow, a rule that denies, has none. Each is tried on
 * the whole cluster before it is offered: the pair must be allowed, and nobody newly denied. Those that open the fewest
 * other pairs come first; of equals the rule beside one that is there.
 */
export function* smallestChanges(known: KnownPolicies, pair: AnsweredPair): Turns<readonly Mend[]> {
  const denied = (['egress', 'ingress'] as const).filter((one) => pair.answer[one].verdict === 'deny');
  if (denied.some((one) => pair.answer[one].reason === 'explicit-deny')) return [];
  const near = denied.map((direction) => besideNearMisses(known, pair, direction));
  const own = denied.map((direction) => policyOfItsOwn(known, pair, direction, kindsFor(pair.answer[direction])));
  // Identities may carry no labels of namespaces: then a NetworkPolicy has the words, and nobody is meant by them.
  const ciliums = denied.map((direction) => policyOfItsOwn(known, pair, direction, ['CiliumNetworkPolicy']));
  const most = Math.max(0, ...near.map(({ length }) => length));
  const beside = Array.from({ length: most }, (_, way) =>
    [own, ciliums].map((rest) => near.map((ones, index) => ones[way] ?? rest[index])),
  );
  const offered: Tried[] = [];
  for (const ways of [...beside, [own, ciliums]]) {
    const found = yield* firstThatHelps(known, pair, ways);
    if (found) offered.push(found);
  }
  const mends = offered.toSorted((a, b) => a.opens - b.opens).map(({ mend }) => mend);
  return mends.filter(({ yaml }, index) => mends.findIndex((one) => one.yaml === yaml) === index);
}

/** Of several ways to say the same, the first that does what it is meant to do. */
function* firstThatHelps(
  known: KnownPolicies,
  pair: AnsweredPair,
  ways: readonly (readonly (Part | undefined)[])[],
): Turns<Tried | undefined> {
  const done = new Set<string>();
  for (const parts of ways) {
    const whole = parts.filter((part) => part !== undefined);
    const what = whole.map((part) => part.what).join();
    if (whole.length < parts.length || done.has(what)) continue;
    done.add(what);
    yield;
    const found = yield* tried(known, pair, whole);
    if (found) return found;
  }
  return undefined;
}

/** One change of one policy, for one direction. */
type Part = { object: RawObject; what: string; adds?: NonNullable<Mend['adds']> };

/** One for each policy that has such a rule: those about the fewest pods first. */
function besideNearMisses(known: KnownPolicies, pair: AnsweredPair, direction: Direction): readonly Part[] {
  const { engine, written } = known;
  const parts = new Map<string, Part & { pods: number }>();
  for (const { rule, miss } of engine.nearMisses(pair.question, direction)) {
    const body = written(rule.policy);
    const added = ruleFor(engine.index, pair, direction, rule.policy.kind, rule.policy.namespace);
    if (!body || !added || parts.has(policyKey(rule.policy))) continue;
    const change = withRule(asWritten(body), rule.path, direction, added);
    if (!change) continue;
    parts.set(policyKey(rule.policy), {
      object: change.object,
      what: `adds a rule of its own to ${policyText(rule.policy)}, whose ${rule.path} ${miss}`,
      adds: { ref: rule.policy, at: change.at, rule: added },
      pods: podsOf(engine.index, rule.policy),
    });
  }
  return [...parts.values()].toSorted((a, b) => a.pods - b.pods);
}

function podsOf(index: PolicyIndex, ref: Policy['ref']): number {
  const policy = index.facts.policies.find((one) => policyKey(one.ref) === policyKey(ref));
  const subjects = (policy?.specs ?? []).filter(({ subject }) => subject.type === 'pods');
  const classes = subjects.flatMap(({ subject }) => index.classesOf(subject.selector, ref.namespace));
  return [...new Set(classes)].reduce((sum, { pods }) => sum + pods.length, 0);
}

function policyOfItsOwn(
  { engine }: KnownPolicies,
  pair: AnsweredPair,
  direction: Direction,
  kinds: readonly OwnKind[],
): Part | undefined {
  const { index } = engine;
  const [subject, other] = direction === 'ingress' ? [pair.to, pair.from] : [pair.from, pair.to];
  if (!subject.group) return undefined;
  const { namespace } = subject;
  const labels = tellingLabels(index, classesOf(index, pair, subject));
  for (const kind of kinds) {
    const rule = ruleFor(index, pair, direction, kind, namespace);
    if (!rule) continue;
    const name = freeName(index, kind, namespace, [
      ...['allow', direction === 'ingress' ? other.name : subject.name, 'to'],
      ...[direction === 'ingress' ? subject.name : other.name, String(pair.port.port.port)],
      ...(direction === 'egress' ? ['egress'] : []),
    ]);
    const object = policyWith(kind, { direction, namespace }, name, labels, rule);
    return { object, what: `adds ${kind} ${namespace}/${name}` };
  }
  return undefined;
}

type OwnKind = 'NetworkPolicy' | 'CiliumNetworkPolicy';

/** Where NetworkPolicies isolate, their authors read NetworkPolicies; what these cannot say Cilium's own can. */
function kindsFor({ isolating }: DirectionVerdict): readonly OwnKind[] {
  const plain = isolating.length > 0 && isolating.every(({ kind }) => kind === 'NetworkPolicy');
  return plain ? ['NetworkPolicy', 'CiliumNetworkPolicy'] : ['CiliumNetworkPolicy'];
}

function ruleFor(
  index: PolicyIndex,
  pair: AnsweredPair,
  direction: Direction,
  kind: Policy['ref']['kind'],
  namespace: string,
): RawObject | undefined {
  const other = direction === 'ingress' ? pair.from : pair.to;
  const peer = peerOf(index, pair, other);
  return peer && allowRule(kind, { direction, namespace, peer, port: pair.port.port });
}

function peerOf(index: PolicyIndex, pair: AnsweredPair, side: Side): AllowedPeer | undefined {
  const { peer, group, node, namespace } = side;
  if (group) return { type: 'pods', namespace, labels: tellingLabels(index, classesOf(index, pair, side)) };
  if (node === 'near') return { type: 'entities', entities: ['host'] };
  if (node === 'far') return { type: 'entities', entities: ['remote-node'] };
  if (node !== '') return { type: 'entities', entities: ['host', 'remote-node'] };
  if ('entity' in peer) return { type: 'entities', entities: [peer.entity] };
  if ('ip' in peer && !('fqdn' in peer) && peer.ip !== undefined) return { type: 'address', ip: peer.ip };
  // A name is only followed where the pod's DNS is seen; else the address is all there is.
  if (!('fqdn' in peer)) return undefined;
  if (seesDns(index, pair)) return { type: 'name', name: peer.fqdn };
  return peer.ip === undefined ? undefined : { type: 'address', ip: peer.ip };
}

function seesDns(index: PolicyIndex, { from }: AnsweredPair): boolean {
  if (!from.group) return false;
  const { allow } = index.applied(from.group.class, 'egress');
  return allow.some(
    ({ rule: { ports } }) => ports !== 'all' && ports.some((one) => one.type === 'transport' && one.l7?.type === 'dns'),
  );
}

/** Of all pods that the answer holds for. */
function classesOf({ identities }: PolicyIndex, { pods, from }: AnsweredPair, side: Side): readonly EndpointClass[] {
  const all = side === from ? pods.from : pods.to;
  return [...new Set([...all].flatMap((pod) => identities.classOf(pod) ?? []))];
}

type Tried = { mend: Mend; opens: number };

/** The whole of a change, tried, and how many other pairs it opens; undefined where it does not do what it is meant to. */
function* tried({ engine }: KnownPolicies, pair: AnsweredPair, parts: readonly Part[]): Turns<Tried | undefined> {
  const { index } = engine;
  const objects = parts.map(({ object }) => object);
  const { policies, problems } = readWritten(objects, index.facts.modes);
  if (problems.length > 0 || policies.some(({ rejected, served }) => rejected.length > 0 || !served)) return undefined;
  const replaced = new Set(policies.map(({ ref }) => policyKey(ref)));
  const after = engine.withPolicies([
    ...index.facts.policies.filter(({ ref }) => !replaced.has(policyKey(ref))),
    ...policies,
  ]);
  if (after.ask(pair.question).verdict !== 'allow') return undefined;
  const touched = touchedBy(index, policies);
  // What cannot be tried in about a second is not offered: of a policy about everybody every pair would be asked.
  if (touched.length * index.identities.classes.length > MOST_TRIED) return undefined;
  const { opened, closed } = yield* openedPairs(index, after.index, touched, pair.port.port);
  if (closed.size > 0) return undefined;
  const { pods } = pair;
  const meant = new Set(
    workloadNames(pods.from).flatMap((one) => workloadNames(pods.to).map((two) => `${one} → ${two}`)),
  );
  const others = [...opened].filter((name) => !meant.has(name)).toSorted();
  const [adds] = parts.flatMap((part) => part.adds ?? []);
  const mend = {
    what: `${parts.map(({ what }) => what).join(', and ')}; ${opensWords(pair, others)}`,
    yaml: objects.map((object) => yamlOf(object)).join('---\n'),
    objects,
    ...(adds && parts.length === 1 ? { adds } : {}),
  };
  return { mend, opens: others.length };
}

/** Pairs of classes. */
const MOST_TRIED = 50_000;

function touchedBy(index: PolicyIndex, policies: readonly Policy[]) {
  return policies.flatMap(({ ref, specs }) =>
    specs.flatMap(({ subject, rules }) => {
      if (subject.type === 'nodes') return [];
      const directions = new Set(rules.map(({ direction }) => direction));
      return index
        .classesOf(subject.selector, ref.namespace)
        .flatMap((one) => [...directions].map((direction) => ({ class: one, direction })));
    }),
  );
}

function opensWords({ from, to, port }: AnsweredPair, others: readonly string[]): string {
  const pair = `${sideWords(from)} → ${sideWords(to)} on ${portName(port.port)}`;
  const nodes = [from, to].some(({ node }) => node !== '')
    ? ' and whatever else is on a node’s network: policies do not tell these apart'
    : '';
  if (others.length === 0) return `opens ${pair}${nodes === '' ? ', no other pair of workloads' : nodes}`;
  const named = others.slice(0, 3).join(', ');
  return `opens ${pair}${nodes}, and ${others.length} more on that port: ${named}${others.length > 3 ? ' …' : ''}`;
}

function freeName({ facts }: PolicyIndex, kind: string, namespace: string, parts: readonly string[]): string {
  const wanted = parts
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MOST_NAME)
    .replace(/^-+|-+$/g, '');
  const taken = new Set(
    facts.policies.filter(({ ref }) => ref.kind === kind && ref.namespace === namespace).map(({ ref }) => ref.name),
  );
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}-${number}`;
  return name;
}

/** A name may have 253 characters; nobody reads so many. */
const MOST_NAME = 60;
