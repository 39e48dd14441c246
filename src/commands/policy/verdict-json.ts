import { groundOf } from '../../checks/policies/ground.ts';
import { lintAll } from '../../checks/policies/linter.ts';
import type { DirectionVerdict } from '../../model/policies/direction-verdict.ts';
import type { PolicyRef } from '../../model/policies/rule.ts';
import type { Engine, Question } from '../../model/policies/verdict.ts';
import { WRITTEN_KINDS } from '../../model/policies/written.ts';

/** An answer as `policy verdict` prints it; of what was denied for want of a rule it notes which rules came near. */
export function answerJson(engine: Engine, question: Question) {
  const { verdict, egress, ingress, l7, notes } = engine.ask(question);
  const near = (['egress', 'ingress'] as const).filter(
    (one) => (one === 'egress' ? egress : ingress).reason === 'default-deny',
  );
  const missed = near.flatMap((one) => engine.nearMisses(question, one).map(({ text }) => `nearly: ${text}`));
  return {
    verdict,
    egress: directionJson(egress),
    ingress: directionJson(ingress),
    l7: l7 ? { type: l7.type, port: l7.port } : null,
    notes: [...notes, ...missed],
  };
}

function directionJson(direction: DirectionVerdict) {
  const { verdict, reason } = direction;
  return { verdict, reason, decidedBy: decidedJson(direction) };
}

/** The rules that decided a direction; where none did and it is denied, the policies that isolate. */
export function decidedJson({ reason, rules, isolating }: DirectionVerdict): readonly Decided[] {
  return reason === 'default-deny' ? isolating.map((ref) => refJson(ref)) : rules.map((rule) => ruleJson(rule));
}

export type Decided = { kind: string; namespace?: string; name: string; rule?: string };

function ruleJson({ policy, path }: { policy: PolicyRef; path: string }): Decided {
  return { ...refJson(policy), ...(path === '' ? {} : { rule: path }) };
}

/** Clusterwide policies have no namespace. */
export function refJson({ kind, namespace, name }: PolicyRef): Decided {
  return { kind, ...(namespace === '' ? {} : { namespace }), name };
}

type LintLine = { severity: 'error' | 'warning' | 'note'; id: string; object: object; message: string };

/** What is wrong with the policies themselves, and would not be guessed from the verdicts. */
export function lintJson({ index }: Engine): readonly LintLine[] {
  const found = lintAll(groundOf(index)).filter(({ object }) => WRITTEN_KINDS.includes(object.kind));
  return found.map(({ lint: { id, severity }, object, lapse: { path, text } }) => ({
    severity,
    id,
    object: { kind: object.kind, namespace: object.namespace ?? '', name: object.name },
    message: path === 'policy' ? text : `${path}: ${text}`,
  }));
}
