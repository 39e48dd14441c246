import type { NodeRow } from './objects/node.ts';
import type { WorkloadRow } from './objects/others.ts';

/**
 * Whether the DaemonSet controller would put a pod on this node: node selector, required affinity, and taints the pod
 * does not tolerate. The tolerations the controller adds itself are counted in.
 */
export function wantsNode(set: WorkloadRow, node: NodeRow): boolean {
  return matchesSelector(set, node) && matchesAffinity(set, node) && toleratesAll(set, node);
}

/** Added by the controller to every DaemonSet pod (kubernetes.io docs, "Taints and tolerations"). */
const ALWAYS_TOLERATED = new Set([
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
  'node.kubernetes.io/disk-pressure',
  'node.kubernetes.io/memory-pressure',
  'node.kubernetes.io/pid-pressure',
  'node.kubernetes.io/unschedulable',
  'node.kubernetes.io/network-unavailable',
]);

function matchesSelector(set: WorkloadRow, node: NodeRow): boolean {
  return Object.entries(set.nodeSelector).every(([key, value]) => node.labels[key] === value);
}

/** Terms are alternatives; a term without requirements matches nothing. */
function matchesAffinity(set: WorkloadRow, node: NodeRow): boolean {
  if (set.nodeAffinity.length === 0) return true;
  return set.nodeAffinity.some(
    (term) => term.length > 0 && term.every((requirement) => matchesRequirement(requirement, node)),
  );
}

function matchesRequirement(requirement: WorkloadRow['nodeAffinity'][number][number], node: NodeRow): boolean {
  const { key, operator, values } = requirement;
  const value = key === 'metadata.name' ? node.name : node.labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

function toleratesAll(set: WorkloadRow, node: NodeRow): boolean {
  return node.taints
    .filter((taint) => taint.effect !== 'PreferNoSchedule' && !ALWAYS_TOLERATED.has(taint.key))
    .every((taint) => set.tolerations.some((toleration) => tolerates(toleration, taint)));
}

function tolerates(toleration: WorkloadRow['tolerations'][number], taint: NodeRow['taints'][number]): boolean {
  if (toleration.effect !== '' && toleration.effect !== taint.effect) return false;
  if (toleration.key === '') return toleration.operator === 'Exists';
  if (toleration.key !== taint.key) return false;
  return toleration.operator === 'Exists' || toleration.value === taint.value;
}
