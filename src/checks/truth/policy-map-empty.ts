import type { Check } from '../check.ts';
import { atMost, count, names } from '../words.ts';
import { bothSides, type Differing, differing } from './differences.ts';

export const policyMapEmpty: Check<Differing> = {
  id: 'truth/policy-map-empty',
  title: 'A policy map is empty',
  why: 'The agent calls the endpoint ready and its policies in force, and nothing is in its policy map (AKS#5969, cilium#38998). All traffic of the pod is dropped, and neither the agent nor Kubernetes says so.',
  severity: 'error',
  needs: ['truth'],
  look: (snapshot) => differing(snapshot, ['policy-map-empty']),
  tell(suspects) {
    const nodes = new Set(suspects.map(({ node }) => node ?? ''));
    return [
      {
        title: `nothing is in the policy ${suspects.length === 1 ? 'map' : 'maps'} of ${names(
          suspects.map(({ object }) => `${object.namespace}/${object.name}`),
          2,
        )}: all traffic of ${suspects.length === 1 ? 'it' : 'them'} is dropped`,
        objects: suspects.map(({ object }) => object),
        evidence: atMost(suspects.map(bothSides), 6, 'pod'),
        reach: count(suspects.length, 'pod'),
        next: `Restart the agent on ${names(nodes)} (x on its page): it fills the maps anew; recreating the pod helps that pod alone.`,
      },
    ];
  },
};
