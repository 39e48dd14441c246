import { excludeSystemLogs } from './changes.ts';
import { hour, type Scenario } from './scenario.ts';

export const logsSystemExcluded: Scenario = {
  id: 'logs-system-excluded',
  title: 'Logs of kube-system are not collected, as somebody configured it; all others are.',
  nodes: 4,
  pods: 40,
  churn: 1,
  azure: { systemLogs: false },
  history: () => [{ ago: 2 * hour, happens: excludeSystemLogs }],
};
