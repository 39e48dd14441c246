import type { KubeObject, ResourceType } from '../cluster.ts';
import { ageSince, at, listAt, none, numberAt, tellLabels, textAt, unknown } from './cells.ts';
import { age, builtIn, count, name, text } from './define.ts';
import { pods } from './pods.ts';

/** The core group, but for what nobody asks a console about. */
export const core: readonly ResourceType[] = [
  builtIn('/v1', 'ConfigMap', 'configmaps', {
    shortNames: ['cm'],
    columns: [name, count('Data', (map) => size(map['data']) + size(map['binaryData'])), age],
  }),
  builtIn('/v1', 'Endpoints', 'endpoints', {
    shortNames: ['ep'],
    columns: [name, text('Endpoints', tellEndpoints), age],
  }),
  builtIn('/v1', 'Event', 'events', { shortNames: ['ev'], columns: eventColumns() }),
  builtIn('/v1', 'Namespace', 'namespaces', {
    shortNames: ['ns'],
    namespaced: false,
    subresources: ['finalize', 'status'],
    columns: [name, text('Status', (namespace) => textAt(namespace, 'status', 'phase')), age],
  }),
  builtIn('/v1', 'Node', 'nodes', {
    shortNames: ['no'],
    namespaced: false,
    subresources: ['proxy', 'status'],
    columns: [
      name,
      text('Status', tellNode),
      text('Roles', tellRoles),
      age,
      text('Version', (node) => textAt(node, 'status', 'nodeInfo', 'kubeletVersion')),
      text('Internal-IP', (node) => address(node, 'InternalIP'), 1),
      text('External-IP', (node) => address(node, 'ExternalIP'), 1),
      text('OS-Image', (node) => textAt(node, 'status', 'nodeInfo', 'osImage') || unknown, 1),
      text('Kernel-Version', tellKernel, 1),
      text('Container-Runtime', (node) => textAt(node, 'status', 'nodeInfo', 'containerRuntimeVersion') || unknown, 1),
    ],
  }),
  builtIn('/v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', {
    shortNames: ['pvc'],
    subresources: ['status'],
    columns: [name, text('Status', (claim) => textAt(claim, 'status', 'phase')), age],
  }),
  builtIn('/v1', 'PersistentVolume', 'persistentvolumes', {
    shortNames: ['pv'],
    namespaced: false,
    subresources: ['status'],
    columns: [name, text('Status', (volume) => textAt(volume, 'status', 'phase')), age],
  }),
  pods,
  builtIn('/v1', 'ReplicationController', 'replicationcontrollers', {
    shortNames: ['rc'],
    categories: ['all'],
    subresources: ['scale', 'status'],
    columns: [
      name,
      count('Desired', (one) => numberAt(one, 'spec', 'replicas')),
      count('Current', (one) => numberAt(one, 'status', 'replicas')),
      count('Ready', (one) => numberAt(one, 'status', 'readyReplicas')),
      age,
    ],
  }),
  builtIn('/v1', 'Secret', 'secrets', {
    columns: [
      name,
      text('Type', (secret) => textAt(secret, 'type')),
      count('Data', (secret) => size(secret['data'])),
      age,
    ],
  }),
  builtIn('/v1', 'ServiceAccount', 'serviceaccounts', {
    shortNames: ['sa'],
    subresources: ['token'],
    columns: [name, count('Secrets', (account) => listAt(account, 'secrets').length), age],
  }),
  builtIn('/v1', 'Service', 'services', {
    shortNames: ['svc'],
    categories: ['all'],
    subresources: ['proxy', 'status'],
    columns: [
      name,
      text('Type', (service) => textAt(service, 'spec', 'type')),
      text('Cluster-IP', (service) => textAt(service, 'spec', 'clusterIP') || none),
      text('External-IP', tellExternal),
      text('Port(s)', tellPorts),
      age,
      text('Selector', (service) => tellLabels(at(service, 'spec', 'selector')), 1),
    ],
  }),
];

