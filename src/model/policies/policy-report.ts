import type { Judge, KnownPolicies } from './known-policies.ts';
import type { PolicyReport } from './policy-asks.ts';
import { policySummary, selectedPods } from './policy-summary.ts';
import { type Policy, type PolicyRef, policyKey, policyText } from './rule.ts';
import { ruleWords, subjectWords } from './rule-words.ts';

/** A policy in plain sentences, and whom it selects; a sentence where there is none. */
export function policyReport(
  { engine: { index }, edits }: Pick<KnownPolicies, 'engine' | 'edits'>,
  ref: PolicyRef,
  judge: Judge,
  now: number,
): PolicyReport | string {
  const policy = index.facts.policies.find((one) => policyKey(one.ref) === policyKey(ref));
  if (!policy) return `There is no ${policyText(ref)}.`;
  const before = edits.filter((edit) => policyKey(edit.ref) === policyKey(ref)).toReversed();
  return {
    ...policySummary(policy, index),
    about: [...new Set(policy.specs.map(subjectWords))],
    rules: rulesOf(policy),
    earlier: before.map((edit) => ({
      until: edit.at,
      by: edit.who,
      rules: (edit.before ? rulesOf(edit.before) : []).map(({ path, text }) => ({ path, text })),
    })),
    subjects: workloadsOf(selectedPods(policy, index)),
    findings: judge(policy, index, { edits, now }),
  };
}

function rulesOf({ specs, remarks }: Policy): PolicyReport['rules'] {
  return specs
    .flatMap(({ rules }) => rules)
    .map((rule) => ({ path: rule.path, direction: rule.direction, text: ruleWords(rule, remarks) }));
}

function workloadsOf(pods: ReturnType<typeof selectedPods>): PolicyReport['subjects'] {
  const found = new Map<string, { kind: string; namespace: string; name: string; pods: number }>();
  for (const { namespace, workload } of pods) {
    const key = `${namespace}/${workload.name}/${workload.kind}`;
    const known = found.get(key) ?? { ...workload, namespace, pods: 0 };
    found.set(key, { ...known, pods: known.pods + 1 });
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
