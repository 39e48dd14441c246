import { restartDeployment } from './changes.ts';
import { minute, type Scenario } from './scenario.ts';

const namespace = 'shop';

export const trafficImbalance: Scenario = {
  id: 'traffic-imbalance',
  title: 'After a release all clients hold on to the connection to the pod that came up first; the others idle.',
  nodes: 12,
  pods: 320,
  churn: 0,
  acns: true,
  history: () => [
    { ago: 44 * minute, happens: (world) => restartDeployment(world, namespace, 'checkout') },
    {
      ago: 40 * minute,
      happens: (world) =>
        world.change({
          calls: [{ namespace, from: { app: 'web' }, to: { app: 'checkout' }, perSecond: 9, held: true }],
        }),
    },
  ],
};
