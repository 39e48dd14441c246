import { operatorFails } from './failures.ts';
import { minute, type Scenario } from './scenario.ts';

export const taintNotLifted: Scenario = {
  id: 'taint-not-lifted',
  title: 'An agent that was not ready is ready again, but no operator leads that would lift its taint.',
  nodes: 12,
  pods: 320,
  churn: 1,
  history: () => [
    {
      ago: 34 * minute,
      happens: (world) =>
        world.change({
          unready: [
            {
              namespace: 'kube-system',
              labels: { 'k8s-app': 'cilium' },
              where: { pool: 'np2', first: 1 },
              container: 'cilium-agent',
              probe: 'HTTP probe failed with statuscode: 503',
            },
          ],
        }),
    },
    { ago: 26 * minute, happens: (world) => world.change({ fails: [operatorFails()] }) },
    { ago: 12 * minute, happens: (world) => world.change({ unready: [] }) },
  ],
};
