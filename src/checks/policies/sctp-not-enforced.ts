import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';

export const sctpNotEnforced: Lint = {
  id: 'policies/sctp-not-enforced',
  title: 'Rule about SCTP, which is off',
  why: 'SCTP is switched off (enable-sctp), as on AKS: Cilium does not carry it, and a rule about it has no effect.',
  severity: 'warning',
  look(policy, { facts }) {
    if (facts.modes.sctp !== false) return [];
    return rulesOf(policy)
      .filter(
        ({ rule }) =>
          rule.ports !== 'all' &&
          rule.ports.some((port) => port.type === 'transport' && port.protocols.join() === 'SCTP'),
      )
      .map(({ rule, spec }) => ({
        path: pathOf(rule, spec),
        text: 'is about SCTP, which is switched off',
        next: 'Take the SCTP ports out, or carry the traffic over TCP or UDP.',
      }));
  },
};
