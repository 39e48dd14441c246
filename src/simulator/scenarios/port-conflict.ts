import { exposeOnNodes } from './changes.ts';
import { minute, type Scenario } from './scenario.ts';

export const portConflict: Scenario = {
  id: 'port-conflict',
  title: 'Two services have one node port for TCP and UDP, and the agents are too old to tell them apart.',
  nodes: 12,
  pods: 320,
  churn: 1,
  agentVersion: 'v1.16.14-250806',
  history: () => [
    {
      ago: 25 * minute,
      happens(world) {
        exposeOnNodes(world, { name: 'edge-tcp', port: 30_553, protocol: 'TCP' });
        exposeOnNodes(world, { name: 'edge-udp', port: 30_553, protocol: 'UDP' });
      },
    },
  ],
};
