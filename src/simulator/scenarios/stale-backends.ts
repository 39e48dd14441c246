import { minute, type Scenario } from './scenario.ts';

export const staleBackends: Scenario = {
  id: 'stale-backends',
  title: 'One agent missed the removal of backends and still sends to addresses that are gone (cilium#48050).',
  nodes: 12,
  pods: 320,
  churn: 0,
  history: () => [
    { ago: 21 * minute, happens: (world) => world.change({ staleBackends: [{ pool: 'np1', first: 1 }] }) },
  ],
};
