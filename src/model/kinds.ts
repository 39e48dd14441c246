// The kinds we watch. Adding one: a row type and projection under objects/, one line here.
import type { Intern } from './intern.ts';
import {
  projectCiliumIdentity,
  projectCiliumNode,
  projectCiliumNodeConfig,
  projectClusterSubnetState,
  projectContainerNetworkLog,
  projectContainerNetworkMetric,
  projectNodeNetworkConfig,
} from './objects/cilium.ts';
import { type CiliumEndpointRow, projectCiliumEndpoint } from './objects/cilium-endpoint.ts';
import { type CiliumEndpointSliceRow, projectCiliumEndpointSlice } from './objects/cilium-endpoint-slice.ts';
import {
  projectConfigMap,
  projectEndpointSlice,
  projectEvent,
  projectLease,
  projectNamespace,
  projectService,
} from './objects/core.ts';
import { type NodeRow, projectNode } from './objects/node.ts';
import type {
  CiliumCidrGroupRow,
  CiliumIdentityRow,
  CiliumNodeConfigRow,
  CiliumNodeRow,
  ClusterSubnetStateRow,
  ConfigMapRow,
  ContainerNetworkLogRow,
  ContainerNetworkMetricRow,
  EndpointSliceRow,
  EventRow,
  LeaseRow,
  NamespaceRow,
  NodeNetworkConfigRow,
  PolicyRow,
  RevisionRow,
  ServiceRow,
  TieredPolicyRow,
  WorkloadRow,
} from './objects/others.ts';
import { type PodRow, projectPod } from './objects/pod.ts';
import {
  projectCiliumCidrGroup,
  projectCiliumPolicy,
  projectNetworkPolicy,
  projectTieredPolicy,
} from './objects/policy.ts';
import type { RawObject, Row } from './objects/row.ts';
import { projectRevision, projectWorkload } from './objects/workload.ts';
import type { Indexes } from './table.ts';

/** Which row stands for which kind. The key is the kind's id in the snapshot, in checks' `needs` and in links. */
export type Rows = {
  nodes: NodeRow;
  pods: PodRow;
  namespaces: NamespaceRow;
  services: ServiceRow;
  endpointSlices: EndpointSliceRow;
  daemonSets: WorkloadRow;
  deployments: WorkloadRow;
  statefulSets: WorkloadRow;
  replicaSets: RevisionRow;
  controllerRevisions: RevisionRow;
  leases: LeaseRow;
  configMaps: ConfigMapRow;
  events: EventRow;
  networkPolicies: PolicyRow;
  ciliumNetworkPolicies: PolicyRow;
  ciliumClusterwideNetworkPolicies: PolicyRow;
  ciliumCidrGroups: CiliumCidrGroupRow;
  clusterNetworkPolicies: TieredPolicyRow;
  adminNetworkPolicies: TieredPolicyRow;
  baselineAdminNetworkPolicies: TieredPolicyRow;
  ciliumEndpoints: CiliumEndpointRow;
  ciliumEndpointSlices: CiliumEndpointSliceRow;
  ciliumIdentities: CiliumIdentityRow;
  ciliumNodes: CiliumNodeRow;
  ciliumNodeConfigs: CiliumNodeConfigRow;
  nodeNetworkConfigs: NodeNetworkConfigRow;
  clusterSubnetStates: ClusterSubnetStateRow;
  containerNetworkLogs: ContainerNetworkLogRow;
  containerNetworkMetrics: ContainerNetworkMetricRow;
};
export type KindId = keyof Rows;

/** What there is to know of a kind: where the server has it, what we keep of it, how its rows are found. */
export type Kind<K extends KindId = KindId> = {
  id: K;
  group: string;
  /** Preferred first. */
  versions: readonly string[];
  plural: string;
  kind: string;
  namespaced: boolean;
  /** Never throws, whatever the server sent. */
  project(raw: RawObject, intern: Intern): Rows[K];
  indexes: Indexes<Rows[K]>;
};

const system = 'kube-system';

