import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';

export const namedPortAmbiguous: Lint = {
  id: 'policies/named-port-ambiguous',
  title: 'Named port with several numbers',
  why: 'Before 1.20 Cilium looks the name of an egress port up in the whole cluster. Where pods use one name for different numbers the rule does not hold reliably; AKS tells to use numbers.',
  severity: 'warning',
  needs: ['pods'],
  look(policy, { facts, portNumbers }) {
    if (facts.modes.namesPerPod) return [];
    return rulesOf(policy).flatMap(({ rule, spec }) => {
      if (rule.ports === 'all' || rule.direction === 'ingress') return [];
      return rule.ports
        .flatMap((port) => (port.type === 'transport' && port.name !== '' ? [port] : []))
        .map(({ name, protocols }) => ({ name, numbers: portNumbers(name, protocols) }))
        .filter(({ numbers }) => numbers.size > 1)
        .map(({ name, numbers }) => ({
          path: pathOf(rule, spec),
          text: `${name} stands for ${[...numbers].sort((a, b) => a - b).join(', ')} in this cluster`,
          next: 'Write the port’s number.',
        }));
    });
  },
};
