import type { Scenario } from './scenario.ts';

export const logsDailyCap: Scenario = {
  id: 'logs-daily-cap',
  title: 'The workspace’s daily cap is reached: it takes nothing in until the next day.',
  nodes: 4,
  pods: 40,
  churn: 1,
  azure: { overDailyCap: true },
};
