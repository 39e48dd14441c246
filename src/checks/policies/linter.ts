import type { PolicyEdit } from '../../model/policies/policy-edit.ts';
import { type Policy, policyKey } from '../../model/policies/rule.ts';
import type { ObjectRef } from '../../model/ref.ts';
import type { Ground } from './ground.ts';
import { lints } from './index.ts';
import type { Lapse, Lint, Need } from './lint.ts';

/** One thing that is wrong, and with what. */
export type Found = { lint: Lint; object: ObjectRef; lapse: Lapse };

/** Everything that is wrong with a policy, in the order of the lints. */
export function lintPolicy(policy: Policy, ground: Ground): readonly Found[] {
  return seeing(ground).flatMap((lint) => lintBy(lint, policy, ground));
}

/** Everything that is wrong, lint by lint, each with the policies in their order. */
export function lintAll(ground: Ground): readonly Found[] {
  return seeing(ground).flatMap((lint) => [
    ...ground.facts.policies.flatMap((policy) => lintBy(lint, policy, ground)),
    ...aroundBy(lint, ground),
  ]);
}

/** Why a lint can say nothing of this cluster; '' where it can. */
export function blindness({ needs = [], blind }: Lint, ground: Ground): string {
  const missing = needs.find((need) => !isKnown(need, ground));
  return missing ? NOT_KNOWN[missing] : (blind?.(ground) ?? '');
}

/** Lints a cluster again and again. */
export type Linter = { look(ground: Ground): readonly Found[] };

/**
 * Looks again only at what a change may have touched: an edited policy and those about the same pods. Where pods or
 * nodes changed everything may be touched, and everything is looked at again, but not more often than every few seconds.
 */
export function createLinter(): Linter {
  const memories = new Map<Policy, Memory>();
  let around: readonly Found[] = [];
  let last: { ground: Ground; all: readonly Found[] } | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;

  return {
    look(ground) {
      const isNew = ground.cluster !== last?.ground.cluster;
      // What is not in a class (addresses, pods of the hosts' network) is looked at now and then.
      const isOld = ground.facts.pods !== last?.ground.facts.pods && ground.now - lookedAt >= betweenPodsMs;
      if (
        !isNew &&
        !isOld &&
        ground.edits === last?.ground.edits &&
        ground.facts.policies === last?.ground.facts.policies
      )
        return last.all;
      const waited = ground.now - lookedAt;
      const due = isOld || (isNew && (waited < 0 || waited >= betweenMs));
      if (due) lookedAt = ground.now;
      const { policies } = ground.facts;
      const able = seeing(ground);
      for (const policy of policies) {
        const stamp = stampOf(policy, ground);
        const known = memories.get(policy);
        if (known && !due && isEqual(known.stamp, stamp)) continue;
        memories.set(policy, { stamp, found: able.flatMap((lint) => lintBy(lint, policy, ground)) });
      }
      const there = new Set(policies);
      for (const policy of memories.keys()) if (!there.has(policy)) memories.delete(policy);
      around = able.flatMap((lint) => aroundBy(lint, ground));
      const all = [...policies.flatMap((policy) => memories.get(policy)?.found ?? []), ...around];
      // What was put off is not done: the next look finds the cluster new again.
      if (!isNew || due) last = { ground, all };
      return all;
    },
  };
}

const betweenMs = 5_000;
const betweenPodsMs = 60_000;

/** What a policy's lapses depend on besides the cluster. */
type Memory = { stamp: readonly (Policy | PolicyEdit)[]; found: readonly Found[] };

function stampOf(policy: Policy, ground: Ground): Memory['stamp'] {
  const edits = ground.edits?.filter(({ ref }) => policyKey(ref) === policyKey(policy.ref)) ?? [];
  return [...edits, ...ground.neighbours(policy)];
}

function isEqual(a: Memory['stamp'], b: Memory['stamp']): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

function seeing(ground: Ground): readonly Lint[] {
  return lints.filter((lint) => blindness(lint, ground) === '');
}

function lintBy(lint: Lint, policy: Policy, ground: Ground): readonly Found[] {
  const { kind, namespace, name } = policy.ref;
  const object = namespace === '' ? { kind, name } : { kind, namespace, name };
  return lint.look(policy, ground).map((lapse) => ({ lint, object, lapse }));
}

function aroundBy(lint: Lint, ground: Ground): readonly Found[] {
  return (lint.lookAround?.(ground) ?? []).map(({ object, ...lapse }) => ({ lint, object, lapse }));
}

function isKnown(need: Need, { facts, edits }: Ground): boolean {
  return need === 'edits' ? edits !== undefined : facts[need].length > 0;
}

const NOT_KNOWN: Readonly<Record<Need, string>> = {
  pods: 'no pods are known',
  nodes: 'no nodes are known',
  services: 'no services are known',
  edits: 'nobody watched policies change',
};
