import { describe, expect, test } from 'vitest';
import type { KindId } from '../../../src/model/kinds.ts';
import { rowOf } from '../../fixtures/snapshot-of.ts';

/** Objects as a server sends them → the fields that matter. */
const cases: [kind: KindId, what: string, yaml: string, fields: Record<string, unknown>][] = [
  [
    'nodes',
    'of AKS',
    `metadata: {name: n1, labels: {kubernetes.azure.com/agentpool: np1, agentpool: old, kubernetes.azure.com/node-image-version: AKSUbuntu-202610.18}, creationTimestamp: "2026-11-22T11:00:00Z"}
spec: {unschedulable: true, podCIDR: 10.244.1.0/24, taints: [{key: node.cilium.io/agent-not-ready, effect: NoExecute, timeAdded: "2026-11-22T11:30:00Z"}]}
status:
  allocatable: {pods: "250"}
  addresses: [{type: Hostname, address: n1}, {type: InternalIP, address: 10.0.0.4}]
  conditions: [{type: Ready, status: "True", lastTransitionTime: "2026-11-22T11:01:00Z", reason: KubeletReady}]
  nodeInfo: {kubeletVersion: v1.34.2, operatingSystem: linux, kernelVersion: 6.8.0}`,
    {
      pool: 'np1',
      nodeImage: 'AKSUbuntu-202610.18',
      internalIP: '10.0.0.4',
      ready: 'True',
      unschedulable: true,
      maxPods: 250,
      podCIDRs: ['10.244.1.0/24'],
      kubelet: 'v1.34.2',
      created: Date.parse('2026-11-22T11:00:00Z'),
      taints: [
        {
          key: 'node.cilium.io/agent-not-ready',
          value: '',
          effect: 'NoExecute',
          since: Date.parse('2026-11-22T11:30:00Z'),
        },
      ],
    },
  ],
  ['nodes', 'without conditions', 'metadata: {name: n1}', { ready: 'Unknown', pool: '', deleting: 0 }],
  [
    'pods',
    'elsewhere keep only troubled containers',
    `metadata: {name: p, namespace: shop, ownerReferences: [{kind: Other, name: x}, {kind: ReplicaSet, name: web-5f, controller: true}]}
spec: {nodeName: n1, containers: [{name: a}, {name: b, ports: [{hostPort: 80, containerPort: 80}]}]}
status: {phase: Running, podIP: 10.1.0.1, podIPs: [{ip: 10.1.0.1}, {ip: "fd00::1"}], conditions: [{type: Ready, status: "False", lastTransitionTime: "2026-11-22T11:01:00Z"}],
  containerStatuses: [{name: a, ready: true, restartCount: 0, state: {running: {}}}, {name: b, ready: false, restartCount: 3, state: {waiting: {reason: CrashLoopBackOff}}}]}`,
    {
      ownerKind: 'ReplicaSet',
      ownerName: 'web-5f',
      status: 'CrashLoopBackOff',
      ready: false,
      readyCount: 1,
      hostPorts: ['b:80/TCP'],
      ips: ['10.1.0.1', 'fd00::1'],
      notReadySince: Date.parse('2026-11-22T11:01:00Z'),
      containers: [expect.objectContaining({ name: 'b', restarts: 3 })],
    },
  ],
  [
    'pods',
    'unschedulable',
    'metadata: {name: p}\nstatus: {phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: 0/3 nodes}]}',
    { unscheduled: '0/3 nodes', scheduled: 0 },
  ],
  [
    'ciliumEndpoints',
    'ready',
    `metadata: {name: web, namespace: shop, ownerReferences: [{kind: Pod, name: web, uid: pod-uid}]}
status: {id: 120, state: ready, identity: {id: 12345}, networking: {node: 10.0.0.4, addressing: [{ipv4: 10.1.0.1, ipv6: "fd00::1"}]}, policy: {ingress: {enforcing: true}}, log: [{timestamp: "2026-11-22T11:00:00Z", message: old}, {timestamp: "2026-11-22T11:02:00Z", message: Set}]}`,
    {
      endpointId: 120,
      identity: 12_345,
      ip: '10.1.0.1',
      ip6: 'fd00::1',
      nodeIP: '10.0.0.4',
      podUid: 'pod-uid',
      complete: true,
      ingressEnforced: true,
      egressEnforced: false,
      changed: Date.parse('2026-11-22T11:02:00Z'),
      message: 'Set',
    },
  ],
  [
    'ciliumEndpoints',
    'not written yet',
    'metadata: {name: web, namespace: shop}',
    { state: '', identity: 0, complete: false, changed: 0 },
  ],
  [
    'ciliumEndpointSlices',
    'with top-level fields',
    `metadata: {name: ces-1, creationTimestamp: "2026-11-22T10:00:00Z", managedFields: [{manager: kubectl-edit, time: "2026-11-22T11:00:00Z"}, {manager: cilium-operator-generic, time: "2026-11-22T10:30:00Z"}]}
namespace: shop
endpoints: [{name: web, id: 12345, networking: {node: 10.0.0.4, addressing: [{ipv4: 10.1.0.1}]}}]`,
    {
      endpointNamespace: 'shop',
      manager: 'kubectl-edit',
      changed: Date.parse('2026-11-22T11:00:00Z'),
      endpoints: [{ name: 'web', identity: 12_345, ip: '10.1.0.1', ip6: '', nodeIP: '10.0.0.4' }],
    },
  ],
  [
    'daemonSets',
    'counts nodes',
    'metadata: {name: cilium, generation: 3}\nspec: {selector: {matchLabels: {k8s-app: cilium}}, updateStrategy: {rollingUpdate: {maxUnavailable: 2}}, template: {spec: {tolerations: [{operator: Exists}], initContainers: [{name: i, image: x:1}], containers: [{name: cilium-agent, image: "r/cilium:v1.18.6"}]}}}\nstatus: {desiredNumberScheduled: 12, updatedNumberScheduled: 2, numberReady: 10, numberUnavailable: 2, observedGeneration: 3}',
    {
      desired: 12,
      updated: 2,
      ready: 10,
      unavailable: 2,
      maxUnavailable: '2',
      images: ['i=x:1', 'cilium-agent=r/cilium:v1.18.6'],
      tolerations: [{ key: '', operator: 'Exists', value: '', effect: '' }],
    },
  ],
  [
    'deployments',
    'counts replicas',
    'spec: {replicas: 2}\nstatus: {readyReplicas: 1, unavailableReplicas: 1}',
    { desired: 2, ready: 1, unavailable: 1 },
  ],
  ['deployments', 'scaled to zero', 'spec: {replicas: 0}', { desired: 0, ready: 0 }],
  [
    'replicaSets',
    'has its revision in an annotation',
    'metadata: {name: web-5f, annotations: {deployment.kubernetes.io/revision: "12"}, ownerReferences: [{kind: Deployment, name: web, controller: true}]}',
    { revision: 12, ownerKind: 'Deployment', ownerName: 'web' },
  ],
  [
    'controllerRevisions',
    'remembers a template',
    'metadata: {ownerReferences: [{kind: DaemonSet, name: cilium, controller: true}]}\nrevision: 13\ndata: {spec: {template: {spec: {containers: [{name: cilium-agent, image: "c:v1.18.9"}]}}}}',
    { revision: 13, images: ['cilium-agent=c:v1.18.9'] },
  ],
  [
    'leases',
    'with microseconds',
    'metadata: {name: l}\nspec: {holderIdentity: op-1, renewTime: "2026-11-22T11:00:00.123456Z", leaseDurationSeconds: 15, leaseTransitions: 2}',
    { holder: 'op-1', renewed: Date.parse('2026-11-22T11:00:00.123Z'), durationSeconds: 15, transitions: 2 },
  ],
  [
    'configMaps',
    'cilium-config keeps its values',
    'metadata: {name: cilium-config, namespace: kube-system}\ndata: {ipam: delegated-plugin, debug: "false"}',
    { data: { ipam: 'delegated-plugin', debug: 'false' } },
  ],
  ['configMaps', 'others keep none', 'metadata: {name: other}\ndata: {password: hunter2}', { data: {} }],
  [
    'events',
    'old style',
    'metadata: {creationTimestamp: "2026-11-22T10:00:00Z"}\nreason: BackOff\ncount: 7\nfirstTimestamp: "2026-11-22T10:00:00Z"\nlastTimestamp: "2026-11-22T11:00:00Z"\ninvolvedObject: {kind: Pod, name: p, uid: u}\nsource: {component: kubelet, host: n1}',
    {
      count: 7,
      first: Date.parse('2026-11-22T10:00:00Z'),
      last: Date.parse('2026-11-22T11:00:00Z'),
      objectUid: 'u',
      component: 'kubelet',
    },
  ],
  [
    'events',
    'new style',
    'metadata: {creationTimestamp: "2026-11-22T10:00:00Z"}\nfirstTimestamp: null\nlastTimestamp: null\neventTime: "2026-11-22T10:00:01.5Z"\nseries: {count: 3, lastObservedTime: "2026-11-22T10:05:00Z"}\nreportingComponent: kubelet',
    {
      count: 3,
      first: Date.parse('2026-11-22T10:00:01.5Z'),
      last: Date.parse('2026-11-22T10:05:00Z'),
      component: 'kubelet',
    },
  ],
  [
    'networkPolicies',
    'without policyTypes it is ingress',
    'spec: {podSelector: {}, ingress: [{}]}',
    { subject: 'all pods', ingress: true, egress: false, ruleCount: 1 },
  ],
  [
    'ciliumNetworkPolicies',
    'invalid',
    'spec: {endpointSelector: {matchExpressions: [{key: app, operator: In, values: [a, b]}]}, egressDeny: [{}]}\nstatus: {conditions: [{type: Valid, status: "False", message: bad}]}',
    { subject: 'app in (a,b)', ingress: false, egress: true, valid: 'False', validMessage: 'bad' },
  ],
  [
    'ciliumClusterwideNetworkPolicies',
    'several specs, one for nodes',
    'specs: [{nodeSelector: {matchLabels: {a: b}}, ingress: []}, {endpointSelector: {}, egress: [{}, {}]}]',
    { subject: 'nodes a=b | all pods', ingress: true, egress: true, ruleCount: 2 },
  ],
  [
    'ciliumIdentities',
    'named by number',
    'metadata: {name: "12345"}\nsecurity-labels: {"k8s:io.kubernetes.pod.namespace": shop, "k8s:app": web}',
    { id: 12_345, identityNamespace: 'shop' },
  ],
  [
    'ciliumNodes',
    'self-managed',
    'spec: {addresses: [{type: InternalIP, ip: 10.0.0.4}], ipam: {podCIDRs: [10.0.1.0/24]}, health: {ipv4: 10.0.1.9}}\nstatus: {ipam: {used: {10.0.1.1: {}, 10.0.1.2: {}}, operator-status: {error: range is full}}}',
    { used: 2, operatorError: 'range is full', podCIDRs: ['10.0.1.0/24'], healthIP: '10.0.1.9' },
  ],
  [
    'nodeNetworkConfigs',
    'refused',
    'spec: {requestedIPCount: 32}\nstatus: {assignedIPCount: 16, status: Error, scaler: {maxIPCount: 250}, networkContainers: [{status: NCUpdateSubnetFullError, subnetName: pods, assignmentMode: dynamic}]}',
    {
      assigned: 16,
      requested: 32,
      maxIPs: 250,
      containers: [{ status: 'NCUpdateSubnetFullError', subnet: 'pods', mode: 'dynamic' }],
    },
  ],
  [
    'services',
    'dual stack',
    'spec: {clusterIP: 10.2.0.1, clusterIPs: [10.2.0.1, "fd01::1"], ports: [{port: 80, targetPort: http}]}\nstatus: {loadBalancer: {ingress: [{ip: 20.1.1.1}]}}',
    { ips: ['10.2.0.1', 'fd01::1', '20.1.1.1'] },
  ],
  ['services', 'headless', 'spec: {clusterIP: None}', { ips: [] }],
  [
    'endpointSlices',
    'ready unless told otherwise',
    'metadata: {labels: {kubernetes.io/service-name: web}}\nendpoints: [{addresses: [10.1.0.1], targetRef: {name: web-0}}, {addresses: [10.1.0.2], conditions: {ready: false}}]',
    {
      service: 'web',
      endpoints: [
        { ip: '10.1.0.1', node: '', pod: 'web-0', ready: true },
        { ip: '10.1.0.2', node: '', pod: '', ready: false },
      ],
    },
  ],
];

