import type { KnownPolicies } from './known-policies.ts';
import type { PairReport } from './policy-asks.ts';
import type { PolicyEdit } from './policy-edit.ts';
import type { PolicyIndex } from './policy-index.ts';
import { type Policy, policyKey } from './rule.ts';
import type { Side } from './sides.ts';
import type { Engine, Question } from './verdict.ts';

/** Of a pair under the policies as they stood before each edit that is about one of its ends, the newest edit first. */
export function earlierVerdicts(
  { engine, edits }: Pick<KnownPolicies, 'engine' | 'edits'>,
  { question, from, to }: { question: Question; from: Side; to: Side },
  /** Of the policies before each edit: what was put together for one pair is there for the next. */
  engines: Map<PolicyEdit, Engine>,
): PairReport['earlier'] {
  const namespaces = new Set(['', from.namespace, to.namespace]);
  const earlier: PairReport['earlier'][number][] = [];
  let policies = engine.index.facts.policies;
  for (const edit of edits.toReversed()) {
    if (earlier.length >= MOST) break;
    const undone = before(policies, edit);
    if (namespaces.has(edit.ref.namespace) && isAbout(engine.index, edit, [from, to])) {
      const then = engines.get(edit) ?? engine.withPolicies(undone);
      engines.set(edit, then);
      const { verdict } = then.ask(question);
      earlier.push({ before: edit.at, policy: edit.ref, verdict });
    }
    policies = undone;
  }
  return earlier;
}

const MOST = 10;

function before(policies: readonly Policy[], edit: PolicyEdit): readonly Policy[] {
  const others = policies.filter(({ ref }) => policyKey(ref) !== policyKey(edit.ref));
  return edit.before ? [...others, edit.before] : others;
}

function isAbout(index: PolicyIndex, { before: was, after }: PolicyEdit, sides: readonly Side[]): boolean {
  const specs = [was, after].flatMap((policy) => policy?.specs ?? []);
  const groups = sides.flatMap(({ group }) => group ?? []);
  return specs.some(({ subject, policy }) => {
    if (subject.type === 'nodes') return false;
    const selected = index.classesOf(subject.selector, policy.namespace);
    return groups.some((group) => selected.includes(group.class));
  });
}
