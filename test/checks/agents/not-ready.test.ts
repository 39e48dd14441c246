import { cases } from '../cases.ts';

const unready = (since: string, more = '') => `
kind: Pod
metadata: { namespace: kube-system, name: cilium-1 ${more} }
status: { conditions: [{ type: Ready, status: 'False', lastTransitionTime: <${since} ago> }] }
`;

cases('agents/not-ready', {
  'for five minutes': { over: unready('5m'), tells: ['agents/not-ready: 1 of 3 agents not ready'] },
  'within the startup probe after a restart': { over: unready('3m'), tells: [] },
  'freshly made by a rollout': { over: unready('2m', ', creationTimestamp: <2m ago>'), tells: [] },
  'an image that cannot be pulled': {
    over: `
kind: Pod
metadata: { namespace: kube-system, name: cilium-1, creationTimestamp: <9m ago> }
status:
  phase: Pending
  conditions: [{ type: Ready, status: 'False', lastTransitionTime: <9m ago> }]
  containerStatuses: [{ name: cilium-agent, ready: false, state: { waiting: { reason: ImagePullBackOff, message: Back-off pulling image } } }]
`,
    tells: ['agents/not-ready: 1 of 3 agents not ready: ImagePullBackOff in cilium-agent'],
  },
  'that does not end': {
    over: 'kind: Pod\nmetadata: { namespace: kube-system, name: cilium-1, deletionTimestamp: <9m ago> }',
    tells: ['agents/not-ready: 1 of 3 agents not ready: it does not end'],
  },
  'that ends now': {
    over: 'kind: Pod\nmetadata: { namespace: kube-system, name: cilium-1, deletionTimestamp: <20s ago> }',
    tells: [],
  },
});
