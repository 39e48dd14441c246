import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';

export const peerSelectsNothing: Lint = {
  id: 'policies/peer-selects-nothing',
  title: 'Peer that is no pod',
  why: 'A rule whose peer matches no pod allows nobody. A selector without a namespace means the policy’s own, which is the usual reason.',
  severity: 'note',
  needs: ['pods'],
  look(policy, ground) {
    return rulesOf(policy).flatMap(({ rule, spec }) =>
      rule.peers
        .filter((peer) => peer.type === 'labels')
        .filter(
          ({ text, selector }) =>
            !text.startsWith('entity ') &&
            !selector.requirements.some(({ source }) => source !== 'any' && source !== 'k8s'),
        )
        .filter(({ selector }) => ground.anywhere(selector).length === 0)
        .map(({ text }) => ({
          path: pathOf(rule, spec),
          text: `no pod has ${text}`,
          next: 'Compare the selector with the labels of the pods that are meant, and name their namespace.',
        })),
    );
  },
};
