import { NO_DNS_PROXY } from '../../model/policies/check-cilium-l7.ts';
import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';
import { blindToAcns, refusedFor } from './without-acns.ts';

export const fqdnWithoutAcns: Lint = {
  id: 'policies/fqdn-without-acns',
  title: 'toFQDNs or DNS rules that AKS does not carry',
  why: 'On AKS the DNS proxy that learns the addresses of names comes with Advanced Container Networking Services. Without it new policies with names are refused, and what older ones name is blocked, DNS included.',
  severity: 'error',
  blind: (ground) => blindToAcns(ground, 'dns'),
  look(policy, { facts }) {
    const { managed, proxies } = facts.modes;
    if (!managed || proxies.dns !== false) return [];
    const lapse = {
      text: 'goes by names, and Advanced Container Networking Services are not on here',
      next: 'az aks update --enable-acns, or allow addresses (toCIDR) and DNS without rules.dns.',
    };
    const rules = rulesOf(policy).filter(
      ({ rule: { peers, ports } }) =>
        peers.some(({ type }) => type === 'names') ||
        (ports !== 'all' && ports.some((port) => port.type === 'transport' && port.l7?.type === 'dns')),
    );
    return [
      ...refusedFor(policy, NO_DNS_PROXY, lapse),
      ...rules.map(({ rule, spec }) => ({ ...lapse, path: pathOf(rule, spec) })),
    ];
  },
};
