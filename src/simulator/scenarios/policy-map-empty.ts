import { minute, type Scenario } from './scenario.ts';

export const policyMapEmpty: Scenario = {
  id: 'policy-map-empty',
  title: 'An endpoint is called ready while nothing is in its policy map: all its traffic is dropped (AKS#5969).',
  nodes: 12,
  pods: 320,
  churn: 0,
  history: () => [
    { ago: 16 * minute, happens: (world) => world.change({ emptyPolicyMaps: [{ pool: 'np2', first: 1 }] }) },
  ],
};
