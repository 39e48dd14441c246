import { minute, type Scenario } from './scenario.ts';

export const nodeLost: Scenario = {
  id: 'node-lost',
  title: 'The kubelet of one node has stopped answering.',
  nodes: 12,
  pods: 320,
  churn: 1,
  history: () => [
    { ago: 11 * minute, happens: (world) => world.change({ silentKubelets: [{ pool: 'np2', first: 1 }] }) },
  ],
};
