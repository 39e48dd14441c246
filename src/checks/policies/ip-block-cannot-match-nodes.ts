import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';

export const ipBlockCannotMatchNodes: Lint = {
  id: 'policies/ip-block-cannot-match-nodes',
  title: 'CIDR over addresses of nodes',
  why: 'To Cilium nodes are host and remote-node, not addresses: a CIDR never matches them unless policy-cidr-match-mode says so, which AKS does not.',
  severity: 'warning',
  needs: ['nodes'],
  look(policy, { facts, nodeIn }) {
    if (facts.modes.cidrMatchesNodes) return [];
    return rulesOf(policy).flatMap(({ rule, spec }) =>
      rule.peers.flatMap((peer) => {
        // A range of every address, or nearly, is meant for the world.
        if (peer.type !== 'addresses' || peer.cidr.bits < 8) return [];
        const node = nodeIn(peer);
        if (!node) return [];
        return [
          {
            path: pathOf(rule, spec),
            text: `${peer.text} covers node ${node.name}, and does not match it`,
            next: `In a CiliumNetworkPolicy write ${rule.direction === 'ingress' ? 'fromEntities' : 'toEntities'}: [host, remote-node].`,
          },
        ];
      }),
    );
  },
};
