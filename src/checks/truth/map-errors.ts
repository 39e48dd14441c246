import type { Check } from '../check.ts';
import { atMost, count, names } from '../words.ts';
import { bothSides, type Differing, differing } from './differences.ts';

export const mapErrors: Check<Differing> = {
  id: 'truth/map-errors',
  title: 'An agent cannot write its maps',
  why: 'What the agent knows and cannot write into the kernel is not in force on that node: addresses, services or policies are missing there, and the agent is ready all the same.',
  severity: 'error',
  needs: ['truth'],
  look: (snapshot) => differing(snapshot, ['map-errors']),
  tell: (suspects) =>
    [...Map.groupBy(suspects, ({ node }) => node ?? '')].map(([node, group]) => ({
      title: `${node} cannot write ${count(group.length, 'map')}: ${names(group.map(({ difference }) => difference.key))}`,
      objects: [{ kind: 'Node', name: node }],
      evidence: atMost(group.map(bothSides), 8, 'map'),
      reach: count(group.length, 'map'),
      next: 'Look at the agent’s log for the reason, often "no space left on device": a map that is full must be larger, or hold less.',
    })),
};
