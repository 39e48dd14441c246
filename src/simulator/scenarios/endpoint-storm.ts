import { minute, type Scenario } from './scenario.ts';

export const endpointStorm: Scenario = {
  id: 'endpoint-storm',
  title: 'Endpoints come and go far faster than the operator may write slices.',
  nodes: 20,
  pods: 1500,
  churn: 8,
  // Some twenty namespaces wait their turn, which comes to one of them every ten seconds.
  history: () => [{ ago: 5 * minute, happens: (world) => world.change({ sliceWritesPerSecond: 0.1 }) }],
};