export const kinds: { readonly [K in KindId]: Kind<K> } = {
  nodes: {
    ...builtIn('nodes', '', 'nodes', 'Node', false, projectNode),
    indexes: { ip: (row) => row.internalIP },
  },
  pods: {
    ...builtIn('pods', '', 'pods', 'Pod', true, projectPod),
    indexes: {
      namespace: namespaceOf,
      node: (row) => row.node,
      ip: (row) => (row.hostNetwork ? '' : row.ips.length > 0 ? row.ips : row.ip),
      owner: (row) => (row.ownerKind === '' ? '' : `${row.ownerKind}/${row.namespace}/${row.ownerName}`),
      app: (row) => (row.namespace === system ? appKeys(row.labels) : ''),
      status: (row) => (row.status === 'Running' ? '' : row.status),
    },
  },
  namespaces: { ...builtIn('namespaces', '', 'namespaces', 'Namespace', false, projectNamespace), indexes: {} },
  services: {
    ...builtIn('services', '', 'services', 'Service', true, projectService),
    indexes: { namespace: namespaceOf, ip: (row) => row.ips },
  },
  endpointSlices: {
    ...builtIn('endpointSlices', 'discovery.k8s.io', 'endpointslices', 'EndpointSlice', true, projectEndpointSlice),
    indexes: {
      namespace: namespaceOf,
      ip: (row) => row.endpoints.map((one) => one.ip),
      owner: (row) => `${row.namespace}/${row.service}`,
    },
  },
  daemonSets: {
    ...builtIn('daemonSets', 'apps', 'daemonsets', 'DaemonSet', true, projectWorkload),
    indexes: { namespace: namespaceOf },
  },
  deployments: {
    ...builtIn('deployments', 'apps', 'deployments', 'Deployment', true, projectWorkload),
    indexes: { namespace: namespaceOf },
  },
  statefulSets: {
    ...builtIn('statefulSets', 'apps', 'statefulsets', 'StatefulSet', true, projectWorkload),
    indexes: { namespace: namespaceOf },
  },
  replicaSets: {
    ...builtIn('replicaSets', 'apps', 'replicasets', 'ReplicaSet', true, projectRevision),
    indexes: { owner: revisionOwner },
  },
  controllerRevisions: {
    ...builtIn('controllerRevisions', 'apps', 'controllerrevisions', 'ControllerRevision', true, projectRevision),
    indexes: { owner: revisionOwner },
  },
  leases: { ...builtIn('leases', 'coordination.k8s.io', 'leases', 'Lease', true, projectLease), indexes: {} },
  configMaps: { ...builtIn('configMaps', '', 'configmaps', 'ConfigMap', true, projectConfigMap), indexes: {} },
  events: {
    ...builtIn('events', '', 'events', 'Event', true, projectEvent),
    indexes: { namespace: namespaceOf, owner: (row) => row.objectUid },
  },
  networkPolicies: {
    ...builtIn('networkPolicies', 'networking.k8s.io', 'networkpolicies', 'NetworkPolicy', true, projectNetworkPolicy),
    indexes: { namespace: namespaceOf },
  },
  ciliumNetworkPolicies: {
    ...cilium(
      'ciliumNetworkPolicies',
      ['v2'],
      'ciliumnetworkpolicies',
      'CiliumNetworkPolicy',
      true,
      projectCiliumPolicy,
    ),
    indexes: { namespace: namespaceOf },
  },
  ciliumClusterwideNetworkPolicies: {
    ...cilium(
      'ciliumClusterwideNetworkPolicies',
      ['v2'],
      'ciliumclusterwidenetworkpolicies',
      'CiliumClusterwideNetworkPolicy',
      false,
      projectCiliumPolicy,
    ),
    indexes: {},
  },
  ciliumCidrGroups: {
    ...cilium(
      'ciliumCidrGroups',
      ['v2', 'v2alpha1'],
      'ciliumcidrgroups',
      'CiliumCIDRGroup',
      false,
      projectCiliumCidrGroup,
    ),
    indexes: {},
  },
  clusterNetworkPolicies: tiered('clusterNetworkPolicies', 'v1alpha2', 'ClusterNetworkPolicy'),
  adminNetworkPolicies: tiered('adminNetworkPolicies', 'v1alpha1', 'AdminNetworkPolicy'),
  baselineAdminNetworkPolicies: tiered('baselineAdminNetworkPolicies', 'v1alpha1', 'BaselineAdminNetworkPolicy'),
  ciliumEndpoints: {
    ...cilium('ciliumEndpoints', ['v2'], 'ciliumendpoints', 'CiliumEndpoint', true, projectCiliumEndpoint),
    indexes: {
      namespace: namespaceOf,
      ip: (row) => (row.ip6 === '' ? row.ip : [row.ip, row.ip6]),
      identity: (row) => (row.identity === 0 ? '' : String(row.identity)),
      status: (row) => (row.state === 'ready' ? '' : row.state),
    },
  },
  ciliumEndpointSlices: {
    ...cilium(
      'ciliumEndpointSlices',
      ['v2alpha1', 'v2'],
      'ciliumendpointslices',
      'CiliumEndpointSlice',
      false,
      projectCiliumEndpointSlice,
    ),
    indexes: {
      namespace: (row) => row.endpointNamespace,
      ip: (row) => row.endpoints.flatMap((entry) => (entry.ip6 === '' ? entry.ip : [entry.ip, entry.ip6])),
      identity: (row) => row.endpoints.map((entry) => String(entry.identity)),
      // The name alone: a hundred thousand texts fewer than with its namespace, see `slicesOf`.
      owner: (row) => row.endpoints.map((entry) => entry.name),
    },
  },
  ciliumIdentities: {
    ...cilium('ciliumIdentities', ['v2'], 'ciliumidentities', 'CiliumIdentity', false, projectCiliumIdentity),
    indexes: { namespace: (row) => row.identityNamespace },
  },
  ciliumNodes: {
    ...cilium('ciliumNodes', ['v2'], 'ciliumnodes', 'CiliumNode', false, projectCiliumNode),
    indexes: { ip: (row) => [...row.addresses.map((one) => one.ip), row.healthIP] },
  },
  ciliumNodeConfigs: {
    ...cilium(
      'ciliumNodeConfigs',
      ['v2', 'v2alpha1'],
      'ciliumnodeconfigs',
      'CiliumNodeConfig',
      true,
      projectCiliumNodeConfig,
    ),
    indexes: {},
  },
  nodeNetworkConfigs: {
    ...served(
      'nodeNetworkConfigs',
      'acn.azure.com',
      ['v1alpha'],
      'nodenetworkconfigs',
      'NodeNetworkConfig',
      true,
      projectNodeNetworkConfig,
    ),
    indexes: {},
  },
  clusterSubnetStates: {
    ...served(
      'clusterSubnetStates',
      'acn.azure.com',
      ['v1alpha1'],
      'clustersubnetstates',
      'ClusterSubnetState',
      true,
      projectClusterSubnetState,
    ),
    indexes: {},
  },
  containerNetworkLogs: {
    ...served(
      'containerNetworkLogs',
      'acn.azure.com',
      ['v1alpha1'],
      'containernetworklogs',
      'ContainerNetworkLog',
      false,
      projectContainerNetworkLog,
    ),
    indexes: {},
  },
  containerNetworkMetrics: {
    ...served(
      'containerNetworkMetrics',
      'acn.azure.com',
      ['v1alpha1'],
      'containernetworkmetrics',
      'ContainerNetworkMetric',
      false,
      projectContainerNetworkMetric,
    ),
    indexes: {},
  },
};

