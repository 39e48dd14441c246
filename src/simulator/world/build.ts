// The cluster as it stands when the world begins to live: hours old, settled, every object agreeing with the others.

import type { KubeObject } from '../cluster.ts';
import { fieldsOf } from '../fields/field-set.ts';
import { listsOf } from '../fields/managed-fields.ts';
import { configureBgp } from './cilium/bgp.ts';
import { replicaSetObject } from './controllers/deployments.ts';
import { revisionObject } from './controllers/rollout.ts';
import type { Core } from './core.ts';
import { applications } from './inventory/applications.ts';
import { ciliumWorkloads } from './inventory/cilium.ts';
import { managed, nodeName, nodeObject, poolOf } from './inventory/nodes.ts';
import { ownCiliumWorkloads } from './inventory/own-cilium.ts';
import { policies } from './inventory/policies.ts';
import { budgets, certificates, flowLogs, operatorLease, settings } from './inventory/settings.ts';
import { systemWorkloads } from './inventory/system.ts';
import { KUBERNETES, NODE_IMAGE } from './inventory/versions.ts';
import type { ServicePort, Workload } from './inventory/workload.ts';
import { older, workloadObject } from './inventory/workload-object.ts';
import { apart } from './placement.ts';
import { templateHash } from './random.ts';
import { settledCronJobs } from './settled-jobs.ts';
import { type Parts, settledPods } from './settled-pods.ts';
import { type Deployment, type Labels, type PodTemplate, timeOf } from './shapes.ts';
import type { NodeRecord } from './view.ts';
import type { WorldOptions } from './world-options.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Namespaces with CronJobs, in clusters of some size. */
const TEAMS_WITH_DUTIES = 2;
const FEW_PODS = 100;
const STATUS_FIELDS = { 'f:status': { '.': {}, 'f:conditions': {} } };

export function build(core: Core, parts: Parts): void {
  const { options, random } = core;
  const now = core.now();
  const born = now - 97 * DAY;
  const cilium = options.mode !== 'no-cilium';

  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) namespace(core, name, {}, born);
  nodes(core, now - 9 * DAY);
  const ring = [...core.view.nodes.values()];
  const system = [...ciliumOf(options), ...systemWorkloads(options)];
  for (const workload of system)
    place(core, parts, workload, ring, born + random.between(1, 40) * 60_000, now - 9 * DAY + HOUR);
  settings(core, born, cilium);
  budgets(core, born);
  if (cilium) certificates(core, born);
  service(
    core,
    { kind: 'Service', namespace: 'default', name: 'kubernetes' },
    [{ name: 'https', port: 443, targetPort: 443 }],
    '10.0.0.1',
    undefined,
    { component: 'apiserver', provider: 'kubernetes' },
    born,
  );
  apiServerSlice(core, born);
  const teams = applications(options.pods, random);
  for (const application of teams) {
    const since = born + random.between(1, 60) * DAY;
    namespace(core, application.namespace, application.labels, since);
    for (const policy of cilium ? policies(application) : [])
      settledPolicy(core, policy, since + 2 * DAY, now - random.between(9, 30) * DAY);
    for (const workload of application.workloads) {
      place(core, parts, workload, ring, since + random.between(1, 20) * HOUR, now - random.between(2, 160) * HOUR);
    }
  }
  if (options.pods >= FEW_PODS)
    for (const { namespace } of teams.slice(0, TEAMS_WITH_DUTIES)) settledCronJobs(core, namespace, now - 20 * DAY);
  if (cilium) {
    for (const node of ring) {
      const object = parts.agents.ciliumNode(node);
      object.metadata.creationTimestamp = timeOf(now - 9 * DAY + 60_000);
      core.create(object, 'cilium-agent');
      parts.addresses.publish(node);
    }
    parts.addresses.publishSubnet();
    parts.slices.flush();
    operatorLease(core, now, born);
    if (options.acns) flowLogs(core, born + DAY);
    if (options.mode === 'byo') configureBgp(core, born + 2 * DAY);
  }
}

function ciliumOf(options: WorldOptions): Workload[] {
  if (options.mode === 'no-cilium') return [];
  return options.mode === 'byo' ? ownCiliumWorkloads(options) : ciliumWorkloads(options);
}

function nodes(core: Core, created: number): void {
  const { options } = core;
  for (let index = 0; index < options.nodes; index++) {
    const { pool, ordinal } = poolOf(index, options.nodes);
    const plan = {
      index,
      name: nodeName(pool, ordinal),
      pool,
      systemPool: pool === 'np1',
      zone: `westeurope-${(index % 3) + 1}`,
      kubelet: KUBERNETES,
      nodeImage: NODE_IMAGE,
      created: created + index * 1_000,
    };
    core.create(nodeObject(plan, options, true), 'kubelet');
  }
}

function namespace(core: Core, name: string, labels: Labels, at: number): void {
  core.create(
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels }, creationTimestamp: timeOf(at) },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    },
    'kube-controller-manager',
  );
}

/** A policy made and last edited at these times, and found valid by the operator. */
function settledPolicy(core: Core, policy: KubeObject, made: number, edited: number): void {
  const resource = core.store.resourceOf(policy.kind);
  const last = Math.max(made, edited);
  const fields = fieldsOf(policy, listsOf(resource), resource.custom);
  const { apiVersion } = policy;
  policy.metadata.creationTimestamp = timeOf(made);
  policy.metadata.managedFields = [{ ...managed('argocd-controller', 'Update', last, fields), apiVersion }];
  if (resource.custom) {
    const valid = { type: 'Valid', status: 'True', reason: 'Succeeded', message: 'Policy validation succeeded' };
    policy['status'] = { conditions: [{ ...valid, lastTransitionTime: timeOf(made + 1_000) }] };
    const byOperator = managed('cilium-operator-generic', 'Update', made + 1_000, STATUS_FIELDS, 'status');
    policy.metadata.managedFields.push({ ...byOperator, apiVersion });
  }
  core.create(policy, 'argocd-controller');
}

