import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';

export const fqdnWildcardUnsupported: Lint = {
  id: 'policies/fqdn-wildcard-unsupported',
  title: 'DNS rule for every name, which AKS refuses',
  why: 'In rules.dns AKS takes patterns of a domain (*.example.com) but not the bare * that Cilium’s own examples use. Its admission policy refuses the whole object.',
  severity: 'error',
  blind: ({ facts }) => (facts.modes.managed === undefined ? 'whether Azure runs this Cilium is not known' : ''),
  look(policy, { facts }) {
    if (!facts.modes.managed) return [];
    return rulesOf(policy)
      .filter(
        ({ rule: { ports } }) =>
          ports !== 'all' && ports.some((port) => port.type === 'transport' && port.l7?.everyName),
      )
      .map(({ rule, spec }) => ({
        path: pathOf(rule, spec),
        text: 'lets every name through (matchPattern "*"), which AKS does not support',
        next: 'Name the domains that toFQDNs means: matchPattern "*.example.com".',
      }));
  },
};
