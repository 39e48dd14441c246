import type { Scenario } from './scenario.ts';

export const byo: Scenario = {
  id: 'byo',
  title: 'A Cilium of one’s own, by Helm, on a cluster made without a network; BGP with two routers. Nothing is wrong.',
  nodes: 12,
  pods: 320,
  churn: 1,
  mode: 'byo',
};
