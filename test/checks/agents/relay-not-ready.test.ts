import { cases } from '../cases.ts';

const relay = (replicas: number) => `
kind: Deployment
metadata: {namespace: kube-system, name: hubble-relay, creationTimestamp: <5h ago>}
spec: {replicas: ${replicas}, selector: {matchLabels: {k8s-app: hubble-relay}}}
`;
const pod = (ready: string, since: string) => `---
kind: Pod
metadata:
  {namespace: kube-system, name: hubble-relay-7d9-q4, creationTimestamp: <5h ago>, labels: {k8s-app: hubble-relay},
  ownerReferences: [{kind: ReplicaSet, name: hubble-relay-7d9, controller: true}]}
spec: {nodeName: np1-0, containers: [{name: hubble-relay, image: i}]}
status:
  phase: Running
  conditions: [{type: Ready, status: '${ready}', lastTransitionTime: <${since} ago>}]
  containerStatuses: [{name: hubble-relay, ready: ${ready === 'True'}, restartCount: 0, state: {running: {startedAt: <5h ago>}}}]
`;

cases('agents/relay-not-ready', {
  'its only pod is not ready': {
    over: relay(1) + pod('False', '20m'),
    tells: ['agents/relay-not-ready: hubble-relay: 0 of 1 ready'],
  },
  'for a moment': { over: relay(1) + pod('False', '2m'), tells: [] },
  ready: { over: relay(1) + pod('True', '2h'), tells: [] },
  'scaled to none': { over: relay(0), tells: [] },
});
