// Label selectors as the agent reads them: over the labels of an identity, which carry their source (`k8s:app`).
import { meets } from '../requirement.ts';

export type Selector = {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
};

export type IdentityLabels = Record<string, string>;

export const namespaceKey = 'k8s:io.kubernetes.pod.namespace';
const namespaceLabel = 'k8s:io.cilium.k8s.namespace.labels.';

/** A Kubernetes selector of pods: bare keys are pod labels. */
export function podsMatch(selector: Selector | undefined, labels: IdentityLabels): boolean {
  return matches(selector ?? {}, labels, (key) => [`k8s:${key}`]);
}

/** A Kubernetes selector of namespaces. */
export function namespaceMatches(selector: Selector, labels: IdentityLabels): boolean {
  return matches(selector, labels, (key) => [`${namespaceLabel}${key}`]);
}

/** Cilium's selector: `k8s:key`, `any:key`, `reserved:key`, or a bare key, which means any source. */
export function endpointsMatch(selector: Selector, labels: IdentityLabels): boolean {
  return matches(selector, labels, (key) => {
    const bare = key.replace(/^(any|k8s|reserved)[:.]/, '');
    if (/^reserved[:.]/.test(key)) return [`reserved:${bare}`];
    return /^k8s[:.]/.test(key) ? [`k8s:${bare}`] : [`k8s:${bare}`, `reserved:${bare}`];
  });
}

/** Whether the selector itself says which namespace; if not, it means that of its policy. */
export function namesNamespace(selector: Selector): boolean {
  const keys = [
    ...Object.keys(selector.matchLabels ?? {}),
    ...(selector.matchExpressions ?? []).map((each) => each.key),
  ];
  return keys.some((key) =>
    /io\.kubernetes\.pod\.namespace|io\.cilium\.k8s\.namespace\.labels|^reserved[:.]/.test(key),
  );
}

function matches(selector: Selector, labels: IdentityLabels, keysOf: (key: string) => string[]): boolean {
  const labelAt = (key: string) =>
    keysOf(key)
      .map((each) => labels[each])
      .find((value) => value !== undefined);
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (labelAt(key) !== value) return false;
  return (selector.matchExpressions ?? []).every((one) => meets(one, labelAt(one.key)));
}
