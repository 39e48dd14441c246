import { removeLogAgents } from './changes.ts';
import { hour, type Scenario } from './scenario.ts';

export const logsAddonOff: Scenario = {
  id: 'logs-addon-off',
  title: 'The monitoring add-on was switched off hours ago: nothing of the cluster’s logs reaches the workspace.',
  nodes: 4,
  pods: 40,
  churn: 1,
  azure: { monitoring: false },
  history: () => [{ ago: 3 * hour, happens: removeLogAgents }],
};
