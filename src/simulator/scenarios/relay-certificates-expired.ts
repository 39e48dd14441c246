import { hour, type Scenario } from './scenario.ts';

export const relayCertificatesExpired: Scenario = {
  id: 'relay-certificates-expired',
  title: "Hubble's certificates have ended: the relay reaches no agent any more.",
  nodes: 12,
  pods: 320,
  churn: 0,
  acns: true,
  certificatesEnd: -5 * hour,
  // It serves while it reaches at least one agent.
  history: () => [
    {
      ago: 5 * hour,
      happens: (world) =>
        world.change({
          unready: [
            {
              namespace: 'kube-system',
              labels: { 'k8s-app': 'hubble-relay' },
              container: 'hubble-relay',
              probe: 'service unhealthy (responded with "NOT_SERVING")',
            },
          ],
        }),
    },
  ],
};
