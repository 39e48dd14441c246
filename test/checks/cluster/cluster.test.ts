import { describe, expect, it } from 'vitest';
import { cases } from '../cases.ts';
import { finding, judged } from '../given.ts';

const tunnel = (ready: number, since = '9m') => [
  `kind: Deployment\nmetadata: { namespace: kube-system, name: konnectivity-agent }\nstatus: { readyReplicas: ${ready} }`,
  ...[0, 1].slice(ready).map(
    (at) => `
kind: Pod
metadata: { namespace: kube-system, name: konnectivity-agent-${at} }
status: { conditions: [{ type: Ready, status: 'False', lastTransitionTime: <${since} ago> }] }
`,
  ),
];

cases('cluster/tunnel-down', {
  'no agent of it ready': {
    over: tunnel(0),
    tells: ['cluster/tunnel-down: API tunnel down: 0 of 2 konnectivity-agent ready'],
  },
  'restarting together': { over: tunnel(0, '20s'), tells: [] },
  'one of two carries it': { over: tunnel(1), tells: [] },
});

const capture = (until: string, label = 'ciliscope') => `
kind: ContainerNetworkLog
metadata:
  name: ciliscope-shop-20261122
  labels: { app.kubernetes.io/managed-by: ${label} }
  annotations: { ciliscope/until: ${until} }
spec: { includefilters: [{ name: from }] }
`;

cases('cluster/capture-left-behind', {
  'whose session ended before it did': {
    over: capture('<1h ago>'),
    tells: ['cluster/capture-left-behind: 1 capture of flows should have ended'],
  },
  'whose time was up a moment ago': { over: capture('<1m ago>'), tells: [] },
  'made by others': { over: capture('<1h ago>', 'Helm'), tells: [] },
});

const edited = (manager: string, key: string, value = 'true') => `
kind: ConfigMap
metadata:
  namespace: kube-system
  name: cilium-config
  managedFields:
    - { manager: Eno, operation: Apply, time: <5h ago>, fieldsV1: { 'f:data': { 'f:ipam': {} } } }
    - { manager: ${manager}, operation: Update, time: <2h ago>, fieldsV1: { 'f:data': { 'f:${key}': {} } } }
data: { ${key}: '${value}' }
`;

cases('cluster/unsupported-config-edit', {
  'a setting edited by hand': {
    over: edited('kubectl-edit', 'debug'),
    tells: ['cluster/unsupported-config-edit: cilium-config edited by hand: debug'],
  },
  'the one edit that is supported': { over: edited('kubectl-edit', 'labels', '!spark-app-selector'), tells: [] },
  'by AKS itself, whose old add-on manager ran kubectl apply': {
    over: edited('kubectl-client-side-apply', 'debug'),
    tells: [],
  },
  'where people run Cilium themselves': {
    over: [
      edited('kubectl-edit', 'debug'),
      'kind: ConfigMap\nmetadata: { namespace: kube-system, name: cilium-config }\ndata: { ipam: kubernetes }',
      'kind: DaemonSet\nmetadata: { namespace: kube-system, name: cilium, labels: null }',
    ],
    tells: [],
  },
});

describe('cluster/unsupported-config-edit', () => {
  it('says what was set, when and with what', () => {
    expect(finding({ over: edited('k9s', 'debug') }, 'cluster/unsupported-config-edit').evidence).toEqual([
      '2026-11-22 10:00Z by k9s: debug=true',
    ]);
  });
});

/** What a cluster with another network has of all this. */
const foreign = {
  bare: true,
  also: [
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n-0', creationTimestamp: '2026-11-01T00:00:00Z' },
      status: { conditions: [{ type: 'Ready', status: 'True' }], nodeInfo: { operatingSystem: 'linux' } },
    },
  ],
};
const cilium = [
  'ciliumEndpoints',
  'ciliumEndpointSlices',
  'ciliumIdentities',
  'ciliumNodes',
  'ciliumNodeConfigs',
] as const;
const missing = Object.fromEntries(cilium.map((source) => [source, 'missing' as const]));

cases('cluster/not-cilium', {
  'another network': {
    ...foreign,
    links: missing,
    tells: ['cluster/not-cilium: the network of this cluster is not Cilium'],
  },
  'Cilium’s definitions without an agent': {
    ...foreign,
    tells: ['cluster/not-cilium: the network of this cluster is not Cilium'],
  },
  'silences Cilium’s checks, not those of any cluster': {
    ...foreign,
    links: missing,
    over: 'kind: Node\nmetadata: { name: n-0 }\nstatus: { conditions: [{ type: Ready, status: Unknown, lastTransitionTime: <9m ago> }] }',
    tells: [
      'nodes/not-ready: 1 of 1 node not ready: kubelet silent',
      'cluster/not-cilium: the network of this cluster is not Cilium',
    ],
  },
  'Cilium that lost its DaemonSet is another trouble': {
    ...foreign,
    also: [...foreign.also, { apiVersion: 'cilium.io/v2', kind: 'CiliumNode', metadata: { name: 'n-0' } }],
    tells: ['agents/missing-on-node: 1 of 1 node without an agent: there is no DaemonSet cilium'],
  },
  'not before DaemonSets have been read': { ...foreign, links: { daemonSets: 'loading' }, tells: [] },
});

describe('cluster/not-cilium', () => {
  it('says of the checks that do not apply why they did not look', () => {
    const { notLookedAt, looked, of } = judged({ ...foreign, links: missing });
    expect(new Set(notLookedAt.map(({ reason }) => reason))).toEqual(
      new Set(['the network of this cluster is not Cilium']),
    );
    expect(looked + notLookedAt.length).toBe(of);
    expect(notLookedAt.map(({ id }) => id)).not.toContain('nodes/not-ready');
  });
});

cases('cluster/cilium-kinds-missing', {
  'endpoints are not served under running agents': {
    links: { ciliumEndpoints: 'missing' },
    tells: ['cluster/cilium-kinds-missing: agents run, but the server does not serve ciliumendpoints.cilium.io'],
  },
  'slices neither, where they are switched on': {
    links: { ciliumEndpoints: 'missing', ciliumEndpointSlices: 'missing' },
    tells: [
      'cluster/cilium-kinds-missing: agents run, but the server does not serve ciliumendpoints.cilium.io, ciliumendpointslices.cilium.io',
    ],
  },
  'no slices where they are switched off': {
    over: 'kind: ConfigMap\nmetadata: { namespace: kube-system, name: cilium-config }\ndata: { enable-cilium-endpoint-slice: "false" }',
    links: { ciliumEndpointSlices: 'missing' },
    tells: [],
  },
  'who may not list them does not know': { links: { ciliumEndpoints: 'forbidden' }, tells: [] },
});