type Served<K extends KindId> = Omit<Kind<K>, 'indexes'>;

function served<K extends KindId>(
  id: K,
  group: string,
  versions: readonly string[],
  plural: string,
  kind: string,
  namespaced: boolean,
  project: (raw: RawObject, intern: Intern) => Rows[K],
): Served<K> {
  return { id, group, versions, plural, kind, namespaced, project };
}

function builtIn<K extends KindId>(
  id: K,
  group: string,
  plural: string,
  kind: string,
  namespaced: boolean,
  project: (raw: RawObject, intern: Intern) => Rows[K],
): Served<K> {
  return served(id, group, ['v1'], plural, kind, namespaced, project);
}

function cilium<K extends KindId>(
  id: K,
  versions: readonly string[],
  plural: string,
  kind: string,
  namespaced: boolean,
  project: (raw: RawObject, intern: Intern) => Rows[K],
): Served<K> {
  return served(id, 'cilium.io', versions, plural, kind, namespaced, project);
}

function tiered<K extends 'clusterNetworkPolicies' | 'adminNetworkPolicies' | 'baselineAdminNetworkPolicies'>(
  id: K,
  version: string,
  kind: string,
) {
  const project = projectTieredPolicy as (raw: RawObject, intern: Intern) => Rows[K];
  const plural = id.toLowerCase();
  return { ...served(id, 'policy.networking.k8s.io', [version], plural, kind, false, project), indexes: {} };
}

function namespaceOf(row: Row): string {
  return row.namespace;
}

function revisionOwner(row: RevisionRow): string {
  return `${row.ownerKind}/${row.namespace}/${row.ownerName}`;
}

/** The labels by which the pods of kube-system are told apart: `k8s-app=cilium`. */
function appKeys(labels: Readonly<Record<string, string>>): readonly string[] {
  return ['k8s-app', 'io.cilium/app', 'app', 'component']
    .filter((key) => labels[key])
    .map((key) => `${key}=${labels[key]}`);
}
