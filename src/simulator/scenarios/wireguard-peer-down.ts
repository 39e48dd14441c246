import { minute, type Scenario } from './scenario.ts';

export const wireguardPeerDown: Scenario = {
  id: 'wireguard-peer-down',
  title: 'WireGuard makes no handshake with one node: what pods send there and from there is lost.',
  nodes: 12,
  pods: 320,
  churn: 0,
  wireguard: true,
  history: () => [
    { ago: 11 * minute, happens: (world) => world.change({ encryptionDown: [{ pool: 'np2', first: 1 }] }) },
  ],
};
