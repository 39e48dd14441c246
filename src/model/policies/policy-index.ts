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
};

/**
 * Finds by identity what the policies say, and remembers it. Equal selectors are matched once against a class of pods,
 * whatever policies they stand in.
 */
export function createPolicyIndex(facts: PolicyFacts): PolicyIndex {
  return indexOf(facts, {
    identities: sortIntoClasses(facts),
    selections: new Map(),
    specs: new Map(),
    applied: new Map(),
  });
}

type Memory = {
  identities: Identities;
  /** By the selector's id, then by the class's. */
  selections: Map<string, Match[]>;
  /** Of each policy, with its groups and services looked up. */
  specs: Map<Policy, readonly Spec[]>;
  /** By the class's id. */
  applied: Map<number, Record<Direction, Applied>>;
};

function indexOf(facts: PolicyFacts, memory: Memory): PolicyIndex {
  const { identities, selections, applied } = memory;
  const byNamespace = Map.groupBy(facts.policies, ({ ref }) => ref.namespace);

  let sorted: Map<string, EndpointClass[]> | undefined;
  function classesByNamespace(): Map<string, EndpointClass[]> {
    sorted ??= Map.groupBy(identities.classes, ({ namespace }) => namespace);
    return sorted;
  }

  function selects(selector: Selector, { class: found, labels }: PeerIdentity): Match {
    return found ? selectsClass(selector, found) : matchSelector(selector, labels);
  }

  function selectsClass(selector: Selector, { id, labels }: EndpointClass): Match {
    let known = selections.get(selector.id);
    if (!known) {
      known = [];
      selections.set(selector.id, known);
    }
    const found = known[id] ?? matchSelector(selector, labels);
    known[id] = found;
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
    classesOf(selector, namespace) {
      const among = namespace === '' ? identities.classes : (classesByNamespace().get(namespace) ?? []);
      return among.filter((one) => selectsClass(selector, one) !== 'no');
    },
    applied(subject, direction) {
      const known = applied.get(subject.id) ?? find(subject);
      applied.set(subject.id, known);
      return known[direction];
    },
    withPolicies(policies) {
      const touched = touchedNamespaces(facts.policies, policies);
      const kept = touched.has('')
        ? []
        : [...applied].filter(([id]) => !touched.has(identities.classes[id]?.namespace ?? ''));
      return indexOf({ ...facts, policies }, { ...memory, applied: new Map(kept) });
    },
  };
}

/** Namespaces whose policies differ; '' = clusterwide ones do. */
function touchedNamespaces(before: readonly Policy[], after: readonly Policy[]): ReadonlySet<string> {
  const old = new Set(before);
  const now = new Set(after);
  const changed = [...after.filter((policy) => !old.has(policy)), ...before.filter((policy) => !now.has(policy))];
  return new Set(changed.map(({ ref }) => ref.namespace));
}

function withPeers(spec: Spec, facts: PolicyFacts): Spec {
  const looksUp = ({ peers }: Rule) => peers.some(({ type }) => type === 'group' || type === 'service');
  if (!spec.rules.some(looksUp)) return spec;
  return {
    ...spec,
    rules: spec.rules.map((rule) => (looksUp(rule) ? { ...rule, peers: resolvePeers(rule, facts) } : rule)),
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
