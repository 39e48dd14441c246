import { NO_DNS_PROXY, NO_L7_PROXY } from '../../model/policies/check-cilium-l7.ts';
import type { Lint } from './lint.ts';

export const rejected: Lint = {
  id: 'policies/rejected',
  title: 'Policy not in force',
  why: 'The API server or Cilium refuses the whole policy for one mistake in it. None of its rules holds, neither those that allow nor the isolation it was to bring.',
  severity: 'error',
  look({ served, rejected: reasons, doubt }, { facts }) {
    // One mistake may stand in the way of both directions.
    const all = [...new Set(doubt === '' ? reasons : [...reasons, `policy: ${doubt}`])];
    if (!served) return [];
    return (
      all
        // On AKS other lints say what has to be bought.
        .filter((reason) => !(facts.modes.managed && (reason.endsWith(NO_DNS_PROXY) || reason.endsWith(NO_L7_PROXY))))
        .map((reason) => {
          const [path = 'policy', ...words] = reason.split(': ');
          return {
            path,
            text: `not in force: ${words.join(': ')}`,
            next: 'Mend what is named and apply the policy again.',
          };
        })
    );
  },
};