describe('rows', () => {
  test.each(cases)('%s: %s', (kind, _, yaml, fields) => expect(rowOf(kind, yaml)).toMatchObject(fields));
});

test('who edited which fields, oldest first, status kept apart', () => {
  const row = rowOf(
    'ciliumNetworkPolicies',
    `metadata:
  name: deny-all
  managedFields:
  - {manager: kubectl, operation: Update, time: "2026-11-22T11:59:46Z", fieldsV1: {"f:spec": {".": {}, "f:egress": {}, "f:endpointSelector": {}}}}
  - {manager: cilium-operator, operation: Update, subresource: status, time: "2026-11-22T11:00:00Z", fieldsV1: {"f:status": {"f:conditions": {}}}}`,
  );
  expect(row.edits.map((edit) => [edit.manager, edit.subresource, edit.fields])).toEqual([
    ['cilium-operator', 'status', ['status.conditions']],
    ['kubectl', '', ['spec.egress', 'spec.endpointSelector']],
  ]);
});

test('fields of a pod template are told down to the container', () => {
  const fields =
    '{"f:spec": {"f:template": {"f:spec": {"f:containers": {"k:{\\"name\\":\\"cilium-agent\\"}": {".": {}, "f:image": {}}}}}}}';
  const row = rowOf(
    'daemonSets',
    `metadata: {managedFields: [{manager: aks, time: "2026-11-22T11:00:00Z", fieldsV1: ${fields}}]}`,
  );
  expect(row.edits[0]?.fields).toEqual(['spec.template.spec.containers[cilium-agent].image']);
});
