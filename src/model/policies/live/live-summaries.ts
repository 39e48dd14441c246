import { isDeepStrictEqual } from 'node:util';
import type { PolicySummary } from '../policy-asks.ts';
import type { PolicyIndex } from '../policy-index.ts';
import { policySummary } from '../policy-summary.ts';
import { type Policy, policyKey } from '../rule.ts';

/** Summaries that are made again only where something changed; one that says the same stays the same object. */
export type LiveSummaries = {
  /** `touched` = namespaces in which pods came, went or changed; `uncounted` = which pods there are is not known yet. */
  follow(index: PolicyIndex, touched: ReadonlySet<string>, uncounted: boolean): ReadonlyMap<string, PolicySummary>;
};

export function createLiveSummaries(): LiveSummaries {
  let known: ReadonlyMap<string, { policy: Policy; summary: PolicySummary }> = new Map();
  let summaries: ReadonlyMap<string, PolicySummary> = new Map();
  let last: { index: PolicyIndex; uncounted: boolean } | undefined;

  return {
    follow(index, touched, uncounted) {
      if (last?.index === index && last.uncounted === uncounted) return summaries;
      const { modes, namespaces } = index.facts;
      const all =
        last?.index.facts.modes !== modes || last.index.facts.namespaces !== namespaces || last.uncounted !== uncounted;
      const isTouched = (policy: Policy) =>
        all || touched.has(policy.ref.namespace) || (policy.ref.namespace === '' && touched.size > 0);
      const next = new Map<string, { policy: Policy; summary: PolicySummary }>();
      for (const policy of index.facts.policies) {
        const key = policyKey(policy.ref);
        const before = known.get(key);
        if (before?.policy === policy && !isTouched(policy)) next.set(key, before);
        else {
          const made = policySummary(policy, index);
          const summary = uncounted ? { ...made, selects: -1 } : made;
          next.set(key, {
            policy,
            summary: isDeepStrictEqual(before?.summary, summary) && before ? before.summary : summary,
          });
        }
      }
      known = next;
      summaries = new Map([...next].map(([key, { summary }]) => [key, summary]));
      last = { index, uncounted };
      return summaries;
    },
  };
}
