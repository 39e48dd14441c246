import { logAgentFails } from './failures.ts';
import { minute, type Scenario } from './scenario.ts';

export const logsAgentDown: Scenario = {
  id: 'logs-agent-down',
  title: 'The log agents of all nodes crash: their collection rule cannot be fetched.',
  nodes: 4,
  pods: 40,
  churn: 1,
  history: () => [
    {
      ago: 40 * minute,
      happens: (world) => world.change({ fails: [logAgentFails()] }),
    },
  ],
};
