import { createHash } from 'node:crypto';
import type { KubeObject } from '../cluster.ts';
import { isMap } from '../fields/field-set.ts';

type Fields = Record<string, unknown>;

/** What a server fills in where the client says nothing (and what admission adds), in a new object. Changes `object`. */
export function setDefaults(object: KubeObject): void {
  const spec = (object['spec'] ?? {}) as Fields;
  switch (object.kind) {
    case 'Namespace':
      object.metadata.labels = { 'kubernetes.io/metadata.name': object.metadata.name, ...object.metadata.labels };
      object['spec'] = { finalizers: ['kubernetes'], ...spec };
      break;
    case 'Node':
      object['spec'] = spec;
      break;
    case 'Pod':
      defaultPod(spec);
      break;
    case 'Service':
      defaultService(object, spec);
      break;
    case 'Deployment':
      fill(spec, { replicas: 1, strategy: {}, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
      defaultRolling(spec['strategy'] as Fields, { maxUnavailable: '25%', maxSurge: '25%' });
      defaultTemplate(spec);
      break;
    case 'DaemonSet':
      fill(spec, { updateStrategy: {}, revisionHistoryLimit: 10 });
      defaultRolling(spec['updateStrategy'] as Fields, { maxUnavailable: 1, maxSurge: 0 });
      defaultTemplate(spec);
      object.metadata.annotations = {
        'deprecated.daemonset.template.generation': String(object.metadata.generation ?? 1),
        ...object.metadata.annotations,
      };
      break;
    case 'StatefulSet':
      fill(spec, { replicas: 1, podManagementPolicy: 'OrderedReady', revisionHistoryLimit: 10 });
      defaultTemplate(spec);
      break;
    case 'ReplicaSet':
      fill(spec, { replicas: 1 });
      defaultTemplate(spec);
      break;
    case 'NetworkPolicy':
      if (spec['policyTypes'] === undefined) {
        spec['policyTypes'] = spec['egress'] === undefined ? ['Ingress'] : ['Ingress', 'Egress'];
      }
      break;
    case 'Event':
      if (object.apiVersion === 'v1') {
        fill(object as unknown as Fields, {
          source: {},
          eventTime: null,
          reportingComponent: '',
          reportingInstance: '',
        });
      }
      break;
    case 'Secret':
      fill(object as unknown as Fields, { type: 'Opaque' });
      break;
  }
}

/** The status of an object nobody has looked at yet; undefined where a client may give one. */
export function firstStatus(object: KubeObject): Fields | undefined {
  switch (object.kind) {
    case 'Pod':
      return { phase: 'Pending', qosClass: qosOf(object) };
    case 'Namespace':
      return { phase: 'Active' };
    case 'Service':
      return { loadBalancer: {} };
    case 'Deployment':
      return {};
    case 'ReplicaSet':
    case 'StatefulSet':
      return { replicas: 0 };
    case 'DaemonSet':
      return { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
    case 'PodDisruptionBudget':
      return { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
    case 'CustomResourceDefinition':
      return establishedStatus(object);
    default:
      return undefined;
  }
}

/** A definition is served from the moment it is stored. */
function establishedStatus(definition: KubeObject): Fields {
  const spec = definition['spec'] as { names: object; versions: { name: string; storage: boolean }[] };
  const condition = (type: string, reason: string, message: string) => ({ type, status: 'True', reason, message });
  return {
    acceptedNames: spec.names,
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
    ],
    storedVersions: spec.versions.filter((version) => version.storage).map((version) => version.name),
  };
}

function defaultPod(spec: Fields): void {
  defaultPodSpec(spec);
  fill(spec, {
    serviceAccountName: 'default',
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  });
  fill(spec, { serviceAccount: spec['serviceAccountName'] });
  const tolerations = listOf(spec['tolerations']);
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    const tolerated = tolerations.some(
      (one) => one['key'] === key || (one['key'] === undefined && one['operator'] === 'Exists'),
    );
    if (!tolerated) tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  }
  spec['tolerations'] = tolerations;
}

function defaultTemplate(spec: Fields): void {
  const template = spec['template'];
  if (!isMap(template)) return;
  if (isMap(template['spec'])) defaultPodSpec(template['spec']);
}

function defaultPodSpec(spec: Fields): void {
  for (const container of [...listOf(spec['initContainers']), ...listOf(spec['containers'])]) {
    const image = String(container['image'] ?? '');
    const latest = /:latest$/.test(image) || !/[:@][^/]+$/.test(image);
    fill(container, {
      resources: {},
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      imagePullPolicy: latest ? 'Always' : 'IfNotPresent',
    });
    for (const port of listOf(container['ports'])) fill(port, { protocol: 'TCP' });
  }
  fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
}

function defaultRolling(strategy: Fields, rolling: Fields): void {
  fill(strategy, { type: 'RollingUpdate' });
  if (strategy['type'] === 'RollingUpdate')
    strategy['rollingUpdate'] = { ...rolling, ...(strategy['rollingUpdate'] as Fields) };
}

function defaultService(object: KubeObject, spec: Fields): void {
  for (const port of listOf(spec['ports'])) fill(port, { protocol: 'TCP', targetPort: port['port'] });
  fill(spec, { type: 'ClusterIP', sessionAffinity: 'None', internalTrafficPolicy: 'Cluster' });
  if (spec['type'] === 'ExternalName') return;
  const hash = createHash('sha256').update(`${object.metadata.namespace}/${object.metadata.name}`).digest();
  fill(spec, {
    clusterIP: `10.0.${hash[0]}.${1 + ((hash[1] ?? 0) % 254)}`,
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
  });
  fill(spec, { clusterIPs: [spec['clusterIP']] });
}

function qosOf(pod: KubeObject): string {
  const containers = listOf((pod['spec'] as Fields | undefined)?.['containers']);
  const resources = containers.map(
    (container) => (container['resources'] ?? {}) as { limits?: Fields; requests?: Fields },
  );
  if (resources.every((one) => !one.limits && !one.requests)) return 'BestEffort';
  const guaranteed = resources.every(
    ({ limits, requests }) =>
      limits?.['cpu'] !== undefined &&
      limits['memory'] !== undefined &&
      (requests?.['cpu'] ?? limits['cpu']) === limits['cpu'] &&
      (requests?.['memory'] ?? limits['memory']) === limits['memory'],
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

function fill(target: Fields, values: Fields): void {
  for (const [name, value] of Object.entries(values)) if (target[name] === undefined) target[name] = value;
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? (value as Fields[]) : [];
}
