import { minute, type Scenario } from './scenario.ts';

export const bgpDown: Scenario = {
  id: 'bgp-down',
  title: 'One of two BGP routers answers no node any more; the Cilium is self-managed.',
  nodes: 12,
  pods: 320,
  churn: 1,
  mode: 'byo',
  history: () => [
    {
      ago: 12 * minute,
      happens: (world) => world.change({ peersDown: [{ peerAddress: '10.224.255.2', why: 'silent' }] }),
    },
  ],
};
