import { expect, it } from 'vitest';
import { cases } from '../cases.ts';
import { finding } from '../given.ts';

const unready = (since: string, more = '') => `
kind: Pod
metadata: { namespace: kube-system, name: cilium-1 ${more} }
status: { conditions: [{ type: Ready, status: 'False', lastTransitionTime: <${since} ago> }] }
`;

const probe = (message: string, last = '20s') => `
apiVersion: v1
kind: Event
metadata: { namespace: kube-system, name: cilium-1.${last} }
involvedObject: { kind: Pod, namespace: kube-system, name: cilium-1, uid: cilium-1 }
reason: Unhealthy
message: '${message}'
count: 12
firstTimestamp: <5m ago>
lastTimestamp: <${last} ago>
`;
const refused = 'Readiness probe failed: HTTP probe failed with statuscode: 503';

cases('agents/not-ready', {
  'by what the kubelet says of its probe': {
    over: [unready('5m', ', uid: cilium-1'), probe('Startup probe failed', '3m'), probe(refused)],
    tells: [`agents/not-ready: 1 of 3 agents not ready: "HTTP probe failed with statuscode: 503"`],
  },
  'by nothing it said before': {
    over: [unready('5m', ', uid: cilium-1'), probe(refused, '40m')],
    tells: ['agents/not-ready: 1 of 3 agents not ready'],
  },
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
    tells: ['agents/not-ready: 1 of 3 agents not ready: ImagePullBackOff in cilium-agent: "Back-off pulling image"'],
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

it('agents/not-ready gives the whole of what was said, and how often', () => {
  const over = [unready('5m', ', uid: cilium-1'), probe(refused)];
  expect(finding({ over }, 'agents/not-ready').evidence[0]).toBe(`event Unhealthy ×12, last 11:59Z: ${refused}`);
});
