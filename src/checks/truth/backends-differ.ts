import type { Check } from '../check.ts';
import { atMost, count, names } from '../words.ts';
import { bothSides, type Differing, differing } from './differences.ts';

export const backendsDiffer: Check<Differing> = {
  id: 'truth/backends-differ',
  title: 'A node sends a service’s connections to the wrong addresses',
  why: 'The node’s load balancer has backends that no EndpointSlice has (cilium#48050: removals missed after the API server was away), or lacks one that is ready. A share of the connections from that node goes nowhere.',
  severity: 'error',
  needs: ['truth'],
  look: (snapshot) => differing(snapshot, ['backend-leftover', 'backend-missing']),
  tell: (suspects) =>
    [...Map.groupBy(suspects, ({ node }) => node ?? '')].map(([node, group]) => {
      const services = new Map(group.map(({ object }) => [`${object.namespace}/${object.name}`, object]));
      const left = group.filter(({ difference }) => difference.type === 'backend-leftover').length;
      const parts = [
        ...(left > 0 ? [`sends to ${count(left, 'address', 'addresses')} that ${left === 1 ? 'is' : 'are'} gone`] : []),
        ...(group.length > left ? [`leaves out ${count(group.length - left, 'ready backend')}`] : []),
      ];
      return {
        title: `${node} ${parts.join(' and ')}: ${names(services.keys())}`,
        objects: [...services.values(), { kind: 'Node', name: node }],
        evidence: atMost(group.map(bothSides), 8, 'backend'),
        reach: count(services.size, 'service'),
        next: 'Restart the agent on that node (x on its page): it reads the EndpointSlices anew. Connections that stand survive.',
      };
    }),
};
