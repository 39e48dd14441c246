// Who wrote what, for the kinds that change a thousand times a second: the same managers write the same fields of them
// every time, so their managedFields are known beforehand instead of compared leaf by leaf.
import type { KubeObject } from '../cluster.ts';
import { timeOf } from './shapes.ts';

type Entry = {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time: string;
  fieldsType: 'FieldsV1';
  fieldsV1: object;
  subresource?: string;
};

const KNOWN: Readonly<Record<string, object>> = {
  'Pod kube-controller-manager': {
    'f:metadata': { 'f:generateName': {}, 'f:labels': {}, 'f:ownerReferences': {} },
    'f:spec': { 'f:containers': {}, 'f:restartPolicy': {}, 'f:tolerations': {} },
  },
  'Pod kube-controller-manager status': {
    'f:status': { 'f:conditions': { 'k:{"type":"Ready"}': { 'f:status': {} } } },
  },
  'Pod kube-scheduler binding': { 'f:status': { 'f:conditions': { 'k:{"type":"PodScheduled"}': {} } } },
  'Pod kube-scheduler status': { 'f:status': { 'f:conditions': { 'k:{"type":"PodScheduled"}': {} } } },
  'Pod kubelet status': {
    'f:status': {
      'f:conditions': { 'k:{"type":"ContainersReady"}': {}, 'k:{"type":"Initialized"}': {}, 'k:{"type":"Ready"}': {} },
      'f:containerStatuses': {},
      'f:hostIP': {},
      'f:phase': {},
      'f:podIP': {},
      'f:podIPs': {},
      'f:startTime': {},
    },
  },
  'CiliumEndpoint cilium-agent': {
    'f:metadata': { 'f:labels': {}, 'f:ownerReferences': {} },
    'f:status': { 'f:external-identifiers': {}, 'f:id': {}, 'f:identity': {}, 'f:networking': {}, 'f:state': {} },
  },
  'CiliumEndpointSlice cilium-operator-generic': { 'f:endpoints': {}, 'f:namespace': {} },
  'CiliumIdentity cilium-agent': { 'f:metadata': { 'f:labels': {} }, 'f:security-labels': {} },
  'CiliumNode cilium-agent': {
    'f:metadata': { 'f:labels': {}, 'f:ownerReferences': {} },
    'f:spec': { 'f:addresses': {}, 'f:bootid': {}, 'f:health': {}, 'f:ipam': {} },
  },
  'NodeNetworkConfig dnc-rc': {
    'f:spec': { 'f:requestedIPCount': {} },
    'f:status': { 'f:assignedIPCount': {}, 'f:networkContainers': {} },
  },
  'EndpointSlice kube-controller-manager': {
    'f:addressType': {},
    'f:endpoints': {},
    'f:metadata': { 'f:labels': {} },
    'f:ports': {},
  },
  'ReplicaSet kube-controller-manager': {
    'f:metadata': { 'f:labels': {}, 'f:ownerReferences': {} },
    'f:spec': { 'f:replicas': {}, 'f:selector': {}, 'f:template': {} },
  },
  'ReplicaSet kube-controller-manager status': {
    'f:status': {
      'f:availableReplicas': {},
      'f:fullyLabeledReplicas': {},
      'f:observedGeneration': {},
      'f:readyReplicas': {},
      'f:replicas': {},
    },
  },
  'Lease kubelet': {
    'f:metadata': { 'f:ownerReferences': {} },
    'f:spec': { 'f:holderIdentity': {}, 'f:leaseDurationSeconds': {}, 'f:renewTime': {} },
  },
  'Lease cilium-operator-generic': {
    'f:spec': {
      'f:acquireTime': {},
      'f:holderIdentity': {},
      'f:leaseDurationSeconds': {},
      'f:leaseTransitions': {},
      'f:renewTime': {},
    },
  },
};

/** The object's managedFields after this write, undefined where they have to be worked out. */
export function ownership(
  object: KubeObject,
  manager: string,
  subresource: string | undefined,
  at: number,
): Entry[] | undefined {
  const fieldsV1 = KNOWN[`${object.kind} ${manager}${subresource === undefined ? '' : ` ${subresource}`}`];
  if (fieldsV1 === undefined) return undefined;
  const entries = (object.metadata.managedFields ?? []) as Entry[];
  const mine = (entry: Entry) =>
    entry.manager === manager && entry.operation === 'Update' && entry.subresource === subresource;
  return [
    ...entries.filter((entry) => !mine(entry)),
    {
      manager,
      operation: 'Update',
      apiVersion: object.apiVersion,
      time: timeOf(at),
      fieldsType: 'FieldsV1',
      fieldsV1,
      ...(subresource === undefined ? {} : { subresource }),
    },
  ];
}
