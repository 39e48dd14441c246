import { cases } from '../cases.ts';

const noCni = `
kind: Node
metadata: { name: np1-1 }
status:
  conditions:
    - type: Ready
      status: 'False'
      lastTransitionTime: <9m ago>
      reason: KubeletNotReady
      message: 'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized'
`;

cases('nodes/cni-not-initialized', {
  'agent and CNS are well, yet there is no CNI configuration': {
    over: noCni,
    tells: ['nodes/cni-not-initialized: 1 node not ready: no CNI configuration'],
  },
  'a node that joins has none yet': {
    over: `${noCni}\n---\nkind: Node\nmetadata: { name: np1-1, creationTimestamp: <2m ago> }`,
    tells: [],
  },
  'the agent explains it': {
    over: `${noCni}
---
kind: Pod
metadata: { namespace: kube-system, name: cilium-1 }
status: { conditions: [{ type: Ready, status: 'False', lastTransitionTime: <8m ago> }] }
`,
    tells: ['agents/not-ready: 1 of 3 agents not ready'],
  },
});
