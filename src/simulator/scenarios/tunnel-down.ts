import { tunnelFails } from './failures.ts';
import { minute, type Scenario } from './scenario.ts';

export const tunnelDown: Scenario = {
  id: 'tunnel-down',
  title: 'The agents of the tunnel between API server and nodes cannot connect.',
  nodes: 12,
  pods: 320,
  churn: 1,
  history: () => [{ ago: 17 * minute, happens: (world) => world.change({ fails: [tunnelFails()] }) }],
};
