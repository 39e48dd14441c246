import type { PeerIdentity } from './ends.ts';
import type { PolicyFacts, TieredPolicy } from './facts.ts';
import { type EndpointClass, type Identities, sortIntoClasses } from './identities.ts';
import type { Match } from './match.ts';
import { resolvePeers } from './resolve-peers.ts';
import { type Direction, type Policy, type PolicyRef, policyKey, policyText, type Rule, type Spec } from './rule.ts';
import { matchSelector, type Selector } from './selector.ts';

/** A rule that is about a class of pods. */
export type AppliedRule = { rule: Rule /** Why it may not be in force, else ''. */; doubt: string };

/** What holds for a class of pods in one direction. */
export type Applied = {
  deny: readonly AppliedRule[];
  allow: readonly AppliedRule[];
  /** Policies that isolate it for certain. */
  isolating: readonly PolicyRef[];
  isolated: Match;
  /** Why nothing is certain here. */
  doubts: readonly string[];
};

export type PolicyIndex = {
  facts: PolicyFacts;
  identities: Identities;
  applied(subject: EndpointClass, direction: Direction): Applied;
  selects(selector: Selector, identity: PeerIdentity): Match;
  /** Pods of a namespace that a selector selects, or may; '' = of all of them. */
  classesOf(selector: Selector, namespace: string): readonly EndpointClass[];
  /** The same cluster with other policies: only what the difference touches is found anew. */
  withPolicies(policies: readonly Policy[]): PolicyIndex;
  /** What is known now, with pods in classes of the same sorter: what did not change is not found anew. */
  withFacts(facts: PolicyFacts, identities: Identities): PolicyIndex;
};

/**
 * Finds by identity what the policies say, and remembers it. Equal selectors are matched once against a class of pods,
 * whatever policies they stand in.
 */
export function createPolicyIndex(facts: PolicyFacts, identities = sortIntoClasses(facts)): PolicyIndex {
  return indexOf(facts, identities, {
    numbers: new Map(),
    matches: new WeakMap(),
    selected: new Map(),
    specs: new Map(),
    applied: new Map(),
  });
}

type Memory = {
  /** Selectors by their id. */
  numbers: Map<string, number>;
  /** By the selector's number. */
  matches: WeakMap<EndpointClass, Match[]>;
  /** Whom they select, by the namespace and the selector's id; while the classes are the same. */
  selected: Map<string, readonly EndpointClass[]>;
  /** Of each policy, with its groups and services looked up. */
  specs: Map<Policy, readonly Spec[]>;
  applied: Map<EndpointClass, Record<Direction, Applied>>;
};

