import { isEverything } from '../../model/policies/cidr.ts';
import type { Peer, Policy } from '../../model/policies/rule.ts';
import type { Ground } from './ground.ts';
import type { Lapse, Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';

export const ipBlockCannotMatchPods: Lint = {
  id: 'policies/ip-block-cannot-match-pods',
  title: 'ipBlock over addresses of pods',
  why: 'To Cilium pods have identities, not addresses: a CIDR never matches them, whatever it covers. Other networks do match them, so a policy that was moved here denies what it allowed.',
  severity: 'warning',
  needs: ['pods'],
  goesBy: 'pods',
  look: (policy, ground) =>
    lapses(policy, ground, ({ cidr, except }) => ground.podAddresses().some(cidr, except), 'addresses of pods'),
  // Wherever pods are, they are in a range of every address.
  lookAlone: (policy, ground) =>
    lapses(policy, ground, ({ cidr, except }) => isEverything(cidr) && except.length === 0, 'every address'),
};

type Block = Extract<Peer, { type: 'addresses' }>;

function lapses(policy: Policy, { facts }: Ground, isMeant: (block: Block) => boolean, what: string): readonly Lapse[] {
  if (facts.modes.cidrMatchesPods) return [];
  return rulesOf(policy).flatMap(({ rule, spec }) => {
    // Beside a selector of every namespace the block is only there for what is outside.
    if (rule.peers.some((peer) => peer.type === 'labels' && peer.selector.requirements.length === 1)) return [];
    return rule.peers
      .filter((peer) => peer.type === 'addresses')
      .filter((peer) => peer.block && isMeant(peer))
      .map((peer) => ({
        path: pathOf(rule, spec),
        text: `${peer.text} covers ${what}, and matches ${what === 'every address' ? 'no pod' : 'none of them'}`,
        next: 'Add an item with a podSelector and namespaceSelector for the pods that are meant; an empty one for all of them makes large policy maps.',
      }));
  });
}
