import type { Check } from '../check.ts';
import { atMost, count, names } from '../words.ts';
import { bothSides, type Differing, differing } from './differences.ts';

export const ipcacheDiffers: Check<Differing> = {
  id: 'truth/ipcache-differs',
  title: 'A node takes addresses for what they are not',
  why: 'By its ipcache a node knows whose an address is. What it does not know counts as the world, what it takes for another’s is judged by the other’s policies: connections are dropped, or let through, on that node alone.',
  severity: 'error',
  needs: ['truth'],
  look: (snapshot) => differing(snapshot, ['ipcache-missing', 'ipcache-identity', 'ipcache-node', 'ipcache-leftover']),
  tell: (suspects) =>
    [...Map.groupBy(suspects, ({ node }) => node ?? '')].map(([node, group]) => {
      const wrong = group.filter(({ difference }) => difference.type !== 'ipcache-leftover');
      return {
        title: `${node} takes ${count(group.length, 'address', 'addresses')} for what ${group.length === 1 ? 'it is' : 'they are'} not: ${names(group.map(({ difference }) => difference.key))}`,
        severity: wrong.length > 0 ? ('error' as const) : ('warning' as const),
        objects: [
          { kind: 'Node', name: node },
          ...group.map(({ object }) => object).filter(({ kind }) => kind !== 'Node'),
        ],
        evidence: atMost(group.map(bothSides), 8, 'address'),
        reach: count(group.length, 'address', 'addresses'),
        next: 'Look for drift of slices first (3): an agent learns addresses from them. Where slices are right, restart that agent.',
      };
    }),
};
