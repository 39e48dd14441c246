// Which node takes which pod: the rules the scheduler and the DaemonSet controller share.
import { meets } from '../requirement.ts';
import type { Labels, PodSpec, Taint, Toleration } from './shapes.ts';
import type { NodeRecord } from './view.ts';

/** nodeSelector and required node affinity. */
export function wanted(spec: PodSpec, node: NodeRecord): boolean {
  for (const key in spec.nodeSelector) if (node.labels[key] !== spec.nodeSelector[key]) return false;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined) return true;
  return required.nodeSelectorTerms.some((term) =>
    (term.matchExpressions ?? []).every((expression) => meets(expression, node.labels[expression.key])),
  );
}

/** The first taint that keeps the pod off, undefined where all are tolerated. */
export function untolerated(
  tolerations: readonly Toleration[],
  node: NodeRecord,
  effects: readonly string[],
): Taint | undefined {
  return node.taints.find(
    (taint) => effects.includes(taint.effect) && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}

/** Required anti-affinity by host name: no pod on the node that the terms select. */
export function apart(spec: PodSpec, namespace: string, node: NodeRecord): boolean {
  const anti = spec.affinity?.['podAntiAffinity'] as
    | { requiredDuringSchedulingIgnoredDuringExecution?: { labelSelector?: { matchLabels?: Labels } }[] }
    | undefined;
  for (const term of anti?.requiredDuringSchedulingIgnoredDuringExecution ?? []) {
    const labels = Object.entries(term.labelSelector?.matchLabels ?? {});
    for (const pod of node.pods) {
      if (pod.namespace !== namespace || pod.phase === 'Succeeded' || pod.phase === 'Failed') continue;
      if (labels.every(([key, value]) => pod.set.labels[key] === value)) return false;
    }
  }
  return true;
}

function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== undefined && toleration.effect !== '' && toleration.effect !== taint.effect) return false;
  if (toleration.key === undefined || toleration.key === '') return toleration.operator === 'Exists';
  if (toleration.key !== taint.key) return false;
  return toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '');
}
