import { expect, it } from 'vitest';
import { type Ground, groundOf } from '../../../src/checks/policies/ground.ts';
import { createLinter, type Found, lintAll } from '../../../src/checks/policies/linter.ts';
import type { PolicyEdit } from '../../../src/model/policies/policy-edit.ts';
import { createPolicyIndex } from '../../../src/model/policies/policy-index.ts';
import { type Policy, policyKey } from '../../../src/model/policies/rule.ts';
import { fc } from '../../fixtures/seeded.ts';
import { randomPolicies } from '../../model/policies/random-policies.ts';
import { cnp, shop } from '../../model/policies/shop.ts';

const words = (found: readonly Found[]) =>
  found.map(({ lint, object, lapse }) => JSON.stringify([lint.id, object, lapse])).sort();

/** Policies as they come of a watch: one that says the same is the same object. */
function next(policies: readonly Policy[], yaml: string): readonly Policy[] {
  const known = new Map(policies.map((policy) => [JSON.stringify(policy), policy]));
  return shop(yaml).index.facts.policies.map((policy) => known.get(JSON.stringify(policy)) ?? policy);
}

function editsBetween(before: readonly Policy[], after: readonly Policy[], at: number): readonly PolicyEdit[] {
  const [old, now] = [before, after].map((all) => new Map(all.map((one) => [policyKey(one.ref), one])));
  return [...new Map([...(old ?? []), ...(now ?? [])])].flatMap(([key, { ref }]) => {
    const [was, is] = [old?.get(key), now?.get(key)];
    return was === is ? [] : [{ at, ref, who: '', ...(was ? { before: was } : {}), ...(is ? { after: is } : {}) }];
  });
}

it('after any edits it finds what one finds who looks for the first time', () => {
  fc.assert(
    fc.property(fc.array(randomPolicies, { minLength: 2, maxLength: 6 }), (steps) => {
      const { index: bare } = shop('');
      const linter = createLinter();
      let ground: Ground | undefined;
      let index = bare;
      let edits: readonly PolicyEdit[] = [];
      for (const [now, yaml] of steps.entries()) {
        const policies = next(index.facts.policies, yaml);
        if (now > 0) edits = [...edits, ...editsBetween(index.facts.policies, policies, now)];
        index = index.withPolicies(policies);
        ground = groundOf(index, { edits, now }, ground);
        const fresh = groundOf(createPolicyIndex(index.facts, index.identities), { edits, now });
        expect(words(linter.look(ground))).toEqual(words(lintAll(fresh)));
      }
    }),
    { numRuns: 60 },
  );
});

it('an edit is looked at at once, however lately a pod of a new kind came', () => {
  const wrong = cnp('{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEndpoints: []}]}');
  const linter = createLinter();
  const before = groundOf(shop('').index, { edits: [], now: 0 });
  linter.look(before);
  const pod = '{kind: Pod, metadata: {name: n, namespace: shop, labels: {app: nobody}}, spec: {containers: []}}';
  const after = groundOf(shop(wrong, { objects: pod }).index, { edits: [], now: 1 }, before);
  expect(linter.look(after).map(({ lint: { id } }) => id)).toContain('policies/empty-peer-list');
});
