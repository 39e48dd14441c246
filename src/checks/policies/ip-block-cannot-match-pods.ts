import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';

export const ipBlockCannotMatchPods: Lint = {
  id: 'policies/ip-block-cannot-match-pods',
  title: 'ipBlock over addresses of pods',
  why: 'To Cilium pods have identities, not addresses: a CIDR never matches them, whatever it covers. Other networks do match them, so a policy that was moved here denies what it allowed.',
  severity: 'warning',
  needs: ['pods'],
  goesBy: 'pods',
  look(policy, { facts, podAddresses }) {
    if (facts.modes.cidrMatchesPods) return [];
    return rulesOf(policy).flatMap(({ rule, spec }) => {
      // Beside a selector of every namespace the block is only there for what is outside.
      if (rule.peers.some((peer) => peer.type === 'labels' && peer.selector.requirements.length === 1)) return [];
      return rule.peers
        .filter((peer) => peer.type === 'addresses' && peer.block)
        .filter((peer) => peer.type === 'addresses' && podAddresses().some(peer.cidr, peer.except))
        .map((peer) => ({
          path: pathOf(rule, spec),
          text: `${'text' in peer ? peer.text : ''} covers addresses of pods, and matches none of them`,
          next: 'Add an item with a podSelector and namespaceSelector for the pods that are meant; an empty one for all of them makes large policy maps.',
        }));
    });
  },
};
