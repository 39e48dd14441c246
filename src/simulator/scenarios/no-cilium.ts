import type { Scenario } from './scenario.ts';

export const noCilium: Scenario = {
  id: 'no-cilium',
  title: 'The network is Azure CNI with kube-proxy and NPM: no Cilium, and no CustomResourceDefinitions of it.',
  nodes: 12,
  pods: 320,
  churn: 1,
  mode: 'no-cilium',
};
