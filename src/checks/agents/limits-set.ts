import { agentContainer } from '../../model/agents.ts';
import { agentDaemonSet } from '../../model/cluster-mode.ts';
import type { Check } from '../check.ts';
import { isManaged } from '../installation.ts';

export const limitsSet: Check = {
  id: 'agents/limits-set',
  title: 'Limits on the agent that AKS does not set',
  why: 'AKS gives the agent no CPU and memory limits, since one that is throttled or killed takes the network of its node with it. Somebody has set some; AKS takes them away at its next reconcile.',
  severity: 'note',
  needs: ['daemonSets', 'configMaps'],
  look(snapshot) {
    const set = agentDaemonSet(snapshot);
    if (set === undefined || !isManaged(snapshot) || !set.limited.includes(agentContainer)) return [];
    return [{ object: { kind: 'DaemonSet', namespace: set.namespace, name: set.name } }];
  },
  tell: (suspects) => [
    {
      title: 'the agent has CPU or memory limits, which AKS does not set',
      objects: suspects.map(({ object }) => object),
      evidence: [`DaemonSet kube-system/${suspects[0]?.object.name}: container ${agentContainer} has resources.limits`],
      reach: 'every agent',
      next: 'Find out who changed the DaemonSet (y, managedFields), and let AKS put it back.',
    },
  ],
};
