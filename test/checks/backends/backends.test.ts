import { expect, it } from 'vitest';
import { cases } from '../cases.ts';
import { finding } from '../given.ts';

/** A service of shop, a Deployment of its labels and a pod that it selects. */
function service(selector: string, target: string, also = ''): string {
  return `
kind: Service
metadata: {namespace: shop, name: front, creationTimestamp: <3h ago>}
spec: {type: ClusterIP, clusterIP: 10.1.0.7, selector: ${selector}, ports: [{name: http, port: 80, protocol: TCP, targetPort: ${target}}]}
---
kind: EndpointSlice
metadata: {namespace: shop, name: front-x2k4p, creationTimestamp: <40m ago>, labels: {kubernetes.io/service-name: front}}
addressType: IPv4
endpoints: []
${also}`;
}

function pod(ports: string, ready = 'True', node = 'np1-0', phase = 'Running'): string {
  return `---
kind: Pod
metadata: {namespace: shop, name: front-7d9-q4, creationTimestamp: <2h ago>, labels: {app: front}}
spec: {nodeName: ${node}, hostNetwork: true, containers: [{name: front, image: i, ports: ${ports}}]}
status:
  phase: ${phase}
  podIP: 10.0.0.4
  conditions: [{type: Ready, status: '${ready}', lastTransitionTime: <20m ago>}]
  containerStatuses: [{name: front, ready: ${ready === 'True'}, restartCount: 0, state: {running: {startedAt: <2h ago>}}}]
`;
}

const deployment = (replicas: number) => `---
kind: Deployment
metadata: {namespace: shop, name: front, creationTimestamp: <3h ago>}
spec: {replicas: ${replicas}, selector: {matchLabels: {app: front}}}
`;

const http = '[{name: http, containerPort: 8080, protocol: TCP}]';

cases('backends/selector-matches-nothing', {
  'a label that no pod has': {
    over: service('{app: fornt}', '8080', pod(http)),
    tells: ['backends/selector-matches-nothing: 1 service selects no pod'],
  },
  'for longer than a day it is a note': {
    over: `${service('{app: fornt}', '8080')}`.replace('<40m ago>', '<3d ago>'),
    tells: ['backends/selector-matches-nothing: 1 service selects no pod, for more than a day'],
  },
  'silent where it became so a moment ago': {
    over: service('{app: fornt}', '8080').replace('<40m ago>', '<30s ago>'),
    tells: [],
  },
  'silent where its workload was scaled to none': {
    over: service('{app: front, tier: web}', '8080', deployment(0)),
    tells: [],
  },
  'a workload of other labels that has pods to be is no excuse': {
    over: service('{app: front}', '8080', deployment(2)),
    tells: ['backends/selector-matches-nothing: 1 service selects no pod'],
  },
  'silent without a selector': { over: service('{}', '8080'), tells: [] },
});

cases('backends/target-port-unmatched', {
  'a name that no container has': {
    over: service('{app: front}', 'web', pod(http)),
    tells: ['backends/target-port-unmatched: 1 service port leads to a name that no container port has'],
  },
  'a number that is not declared is a note': {
    over: service('{app: front}', '9090', pod(http)),
    tells: ['backends/target-port-unmatched: ≈ 1 service port leads to a port that no container declares'],
  },
  'the same number of another protocol is another port': {
    over: service('{app: front}', '8080', pod('[{name: http, containerPort: 8080, protocol: UDP}]')),
    tells: ['backends/target-port-unmatched: ≈ 1 service port leads to a port that no container declares'],
  },
  'silent by name': { over: service('{app: front}', 'http', pod(http)), tells: [] },
  'silent by number': { over: service('{app: front}', '8080', pod(http)), tells: [] },
  'silent where the containers declare nothing': { over: service('{app: front}', '9090', pod('[]')), tells: [] },
});

cases('backends/none-ready', {
  'the probe of its only pod fails': {
    over: service('{app: front}', 'http', pod(http, 'False')),
    tells: ['backends/none-ready: 1 service has no ready pod'],
  },
  'silent where a pod has not come to run: others tell of it': {
    over: service('{app: front}', 'http', pod(http, 'False', 'np1-0', 'Pending')),
    tells: [],
  },
  'silent of a headless service': {
    over: service('{app: front}', 'http', pod(http, 'False')).replace('10.1.0.7', 'None'),
    tells: [],
  },
});

it('names the service, its selector and since when', () => {
  expect(finding({ over: service('{app: fornt}', '8080') }, 'backends/selector-matches-nothing')).toMatchObject({
    severity: 'warning',
    objects: [{ kind: 'Service', namespace: 'shop', name: 'front' }],
    evidence: ['shop/front: app=fornt since 11:20Z (40m)'],
    reach: '1 service',
  });
});

const replica = (at: number, status: string) => `---
kind: Pod
metadata: {namespace: shop, name: front-7d9-r${at}, creationTimestamp: <2h ago>, labels: {app: front}}
spec: {nodeName: np1-0, hostNetwork: true, containers: [{name: front, image: i, ports: ${http}}]}
status: ${status}
`;
const failing = `{phase: Running, podIP: 10.0.0.4, conditions: [{type: Ready, status: 'False', lastTransitionTime: <20m ago>}], containerStatuses: [{name: front, ready: false, restartCount: 0, state: {running: {startedAt: <2h ago>}}}]}`;

cases('backends/one-ready', {
  'one of three': {
    over: service('{app: front}', 'http', [pod(http), replica(1, failing), replica(2, failing)].join('')),
    tells: ['backends/one-ready: 1 service has a single ready pod of several'],
  },
  'silent for one of two': {
    over: service('{app: front}', 'http', [pod(http), replica(1, failing)].join('')),
    tells: [],
  },
  'silent where it became so a moment ago': {
    over: service('{app: front}', 'http', [pod(http), replica(1, failing), replica(2, failing)].join('')).replaceAll(
      '<20m ago>',
      '<2m ago>',
    ),
    tells: [],
  },
});
