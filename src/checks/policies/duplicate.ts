import type { Policy } from '../../model/policies/rule.ts';
import { policyText } from '../../model/policies/rule.ts';
import type { Lint } from './lint.ts';

export const duplicate: Lint = {
  id: 'policies/duplicate',
  title: 'Policy that says what another one says',
  why: 'Two policies with the same subject and the same rules: changing one changes nothing, which is found out at the wrong moment.',
  severity: 'note',
  look(policy, { sameSubject }) {
    if (policy.specs.length === 0) return [];
    // Said of the later one only.
    const alike = sameSubject(policy);
    const same = alike.slice(0, alike.indexOf(policy)).find((other) => meaning(other) === meaning(policy));
    if (!same) return [];
    return [{ path: 'policy', text: `it says the same as ${policyText(same.ref)}`, next: 'Keep one of them.' }];
  },
};

/** What a policy says, without who says it. */
function meaning({ specs }: Pick<Policy, 'specs'>): string {
  return JSON.stringify(specs, (key, value: unknown) => (key === 'policy' ? undefined : value));
}
