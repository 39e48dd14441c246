// The kinds we watch. Adding one: a row type and projection under objects/, one line here.
import type { CiliumEndpointRow } from './objects/cilium-endpoint.ts';
import type { CiliumEndpointSliceRow } from './objects/cilium-endpoint-slice.ts';
import type { NodeRow } from './objects/node.ts';
import type {
  CiliumIdentityRow, CiliumNodeConfigRow, CiliumNodeRow, ClusterSubnetStateRow, ConfigMapRow, EndpointSliceRow, EventRow,
  LeaseRow, NamespaceRow, NodeNetworkConfigRow, PolicyRow, RevisionRow, ServiceRow, WorkloadRow,
} from './objects/others.ts';
import type { PodRow } from './objects/pod.ts';

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
  ciliumEndpoints: CiliumEndpointRow;
  ciliumEndpointSlices: CiliumEndpointSliceRow;
  ciliumIdentities: CiliumIdentityRow;
  ciliumNodes: CiliumNodeRow;
  ciliumNodeConfigs: CiliumNodeConfigRow;
  nodeNetworkConfigs: NodeNetworkConfigRow;
  clusterSubnetStates: ClusterSubnetStateRow;
};
export type KindId = keyof Rows;
