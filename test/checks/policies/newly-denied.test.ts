import { expect, it } from 'vitest';
import { createNewlyDenied } from '../../../src/checks/policies/newly-denied.ts';
import { portsToAsk } from '../../../src/model/policies/asked-ports.ts';
import { groupPods, isOnePod, pairVerdict } from '../../../src/model/policies/groups.ts';
import type { PolicyIndex } from '../../../src/model/policies/policy-index.ts';
import type { Policy } from '../../../src/model/policies/rule.ts';
import { fc } from '../../fixtures/seeded.ts';
import { randomPolicies } from '../../model/policies/random-policies.ts';
import { type Setting, shop } from '../../model/policies/shop.ts';

/** Every pair is asked, before and now. */
function naively(before: Policy | undefined, now: Policy | undefined, index: PolicyIndex): string[] {
  const beside = index.facts.policies.filter((policy) => policy !== now);
  const earlier = index.withPolicies(before ? [...beside, before] : beside);
  const asked = portsToAsk([before, now].filter((policy) => policy !== undefined));
  const groups = groupPods(index);
  const name = ({ namespace, name: own }: (typeof groups)[number]) => `${namespace}/${own}`;
  return groups.flatMap((from) =>
    groups
      .filter((to) => !isOnePod(from, to))
      .flatMap((to) =>
        asked(to.declared)
          .filter((port) => pairVerdict(index, from, to, port) === 'deny')
          .filter((port) => pairVerdict(earlier, from, to, port) === 'allow')
          .map(({ port, protocol }) => `${name(from)} → ${name(to)} ${port}/${protocol}`),
      ),
  );
}

it.each<[string, Setting]>([
  ['by default', {}],
  ['where policies know pods by their addresses', { dialect: 'generic' }],
  ['where all is denied that is not allowed', { config: { 'enable-policy': 'always' } }],
])('a change newly denies what asking about every pair tells, %s', (_title, setting) => {
  let told = 0;
  fc.assert(
    fc.property(randomPolicies, randomPolicies, fc.nat(), (beside, changed, place) => {
      const { index } = shop(beside, setting);
      const drafts = shop(changed, setting).index.facts.policies;
      const now = index.facts.policies[place % Math.max(1, index.facts.policies.length)];
      for (const before of [undefined, ...drafts]) {
        if (!before && !now) continue;
        const found = createNewlyDenied(index).of(before, now);
        const expected = [...new Set(naively(before, now, index))];
        if (found.all) expect([...found.pairs].sort()).toEqual(expected.sort());
        else expect(expected).toEqual(expect.arrayContaining([...found.pairs]));
        told += expected.length;
      }
    }),
    { numRuns: 50 },
  );
  expect(told).toBeGreaterThan(0);
});
