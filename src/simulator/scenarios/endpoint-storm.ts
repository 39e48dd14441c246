import { minute, type Scenario } from './scenario.ts';

export const endpointStorm: Scenario = {
  id: 'endpoint-storm',
  title: 'Endpoints come and go far faster than the operator may write slices.',
  nodes: 20,
  pods: 1500,
  churn: 20,
  // Some twenty namespaces wait their turn, which comes every ten seconds for one of them.
  history: () => [{ ago: 12 * minute, happens: (world) => world.change({ sliceWritesPerSecond: 0.1 }) }],
};
