import { minute, type Scenario } from './scenario.ts';

export const agentNotReadyNode: Scenario = {
  id: 'agent-not-ready-node',
  title: 'The agent of one node runs, but has lost the API server and fails its readiness probe.',
  nodes: 12,
  pods: 320,
  churn: 1,
  history: () => [
    {
      ago: 9 * minute,
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
  ],
};
