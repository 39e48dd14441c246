import { operatorFails } from './failures.ts';
import { minute, type Scenario } from './scenario.ts';

export const operatorDown: Scenario = {
  id: 'operator-down',
  title: 'Both replicas of the operator crash; nobody holds its lease.',
  nodes: 12,
  pods: 320,
  churn: 1,
  history: () => [{ ago: 22 * minute, happens: (world) => world.change({ fails: [operatorFails()] }) }],
};
