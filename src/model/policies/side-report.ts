import type { DirectionVerdict } from './direction-verdict.ts';
import type { RuleReport, SideReport } from './policy-asks.ts';
import type { PolicyIndex } from './policy-index.ts';
import { type Direction, type Policy, policyKey, type Rule } from './rule.ts';
import { ruleWords } from './rule-words.ts';
import type { Side } from './sides.ts';
import type { Engine, Question } from './verdict.ts';

/** A direction of an answer in words. `side` is the end whose policies it is about. */
export function sideReport(
  engine: Engine,
  question: Question,
  direction: Direction,
  found: DirectionVerdict,
  side: Side,
): SideReport {
  const { index } = engine;
  const near = found.reason === 'default-deny' ? engine.nearMisses(question, direction) : [];
  return {
    verdict: found.verdict,
    reason: reasonWords(found, side),
    rules: found.rules.map((rule) => ruleReport(index, rule)),
    isolating: found.isolating,
    nearMisses: near.map(({ rule, miss }) => ({ ...ruleReport(index, rule), miss })),
    doubts: found.doubts,
  };
}

/** In the words it was written in: what stands in the index has its groups and services looked up already. */
export function ruleReport({ facts }: PolicyIndex, { policy, path, direction }: Rule): RuleReport {
  const written = facts.policies.find(({ ref }) => policyKey(ref) === policyKey(policy));
  return { policy, path, text: written ? wordsOf(written, path, direction) : '' };
}

function wordsOf({ specs, remarks }: Policy, path: string, direction: Direction): string {
  const rule = specs.flatMap(({ rules }) => rules).find((one) => one.path === path && one.direction === direction);
  return rule ? ruleWords(rule, remarks) : '';
}

function reasonWords({ verdict, reason, rules }: DirectionVerdict, side: Side): string {
  switch (reason) {
    case 'rule':
      return 'allowed by rule';
    case 'explicit-deny':
      return `denied by rule${rules.length > 1 ? 's' : ''}`;
    case 'default-deny':
      return 'default deny';
    case 'local-host':
      return 'its own node always may';
    case 'not-isolated':
      return side.group ? 'not isolated' : 'a node: policies do not hold for it';
    case 'outside-cluster':
      return side.kind === 'Entity' && side.name !== 'world'
        ? 'no pod: policies do not hold for it'
        : 'outside the cluster';
    case 'unknown':
      return verdict === 'unknown' ? 'not known' : verdict;
  }
}
