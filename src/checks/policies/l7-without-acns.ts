import { NO_L7_PROXY } from '../../model/policies/check-cilium-l7.ts';
import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';
import { blindToAcns, refusedFor } from './without-acns.ts';

export const l7WithoutAcns: Lint = {
  id: 'policies/l7-without-acns',
  title: 'Layer 7 rules that AKS does not carry',
  why: 'On AKS the proxy for HTTP, gRPC and Kafka comes with Advanced Container Networking Services, set to L7. Without it new policies with such rules are refused, and what older ones send to the proxy is dropped.',
  severity: 'error',
  blind: (ground) => blindToAcns(ground, 'layer7'),
  look(policy, { facts }) {
    const { managed, proxies } = facts.modes;
    if (!managed || proxies.layer7 !== false) return [];
    const lapse = {
      text: 'has layer 7 rules, and Advanced Container Networking Services do not carry them here',
      next: 'az aks update --enable-acns --acns-advanced-networkpolicies L7, or allow the port without rules.',
    };
    const rules = rulesOf(policy).filter(
      ({ rule: { ports } }) =>
        ports !== 'all' && ports.some((port) => port.type === 'transport' && port.l7 && port.l7.type !== 'dns'),
    );
    return [
      ...refusedFor(policy, NO_L7_PROXY, lapse),
      ...rules.map(({ rule, spec }) => ({ ...lapse, path: pathOf(rule, spec) })),
    ];
  },
};
