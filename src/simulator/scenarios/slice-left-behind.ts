import { minute, type Scenario } from './scenario.ts';

export const sliceLeftBehind: Scenario = {
  id: 'slice-left-behind',
  title: 'The operator has lost sight of a CiliumEndpointSlice: every entry in it is of a pod that is gone.',
  nodes: 12,
  pods: 320,
  churn: 0,
  history: () => [{ ago: 30 * minute, happens: (world) => world.change({ sliceLeft: true }) }],
};