/** A workload with its revisions, its pods on the nodes, and its service. */
function place(
  core: Core,
  parts: Parts,
  workload: Workload,
  ring: readonly NodeRecord[],
  made: number,
  rolled: number,
): void {
  const { random } = core;
  const { template, namespace: home } = workload;
  const hash = templateHash(template);
  const object = workloadObject(core, workload, hash, made, rolled);
  const created = core.create(object, workload.manager);
  if (created === undefined) return;
  if (workload.service !== undefined) {
    const { name, ports, clusterIP, headless, labels } = workload.service;
    service(
      core,
      { kind: 'Service', namespace: home, name },
      ports,
      headless ? 'None' : clusterIP,
      workload.selector,
      labels,
      made,
    );
  }
  if (workload.kind === 'DaemonSet') {
    core.create(
      revisionObject(created, templateHash(older(template)), 1, older(template), workload.selector, made),
      'kube-controller-manager',
    );
    core.create(revisionObject(created, hash, 2, template, workload.selector, rolled), 'kube-controller-manager');
    const labels = { 'controller-revision-hash': hash, 'pod-template-generation': '2' };
    const start = settledPods(core, parts, created, template, labels);
    for (const node of ring)
      start(`${workload.name}-${random.suffix(5)}`, node, rolled + random.between(10, 3_000_000));
    return;
  }
  if (workload.kind === 'StatefulSet') {
    core.create(revisionObject(created, hash, 1, template, workload.selector, made), 'kube-controller-manager');
    for (let ordinal = 0; ordinal < (workload.replicas ?? 1); ordinal++) {
      const name = `${workload.name}-${ordinal}`;
      const labels = {
        'apps.kubernetes.io/pod-index': String(ordinal),
        'controller-revision-hash': `${workload.name}-${hash}`,
        'statefulset.kubernetes.io/pod-name': name,
      };
      const node = spot(core, template, home, ring);
      if (node !== undefined) settledPods(core, parts, created, template, labels)(name, node, rolled + ordinal * 9_000);
    }
    return;
  }
  const deployment = created as Deployment;
  const before = older(template);
  core.create(
    replicaSetObject(
      { ...deployment, spec: { ...deployment.spec, template: before } },
      templateHash(before),
      1,
      0,
      made,
    ),
    'kube-controller-manager',
  );
  const replicas = workload.replicas ?? 1;
  const set = replicaSetObject(deployment, hash, 2, replicas, rolled);
  set.status = {
    replicas,
    fullyLabeledReplicas: replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
    observedGeneration: 1,
  };
  const owner = core.create(set, 'kube-controller-manager');
  if (owner === undefined) return;
  const start = settledPods(core, parts, owner, set.spec.template, {});
  for (let i = 0; i < replicas; i++) {
    const node = spot(core, template, home, ring);
    const at = rolled + 5_000 + random.between(0, Math.max(0, core.now() - rolled - HOUR) / 3);
    if (node !== undefined) start(`${owner.metadata.name}-${random.suffix(5)}`, node, at);
  }
}

/** The API server writes its own address; of a managed cluster it is that of no node. */
function apiServerSlice(core: Core, at: number): void {
  core.create(
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: 'kubernetes',
        namespace: 'default',
        creationTimestamp: timeOf(at),
        labels: { 'kubernetes.io/service-name': 'kubernetes' },
      },
      addressType: 'IPv4',
      endpoints: [{ addresses: [API_SERVER], conditions: { ready: true } }],
      ports: [{ name: 'https', port: 443, protocol: 'TCP' }],
    },
    'kube-apiserver',
  );
}

const API_SERVER = '198.51.100.17';

/** Round the nodes, past those that are full or where anti-affinity says no. */
function spot(core: Core, template: PodTemplate, home: string, ring: readonly NodeRecord[]): NodeRecord | undefined {
  const start = core.random.between(0, Math.max(0, ring.length - 1));
  let best: NodeRecord | undefined;
  for (let i = 0; i < Math.min(ring.length, 24); i++) {
    const node = ring[(start + i) % ring.length];
    if (node === undefined || node.pods.size >= node.maxPods) continue;
    if ((best === undefined || node.pods.size < best.pods.size) && apart(template.spec, home, node)) best = node;
  }
  return best;
}

function service(
  core: Core,
  about: { kind: string; namespace: string; name: string },
  ports: readonly ServicePort[],
  clusterIP: string | undefined,
  selector: Labels | undefined,
  labels: Labels | undefined,
  at: number,
): void {
  const count = core.store.count('Service') + 16;
  const ip = clusterIP ?? `10.0.${(count >> 8) & 255}.${count & 255}`;
  core.create(
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: about.name,
        namespace: about.namespace,
        creationTimestamp: timeOf(at),
        ...((labels ?? selector) ? { labels: labels ?? selector ?? {} } : {}),
      },
      spec: {
        clusterIP: ip,
        clusterIPs: [ip],
        internalTrafficPolicy: 'Cluster',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        ports: ports.map((port) => ({
          ...(port.name === '' ? {} : { name: port.name }),
          port: port.port,
          protocol: port.protocol ?? 'TCP',
          targetPort: port.targetPort,
        })),
        ...(selector === undefined ? {} : { selector }),
        sessionAffinity: 'None',
        type: 'ClusterIP',
      },
      status: { loadBalancer: {} },
    },
    'kubectl-client-side-apply',
  );
}