export function eventColumns(): ResourceType['columns'] {
  const lastSeen = (event: KubeObject, now: number) => {
    const series = textAt(event, 'series', 'lastObservedTime');
    const last = series || textAt(event, 'lastTimestamp') || firstSeen(event);
    const ago = ageSince(last, now);
    const times = numberAt(event, 'series', 'count') || numberAt(event, 'count');
    // kubectl tells repetition only where the event itself is a series.
    return series === '' || times < 2 ? ago : `${ago} (x${times} over ${ageSince(firstSeen(event), now)})`;
  };
  const object = (event: KubeObject) => {
    const kind = textAt(event, 'involvedObject', 'kind').toLowerCase();
    return `${kind}/${textAt(event, 'involvedObject', 'name')}`;
  };
  const source = (event: KubeObject) => {
    const component = textAt(event, 'source', 'component') || textAt(event, 'reportingComponent');
    const host = textAt(event, 'source', 'host') || textAt(event, 'reportingInstance');
    return host === '' ? component : `${component}, ${host}`;
  };
  return [
    text('Last Seen', lastSeen),
    text('Type', (event) => textAt(event, 'type')),
    text('Reason', (event) => textAt(event, 'reason')),
    text('Object', object),
    text('Subobject', (event) => textAt(event, 'involvedObject', 'fieldPath'), 1),
    text('Source', source, 1),
    text('Message', (event) => textAt(event, 'message').trim()),
    text('First Seen', (event, now) => ageSince(firstSeen(event), now), 1),
    text('Count', (event) => numberAt(event, 'series', 'count') || numberAt(event, 'count') || 1, 1),
    { ...name, priority: 1 },
  ];
}

function firstSeen(event: KubeObject): string {
  return textAt(event, 'firstTimestamp') || textAt(event, 'eventTime') || (event.metadata.creationTimestamp ?? '');
}

function tellNode(node: KubeObject): string {
  const ready = listAt(node, 'status', 'conditions').find((condition) => condition['type'] === 'Ready');
  const state = ready === undefined ? 'Unknown' : ready['status'] === 'True' ? 'Ready' : 'NotReady';
  return at(node, 'spec', 'unschedulable') === true ? `${state},SchedulingDisabled` : state;
}

function tellRoles(node: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const labels = node.metadata.labels ?? {};
  const roles = Object.keys(labels)
    .filter((label) => label.startsWith(prefix))
    .map((label) => label.slice(prefix.length));
  const old = labels['kubernetes.io/role'];
  return [...roles, ...(old === undefined ? [] : [old])].sort().join(',') || none;
}

/** Newer servers add the architecture; where it is unknown they leave the parentheses away. */
function tellKernel(node: KubeObject): string {
  const kernel = textAt(node, 'status', 'nodeInfo', 'kernelVersion');
  if (kernel === '') return unknown;
  const architecture = textAt(node, 'status', 'nodeInfo', 'architecture');
  return architecture === '' ? kernel : `${kernel} (${architecture})`;
}

function address(node: KubeObject, type: string): string {
  const found = listAt(node, 'status', 'addresses').find((one) => one['type'] === type);
  return textAt(found, 'address') || none;
}

function tellExternal(service: KubeObject): string {
  const external = at(service, 'spec', 'externalIPs');
  const fixed = Array.isArray(external) ? external.map(String) : [];
  const type = textAt(service, 'spec', 'type');
  if (type === 'ExternalName') return textAt(service, 'spec', 'externalName');
  const ingress = listAt(service, 'status', 'loadBalancer', 'ingress').map(
    (one) => textAt(one, 'ip') || textAt(one, 'hostname'),
  );
  if (type === 'LoadBalancer') return [...ingress, ...fixed].join(',') || '<pending>';
  return fixed.join(',') || none;
}

function tellPorts(service: KubeObject): string {
  const ports = listAt(service, 'spec', 'ports').map((port) => {
    const node = numberAt(port, 'nodePort');
    return `${textAt(port, 'port')}${node === 0 ? '' : `:${node}`}/${textAt(port, 'protocol') || 'TCP'}`;
  });
  return ports.join(',') || none;
}

function tellEndpoints(endpoints: KubeObject): string {
  const all = listAt(endpoints, 'subsets').flatMap((subset) =>
    listAt(subset, 'addresses').flatMap((one) =>
      listAt(subset, 'ports').map((port) => `${textAt(one, 'ip')}:${textAt(port, 'port')}`),
    ),
  );
  if (all.length === 0) return none;
  return all.length > 3 ? `${all.slice(0, 3).join(',')} + ${all.length - 3} more...` : all.join(',');
}

function size(map: unknown): number {
  return Object.keys((map ?? {}) as object).length;
}
