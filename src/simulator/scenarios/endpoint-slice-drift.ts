import { minute, type Scenario } from './scenario.ts';

export const endpointSliceDrift: Scenario = {
  id: 'endpoint-slice-drift',
  title:
    'CiliumEndpointSlices disagree with CiliumEndpoints: missing, stale, duplicate, wrong identity, address reused.',
  nodes: 12,
  pods: 320,
  // A slice is put right when it next changes.
  churn: 0,
  history: () => [{ ago: 30 * minute, happens: (world) => world.change({ sliceDrift: true }) }],
};
