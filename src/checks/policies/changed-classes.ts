import type { EndpointClass } from '../../model/policies/identities.ts';
import type { PolicyIndex } from '../../model/policies/policy-index.ts';

/** Classes of pods that are in both, and for which other rules hold than before. */
export function changedClasses(before: PolicyIndex, after: PolicyIndex): ReadonlySet<EndpointClass> {
  if (before === after) return new Set();
  const { classes } = after.identities;
  const known = before.identities === after.identities ? undefined : new Set(before.identities.classes);
  // An index keeps what an edit does not touch: the same value says the same, and another nearly always something else.
  return new Set(
    classes.filter(
      (one) => (known?.has(one) ?? true) && before.applied(one, 'ingress') !== after.applied(one, 'ingress'),
    ),
  );
}
