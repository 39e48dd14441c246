import { minute, type Scenario } from './scenario.ts';

export const apiServerThrottled: Scenario = {
  id: 'api-server-throttled',
  title: 'A reporting job lists all pods thirty times a second, and the API server turns others away (429).',
  nodes: 12,
  pods: 320,
  churn: 1,
  history: () => [
    {
      ago: 14 * minute,
      happens: (world) =>
        world.change({
          busyClient: {
            userAgent: 'inventory-report/2.3.1 (linux/amd64) kubernetes/$Format',
            user: 'system:serviceaccount:reporting:inventory-report',
            resource: 'pods',
            perSecond: 30,
          },
        }),
    },
  ],
};
