import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';

export const namedPortMissing: Lint = {
  id: 'policies/named-port-missing',
  title: 'Named port that nobody has',
  why: 'A port’s name is looked up among the container ports of whoever is connected to. Where no pod has one of that name and protocol, the rule never matches.',
  severity: 'warning',
  needs: ['pods'],
  look(policy, { classesOf, portNumbers }) {
    return rulesOf(policy).flatMap(({ rule, spec }) => {
      if (rule.ports === 'all') return [];
      const targets = rule.direction === 'ingress' ? classesOf(spec.subject.selector, policy.ref.namespace) : undefined;
      if (targets?.length === 0) return [];
      return rule.ports
        .flatMap((port) => (port.type === 'transport' && port.name !== '' ? [port] : []))
        .filter(({ name, protocols }) =>
          targets
            ? !targets.some(({ ports }) => ports.some((one) => one.name === name && protocols.includes(one.protocol)))
            : portNumbers(name, protocols).size === 0,
        )
        .map(({ name, protocols }) => ({
          path: pathOf(rule, spec),
          text: `no pod has a ${protocols.join(' or ')} port named ${name}`,
          next: 'Name the container’s port so, or write its number.',
        }));
    });
  },
};
