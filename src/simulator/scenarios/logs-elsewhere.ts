import type { Scenario } from './scenario.ts';

export const logsElsewhere: Scenario = {
  id: 'logs-elsewhere',
  title: 'The workspace was switched, but the collection rule still sends to the one before.',
  nodes: 4,
  pods: 40,
  churn: 1,
  acns: true,
  azure: { collectedElsewhere: true },
};