function indexOf(facts: PolicyFacts, identities: Identities, memory: Memory): PolicyIndex {
  const { numbers, matches, selected, applied } = memory;
  const byNamespace = Map.groupBy(facts.policies, ({ ref }) => ref.namespace);

  function selects(selector: Selector, { class: found, labels }: PeerIdentity): Match {
    return found ? selectsClass(selector, found) : matchSelector(selector, labels);
  }

  function numberOf({ id }: Selector): number {
    const known = numbers.get(id);
    if (known !== undefined) return known;
    numbers.set(id, numbers.size);
    return numbers.size - 1;
  }

  function selectsClass(selector: Selector, subject: EndpointClass): Match {
    let known = matches.get(subject);
    if (!known) {
      known = [];
      matches.set(subject, known);
    }
    const number = numberOf(selector);
    const found = known[number] ?? matchSelector(selector, subject.labels);
    known[number] = found;
    return found;
  }

  function classesOf(selector: Selector, namespace: string): readonly EndpointClass[] {
    const key = `${namespace}\n${selector.id}`;
    let found = selected.get(key);
    if (!found) {
      const among = namespace === '' ? identities.classes : identities.inNamespace(namespace);
      found = among.filter((one) => selectsClass(selector, one) !== 'no');
      selected.set(key, found);
    }
    return found;
  }

  function specsOf(policy: Policy): readonly Spec[] {
    let found = memory.specs.get(policy);
    if (!found) {
      found = policy.specs.map((spec) => withPeers(spec, facts));
      memory.specs.set(policy, found);
    }
    return found;
  }

  function find(subject: EndpointClass): Record<Direction, Applied> {
    const namespaces = subject.namespace === '' ? [''] : [subject.namespace, ''];
    const about = namespaces
      .flatMap((namespace) => byNamespace.get(namespace) ?? [])
      .flatMap((policy) =>
        specsOf(policy).flatMap((spec) => {
          if (spec.subject.type === 'nodes') return [];
          const match = selectsClass(spec.subject.selector, subject);
          if (match === 'no') return [];
          const unsure = match === 'unknown' ? `whether ${policyText(policy.ref)} selects it is not known` : '';
          return spec.rules.map((rule) => ({ rule, doubt: policy.doubt === '' ? unsure : policy.doubt }));
        }),
      );
    const tiered = facts.tiered.filter((one) => !one.subject || selectsClass(one.subject, subject) !== 'no');
    // Without labels it is denied everything that no rule allows (domain §7.1.5).
    const always = facts.modes.enforcement === 'always' || subject === identities.reserved.init;
    const summary = (direction: Direction) => summarise(direction, about, tiered, facts, always);
    return { ingress: summary('ingress'), egress: summary('egress') };
  }

  return {
    facts,
    identities,
    selects,
    classesOf,
    applied(subject, direction) {
      let known = applied.get(subject);
      if (!known) {
        known = find(subject);
        applied.set(subject, known);
      }
      return known[direction];
    },
    withPolicies: (policies) => changed({ ...facts, policies }, identities),
    withFacts: changed,
  };

  function changed(next: PolicyFacts, among: Identities): PolicyIndex {
    const others = next.groups !== facts.groups || next.services !== facts.services;
    const specs: Memory['specs'] = new Map();
    for (const policy of next.policies) {
      const known = memory.specs.get(policy);
      if (known && !(others && looksUp(policy))) specs.set(policy, known);
    }
    const same = among === identities;
    const kept = { ...memory, specs, selected: same ? selected : new Map(), applied: untouched(next, among) };
    return indexOf(next, among, kept);
  }

  /** What holds for classes about which none of the policies is that changed. */
  function untouched(next: PolicyFacts, among: Identities): Memory['applied'] {
    if (next.modes !== facts.modes || next.tiered !== facts.tiered || next.unread !== facts.unread) return new Map();
    const kept = new Map(applied);
    if (among !== identities) {
      const there = new Set([...among.classes, ...Object.values(among.reserved)]);
      for (const one of kept.keys()) if (!there.has(one)) kept.delete(one);
    }
    for (const { ref, specs } of differing(facts, next))
      for (const { subject } of specs) {
        for (const one of classesOf(subject.selector, ref.namespace)) kept.delete(one);
        if (ref.namespace !== '') continue;
        for (const one of Object.values(identities.reserved))
          if (selectsClass(subject.selector, one) !== 'no') kept.delete(one);
      }
    return kept;
  }
}

/** Policies that are in one of the two only, and those whose groups or services may be others. */
function differing(before: PolicyFacts, after: PolicyFacts): readonly Policy[] {
  const [old, now] = [new Set(before.policies), new Set(after.policies)];
  const others = before.groups !== after.groups || before.services !== after.services;
  return [
    ...after.policies.filter((policy) => !old.has(policy) || (others && looksUp(policy))),
    ...before.policies.filter((policy) => !now.has(policy)),
  ];
}

function looksUp({ specs }: Policy): boolean {
  return specs.some(({ rules }) => rules.some(namesOthers));
}

/** Its peers are to be looked up among groups or services. */
function namesOthers({ peers }: Rule): boolean {
  return peers.some(({ type }) => type === 'group' || type === 'service');
}

function withPeers(spec: Spec, facts: PolicyFacts): Spec {
  if (!spec.rules.some(namesOthers)) return spec;
  return {
    ...spec,
    rules: spec.rules.map((rule) => (namesOthers(rule) ? { ...rule, peers: resolvePeers(rule, facts) } : rule)),
  };
}

function summarise(
  direction: Direction,
  about: readonly AppliedRule[],
  tiered: readonly TieredPolicy[],
  { modes, unread }: PolicyFacts,
  always: boolean,
): Applied {
  const rules = about
    .filter(({ rule }) => rule.direction === direction)
    // Kubernetes ignores rules of a direction that policyTypes leaves out; Cilium does not (domain §7.2).
    .filter(({ rule }) => !(rule.outsidePolicyTypes && modes.dialect === 'generic'));
  const isolating = rules.filter(({ rule }) => rule.defaultDeny);
  const certain = isolating.filter(({ doubt }) => doubt === '');
  return {
    deny: rules.filter(({ rule }) => rule.deny),
    allow: rules.filter(({ rule }) => !rule.deny),
    isolating: [...new Map(certain.map(({ rule }) => [policyKey(rule.policy), rule.policy])).values()],
    isolated: always || certain.length > 0 ? 'yes' : isolating.length > 0 ? 'unknown' : 'no',
    doubts: [
      ...unread,
      ...tiered
        .filter((policy) => policy[direction])
        .map(({ kind, name }) => `${kind} ${name} comes before or after all others and is not evaluated`),
    ],
  };
}
