import { minute, type Scenario } from './scenario.ts';

export const addressExhaustion: Scenario = {
  id: 'address-exhaustion',
  title: 'The pod subnet is full.',
  nodes: 12,
  pods: 320,
  churn: 0,
  mode: 'pod-subnet',
  history: () => [{ ago: 40 * minute, happens: (world) => world.change({ subnetFull: true }) }],
};
