import { text } from '../objects/raw.ts';
import { compareVerdicts } from './difference.ts';
import type { PolicyFacts } from './facts.ts';
import type { Judge, KnownPolicies } from './known-policies.ts';
import { countPairs, type Draft, type PairChange, type WhatIfReport } from './policy-asks.ts';
import { policySummary } from './policy-summary.ts';
import { readWritten } from './read-facts.ts';
import { type Policy, policyKey, policyText } from './rule.ts';
import type { Turns } from './turns.ts';
import { createEngine, type Engine } from './verdict.ts';
import { WRITTEN_KINDS } from './written.ts';

/** What would become of the cluster with a draft in force; a sentence where the draft cannot be taken for one. */
export function* whatIfReport(
  { engine }: Pick<KnownPolicies, 'engine'>,
  draft: Draft,
  judge: Judge,
  now: number,
): Turns<WhatIfReport | string> {
  const read = factsWith(engine.index.facts, draft);
  if (typeof read === 'string') return read;
  const { put, facts } = read;
  yield;
  const after = engineWith(engine, facts);
  yield;
  const { pairs, outside, undeclared, workloadPairs } = yield* compareVerdicts(engine, after, { undeclared: true });
  const isOutside = ({ from, to }: PairChange) => [from, to].some((end) => end.startsWith('entity:'));
  const differing = [...pairs, ...undeclared.filter((one) => !isOutside(one))];
  return {
    pairs,
    outside,
    undeclared,
    unchanged: workloadPairs - countPairs(differing),
    findings: put.flatMap((policy) => judge(policy, after.index).map((one) => ({ ...one, policy: policy.ref }))),
    summaries: put.map((policy) => policySummary(policy, after.index)),
    at: now,
  };
}

type Facts = Pick<PolicyFacts, 'policies' | 'groups'>;

function factsWith(facts: PolicyFacts, { put, remove }: Draft): { put: readonly Policy[]; facts: Facts } | string {
  const stranger = put.find(({ kind }) => !WRITTEN_KINDS.includes(String(kind)));
  if (stranger) return `${text(stranger.kind) || 'An object without a kind'} is no policy.`;
  const { policies, groups, problems } = readWritten(put, facts.modes);
  const [problem] = problems;
  if (problem !== undefined) return `In the draft ${problem}.`;
  const nameless = policies.find(({ ref }) => ref.name === '');
  if (nameless) return `A ${nameless.ref.kind} has no name.`;
  const known = new Set(facts.policies.map(({ ref }) => policyKey(ref)));
  const missing = remove.find((ref) => !known.has(policyKey(ref)));
  if (missing) return `There is no ${policyText(missing)} to remove.`;
  const gone = new Set([...policies.map(({ ref }) => ref), ...remove].map(policyKey));
  const replaced = new Set(groups.map(({ name }) => name));
  return {
    put: policies,
    facts: {
      policies: [...facts.policies.filter(({ ref }) => !gone.has(policyKey(ref))), ...policies],
      groups: [...facts.groups.filter(({ name }) => !replaced.has(name)), ...groups],
    },
  };
}

/** Groups are looked up when the policies are put together: with others everything is. */
function engineWith(engine: Engine, { policies, groups }: Facts): Engine {
  const { facts } = engine.index;
  const same = groups.length === facts.groups.length && groups.every((one, index) => one === facts.groups[index]);
  return same ? engine.withPolicies(policies) : createEngine({ ...facts, policies, groups });
}
