import type { ObjectRef } from '../model/ref.ts';

const always = [
  'Node',
  'CiliumNode',
  'Pod',
  'CiliumEndpoint',
  'CiliumEndpointSlice',
  'Namespace',
  'ContainerNetworkLog',
];
const parts = new Map<string, 'agents' | 'operator' | 'config'>([
  ['DaemonSet cilium', 'agents'],
  ['Deployment cilium-operator', 'operator'],
  ['Lease cilium-operator-resource-lock', 'operator'],
  ['ConfigMap cilium-config', 'config'],
]);

/** Whether something can be done to it from here. */
export function hasActions(ref: ObjectRef): boolean {
  return always.includes(plainKind(ref.kind)) || ciliumPart(ref) !== undefined;
}

/** Which part of Cilium an object of kube-system stands for. */
export function ciliumPart({ kind, namespace, name }: ObjectRef): 'agents' | 'operator' | 'config' | undefined {
  if (namespace !== 'kube-system') return undefined;
  return parts.get(`${plainKind(kind)} ${name}`);
}

/** `Deployment.apps` is a Deployment. */
export function plainKind(kind: string): string {
  return kind.split('.')[0] ?? kind;
}
