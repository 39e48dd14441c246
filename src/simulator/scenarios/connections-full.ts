import { minute, type Scenario } from './scenario.ts';

export const connectionsFull: Scenario = {
  id: 'connections-full',
  title: 'The connection tracking tables of two nodes are full, and the table of SNAT ports of one.',
  nodes: 12,
  pods: 320,
  churn: 1,
  history: () => [
    {
      ago: 11 * minute,
      happens: (world) =>
        world.change({
          fullMaps: [
            { map: 'connections', where: { pool: 'np2', first: 2 } },
            { map: 'nat', where: { pool: 'np1', first: 1 } },
          ],
        }),
    },
  ],
};
