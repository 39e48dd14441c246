import { minute, type Scenario } from './scenario.ts';

export const policyMapFull: Scenario = {
  id: 'policy-map-full',
  title: 'The policy map of an endpoint on one node is full: what its policies allow is left out.',
  nodes: 12,
  pods: 320,
  churn: 1,
  history: () => [
    {
      ago: 9 * minute,
      happens: (world) => world.change({ fullMaps: [{ map: 'policy', where: { pool: 'np2', first: 1 } }] }),
    },
  ],
};
