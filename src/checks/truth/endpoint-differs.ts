import type { Check } from '../check.ts';
import { atMost, count } from '../words.ts';
import { bothSides, type Differing, differing } from './differences.ts';

export const endpointDiffers: Check<Differing> = {
  id: 'truth/endpoint-differs',
  title: 'An agent’s endpoints are not its node’s pods',
  why: 'The agent has no endpoint for a pod, one for a pod that is gone, or one with another address or identity. What the pod sends and gets is judged as somebody else’s, or not at all.',
  severity: 'warning',
  needs: ['truth'],
  look: (snapshot) => [
    ...differing(snapshot, [
      ...(['endpoint-missing', 'endpoint-leftover', 'endpoint-not-ready'] as const),
      ...(['endpoint-identity', 'endpoint-address', 'identity-unknown'] as const),
    ]),
    // Where endpoint and slice disagree the checks of endpoints say so, whether anybody asks or not.
    ...differing(snapshot, ['objects']).filter(({ difference }) => difference.key === 'identity'),
  ],
  tell(suspects) {
    const nodes = new Set(suspects.map(({ node }) => node));
    return [
      {
        title: `${count(suspects.length, 'endpoint')} on ${count(nodes.size, 'node')} ${suspects.length === 1 ? 'is' : 'are'} not what the API server has`,
        objects: suspects.map(({ object }) => object),
        evidence: atMost(suspects.map(bothSides), 8, 'endpoint'),
        reach: count(suspects.length, 'pod'),
        next: 'Recreate the pod; where many of one node differ, look at its agent’s log and restart that agent.',
      },
    ];
  },
};
