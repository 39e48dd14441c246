import { cnsFails } from './failures.ts';
import { minute, type Scenario, second } from './scenario.ts';

export const podsStuckCreating: Scenario = {
  id: 'pods-stuck-creating',
  title: 'CNS is down on one pool: new pods there get no address and stay in ContainerCreating.',
  nodes: 12,
  pods: 320,
  churn: 1,
  history: () => [
    { ago: 11 * minute, happens: (world) => world.change({ fails: [cnsFails({ pool: 'np2' })] }) },
    // A release rolls out, unaware: what lands on the pool waits for an address.
    { ago: 11 * minute - 40 * second, happens: (world) => world.replacePods({ pool: 'np2' }, 60) },
  ],
};
