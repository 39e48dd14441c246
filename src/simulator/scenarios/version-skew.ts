import { deletePods, setAgentVersion, setOperatorVersion } from './changes.ts';
import { minute, type Scenario } from './scenario.ts';

const oldest = 'v1.18.4-251120';
const old = 'v1.18.6-260219';
const newest = 'v1.18.9-260514';

export const versionSkew: Scenario = {
  id: 'version-skew',
  title: 'A rollout of the agent has stood still for 45 minutes, and one agent is below the minimum version.',
  nodes: 12,
  pods: 320,
  churn: 1,
  agentVersion: oldest,
  history: () => [
    {
      ago: 180 * minute,
      happens(world) {
        // Pods are replaced by hand, all but the last.
        setOperatorVersion(world, old);
        setAgentVersion(world, old, (agent) => {
          agent.spec.updateStrategy = { type: 'OnDelete' };
        });
        const last = [...world.view.nodes.keys()].sort().at(-1);
        deletePods(world, (pod) => pod.labels['k8s-app'] === 'cilium' && pod.node !== last);
      },
    },
    {
      ago: 45 * minute,
      happens(world) {
        setOperatorVersion(world, newest);
        // New agents have to hold out for two hours before the next ones are replaced: nothing moves until then.
        setAgentVersion(world, newest, (agent) => {
          agent.spec.minReadySeconds = 7_200;
          agent.spec.updateStrategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 2, maxSurge: 0 } };
        });
      },
    },
  ],
};
