import { minute, type Scenario } from './scenario.ts';

export const bgpDownOnANode: Scenario = {
  id: 'bgp-down-on-a-node',
  title: 'One node is refused by one of its two BGP routers; the Cilium is self-managed.',
  nodes: 12,
  pods: 320,
  churn: 1,
  mode: 'byo',
  history: () => [
    {
      ago: 12 * minute,
      happens: (world) =>
        world.change({ peersDown: [{ peerAddress: '10.224.255.1', where: { first: 1 }, why: 'wrong-number' }] }),
    },
  ],
};
