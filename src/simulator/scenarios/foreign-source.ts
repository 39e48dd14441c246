import { minute, type Scenario } from './scenario.ts';

export const foreignSource: Scenario = {
  id: 'foreign-source',
  title: 'A pod routes for others (a VPN ends in it): what it sends with their addresses is dropped since Cilium 1.17.',
  nodes: 12,
  pods: 320,
  churn: 0,
  history: () => [
    {
      ago: 26 * minute,
      happens: (world) =>
        world.change({
          lostPackets: [{ why: 'foreign-source', namespace: 'shop', labels: { app: 'worker' }, perSecond: 9 }],
        }),
    },
  ],
};
