import type { Scenario } from './scenario.ts';

export const healthy: Scenario = {
  id: 'healthy',
  title: 'Nothing is wrong.',
  nodes: 12,
  pods: 320,
  churn: 1,
};
