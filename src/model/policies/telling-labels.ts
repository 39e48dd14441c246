import type { EndpointClass } from './identities.ts';
import { NAMESPACE_KEY } from './labels.ts';
import type { PolicyIndex } from './policy-index.ts';

/**
 * The fewest labels by which a policy can tell these pods from the others of their namespace; all that stay where no
 * single one does. Only labels that Cilium goes by, and none that a rollout or a restart changes.
 */
export function tellingLabels(
  { identities }: PolicyIndex,
  classes: readonly EndpointClass[],
): Readonly<Record<string, string>> {
  const [first, ...others] = classes;
  if (!first) return {};
  const shared = stayingLabels(first).filter(([key, value]) => others.every((one) => has(one, key, value)));
  const meant = new Set(classes);
  const strangers = identities.classes
    .filter(({ namespace }) => namespace === first.namespace)
    .filter((one) => !meant.has(one));
  const alone = shared.find(([key, value]) => !strangers.some((one) => has(one, key, value)));
  return Object.fromEntries(alone ? [alone] : shared);
}

function stayingLabels({ labels }: EndpointClass): readonly (readonly [string, string])[] {
  return [...labels.of]
    .filter(([full]) => full.startsWith(KUBERNETES) && full !== `${KUBERNETES}${NAMESPACE_KEY}`)
    .map(([full, value]) => [full.slice(KUBERNETES.length), value] as const)
    .filter(([key]) => !key.startsWith('io.cilium.') && !PASSING.has(key))
    .toSorted(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

const KUBERNETES = 'k8s:';

/** Set anew by controllers, and different from pod to pod. */
const PASSING: ReadonlySet<string> = new Set([
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/job-name',
  'controller-revision-hash',
  'controller-uid',
  'job-name',
  'pod-template-generation',
  'pod-template-hash',
  'statefulset.kubernetes.io/pod-name',
]);

/** The names that people give what a pod is. */
const USUAL = ['app', 'app.kubernetes.io/name', 'k8s-app', 'name', 'app.kubernetes.io/instance', 'component'];

function rank(key: string): number {
  const found = USUAL.indexOf(key);
  return found < 0 ? USUAL.length : found;
}

function has({ labels }: EndpointClass, key: string, value: string): boolean {
  return labels.of.get(`${KUBERNETES}${key}`) === value;
}
