import { minute, type Scenario } from './scenario.ts';

export const staleIpcache: Scenario = {
  id: 'stale-ipcache',
  title: 'One agent takes a pod’s address for another identity, and does not know another pod at all.',
  nodes: 12,
  pods: 320,
  churn: 0,
  history: () => [
    { ago: 18 * minute, happens: (world) => world.change({ staleIpcache: [{ pool: 'np2', first: 1 }] }) },
  ],
};
