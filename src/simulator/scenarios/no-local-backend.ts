import { exposeOnNodes } from './changes.ts';
import { minute, type Scenario } from './scenario.ts';

export const noLocalBackend: Scenario = {
  id: 'no-local-backend',
  title: 'A service on node ports answers only on the few nodes that have a pod of it: externalTrafficPolicy is Local.',
  nodes: 12,
  pods: 320,
  churn: 1,
  history: () => [
    {
      ago: 25 * minute,
      happens: (world) => exposeOnNodes(world, { name: 'edge', port: 30_553, protocol: 'TCP', isLocal: true }),
    },
  ],
};
