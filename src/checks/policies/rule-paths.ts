import type { Policy, Rule, Spec } from '../../model/policies/rule.ts';

/** Every rule of a policy that is in force, with the spec it stands in. */
export function rulesOf({ specs }: Policy): readonly { spec: Spec; rule: Rule }[] {
  return specs.flatMap((spec) => spec.rules.map((rule) => ({ spec, rule })));
}

/** Where a rule stands, from the policy's root: `spec.ingress[0]`. */
export function pathOf({ path }: Rule, spec: Spec): string {
  if (path === '') return spec.path;
  return path.startsWith('specs[') ? path : `${spec.path}.${path}`;
}
