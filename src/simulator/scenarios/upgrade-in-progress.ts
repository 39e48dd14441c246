import { minute, type Scenario } from './scenario.ts';

export const upgradeInProgress: Scenario = {
  id: 'upgrade-in-progress',
  title: 'A pool is being upgraded, node after node, and moves.',
  nodes: 12,
  pods: 320,
  churn: 1,
  history: () => [
    {
      ago: 9 * minute,
      happens: (world) =>
        world.change({
          upgrade: {
            pool: 'np2',
            kubelet: 'v1.34.3',
            nodeImage: 'AKSUbuntu-2204gen2containerd-202611.04.0',
            pace: 4 * minute,
          },
        }),
    },
  ],
};
