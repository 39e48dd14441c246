import type { EndpointClass } from '../../model/policies/identities.ts';
import { type Policy, policyKey, type Rule } from '../../model/policies/rule.ts';
import { number } from '../words.ts';
import type { Ground } from './ground.ts';
import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';

export const policyMapPressure: Lint = {
  id: 'policies/policy-map-pressure',
  title: 'Policy map that is nearly full',
  why: 'An endpoint’s policy map has an entry for each identity and port that its rules let in or out. Once it is full (bpf-policy-map-max) entries are missing, and what they would allow is dropped.',
  severity: 'warning',
  needs: ['pods'],
  look(policy, ground) {
    const max = ground.facts.modes.policyMapMax;
    for (const { subject } of policy.specs) {
      if (subject.type === 'nodes') continue;
      for (const one of ground.classesOf(subject.selector, policy.ref.namespace)) {
        const rules = rulesAbout(one, ground);
        const entries = sum(rules, ground);
        if (entries < max * NEARLY) continue;
        const byPolicy = Map.groupBy(rules, (rule) => policyKey(rule.policy));
        const own = sum(byPolicy.get(policyKey(policy.ref)) ?? [], ground);
        // Said once, of the policy that brings the most.
        if ([...byPolicy.values()].some((others) => sum(others, ground) > own)) continue;
        const [pod] = one.pods;
        const text = `≈${number(entries)} entries for ${pod?.namespace}/${pod?.name}, where a policy map holds ${number(max)}; ${number(own)} of them by this policy`;
        return [{ path: largestPath(policy, ground), text, next: NEXT }];
      }
    }
    return [];
  },
};

const NEARLY = 0.9;
const NEXT = 'Select fewer pods, or write toEntities: [cluster] in place of a selector of every pod.';

function rulesAbout(one: EndpointClass, ground: Ground): readonly Rule[] {
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const { allow, deny } = ground.applied(one, direction);
    return [...allow, ...deny].map(({ rule }) => rule);
  });
}

function sum(rules: readonly Rule[], ground: Ground): number {
  return rules.reduce((total, rule) => total + ground.mapEntries(rule), 0);
}

function largestPath(policy: Policy, ground: Ground): string {
  const [largest] = rulesOf(policy).toSorted((a, b) => ground.mapEntries(b.rule) - ground.mapEntries(a.rule));
  return largest ? pathOf(largest.rule, largest.spec) : 'policy';
}
