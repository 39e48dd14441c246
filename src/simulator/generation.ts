import type { KubeObject, ResourceType } from './cluster.ts';
import { same } from './fields/field-set.ts';

export function hasGeneration(resource: ResourceType): boolean {
  return resource.custom || counted.has(resource.kind);
}

/** Generation counts what somebody wants: the spec; where there is no status subresource, everything but metadata. */
export function grew(resource: ResourceType, before: KubeObject, after: KubeObject): boolean {
  const ignoreStatus = resource.subresources.includes('status');
  const wanted = (object: KubeObject) => {
    const { metadata: _metadata, apiVersion: _version, kind: _kind, status, ...rest } = object;
    return ignoreStatus ? rest : { ...rest, status };
  };
  return !same(wanted(before), wanted(after));
}

/** Kinds whose strategy counts generations; the others (nodes, services, config maps, leases, events) have none. */
const counted = new Set([
  'Pod',
  'Deployment',
  'DaemonSet',
  'ReplicaSet',
  'StatefulSet',
  'NetworkPolicy',
  'EndpointSlice',
  'PodDisruptionBudget',
  'Ingress',
  'CustomResourceDefinition',
  'Job',
  'CronJob',
  'HorizontalPodAutoscaler',
]);
