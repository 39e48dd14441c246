import type { Check } from '../check.ts';
import { atMost, count } from '../words.ts';
import { bothSides, type Differing, differing } from './differences.ts';

export const policyMapDiffers: Check<Differing> = {
  id: 'truth/policy-map-differs',
  title: 'Policies are not in force as written',
  why: 'What the policies say by our evaluation, and what is in the policy map of the endpoint, are not the same. Either traffic is dropped that is allowed, or let through that is denied.',
  severity: 'error',
  needs: ['truth'],
  look: (snapshot) =>
    differing(snapshot, ['policy-map-lacks', 'policy-map-allows', 'policy-enforcement', 'policy-behind']),
  tell(suspects) {
    const pods = new Map(suspects.map(({ object }) => [`${object.namespace}/${object.name}`, object]));
    const allows = suspects.filter(({ difference }) => difference.type === 'policy-map-allows').length;
    const lacks = suspects.length - allows;
    const parts = [
      ...(lacks > 0 ? [`${count(lacks, 'rule')} not in force`] : []),
      ...(allows > 0 ? [`${count(allows, 'connection')} let through that ${allows === 1 ? 'is' : 'are'} denied`] : []),
    ];
    return [
      {
        title: `Policy maps of ${count(pods.size, 'pod')} differ from the policies: ${parts.join(', ')}`,
        objects: [...pods.values()],
        evidence: atMost(suspects.map(bothSides), 8, 'difference'),
        reach: count(pods.size, 'pod'),
        next: 'Look at the agent’s log for errors of the policy map or of regeneration; restart that agent where it stays so.',
      },
    ];
  },
};
