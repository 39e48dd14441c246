import type { Rule } from '../../model/policies/rule.ts';
import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';

export const fqdnWithoutDnsRule: Lint = {
  id: 'policies/fqdn-without-dns-rule',
  title: 'toFQDNs without a DNS rule',
  why: 'Cilium learns the addresses of a name only from DNS answers that pass its proxy, and they pass it only where a rule with rules.dns lets them. Without one the name never matches.',
  severity: 'warning',
  look(policy, ground) {
    return rulesOf(policy)
      .filter(({ rule }) => rule.peers.some(({ type }) => type === 'names'))
      .filter(({ spec }) => {
        const classes = ground.classesOf(spec.subject.selector, policy.ref.namespace);
        const blind = classes.filter((one) => !ground.applied(one, 'egress').allow.some(({ rule }) => hasDns(rule)));
        // Where no pods are known, any policy may be about the same ones.
        if (classes.length > 0) return blind.length > 0;
        return !ground.neighbours(policy).some((one) => rulesOf(one).some(({ rule }) => hasDns(rule)));
      })
      .map(({ rule, spec }) => ({
        path: pathOf(rule, spec),
        text: 'names hosts, and no rule about the same pods has rules.dns',
        next: 'Allow port 53 to kube-dns with rules.dns and the same names (matchPattern) in the same policy.',
      }));
  },
};

function hasDns({ ports }: Rule): boolean {
  return ports !== 'all' && ports.some((port) => port.type === 'transport' && port.l7?.type === 'dns');
}
