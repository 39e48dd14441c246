import type { EndpointClass } from '../../model/policies/identities.ts';
import { type Direction, type Policy, policyKey, type Rule, type Spec } from '../../model/policies/rule.ts';
import type { Ground } from './ground.ts';

/** Every rule of a policy that is in force, with the spec it stands in. */
export function rulesOf({ specs }: Policy): readonly { spec: Spec; rule: Rule }[] {
  return specs.flatMap((spec) => spec.rules.map((rule) => ({ spec, rule })));
}

/** Where a rule stands, from the policy's root: `spec.ingress[0]`. */
export function pathOf({ path }: Rule, spec: Spec): string {
  if (path === '') return spec.path;
  return path.startsWith('specs[') ? path : `${spec.path}.${path}`;
}

/** Pods that a policy isolates, where no other is named before it: what is true of them is said of one policy only. */
export function isolatedFirstBy(policy: Policy, direction: Direction, ground: Ground): readonly EndpointClass[] {
  const key = policyKey(policy.ref);
  return policy.specs
    .filter(({ subject, rules }) => subject.type === 'pods' && rules.some((rule) => rule.direction === direction))
    .flatMap(({ subject }) => ground.classesOf(subject.selector, policy.ref.namespace))
    .filter((one) => {
      const [first] = ground.applied(one, direction).isolating;
      return first !== undefined && policyKey(first) === key;
    });
}
