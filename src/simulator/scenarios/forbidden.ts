import type { Scenario } from './scenario.ts';

export const forbidden: Scenario = {
  id: 'forbidden',
  title: 'The current user may read nodes, pods and DaemonSets, and nothing else.',
  nodes: 12,
  pods: 320,
  churn: 1,
  currentUser: () => ({
    name: 'admin',
    groups: ['system:authenticated'],
    rules: [
      { verbs: ['get', 'list', 'watch'], groups: [''], resources: ['nodes', 'pods'] },
      { verbs: ['get', 'list', 'watch'], groups: ['apps'], resources: ['daemonsets'] },
    ],
  }),
};
