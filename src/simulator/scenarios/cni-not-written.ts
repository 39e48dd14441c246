import { minute, type Scenario } from './scenario.ts';

export const cniNotWritten: Scenario = {
  id: 'cni-not-written',
  title:
    'Two nodes of a Cilium of one’s own were reimaged: the agents run there, and cannot write a CNI configuration.',
  nodes: 12,
  pods: 320,
  churn: 0,
  mode: 'byo',
  history: () => [
    {
      ago: 22 * minute,
      happens(world) {
        const reimaged = { pool: 'np2', first: 2 };
        world.change({ withoutCni: [reimaged] });
        world.reboot(reimaged);
      },
    },
  ],
};
