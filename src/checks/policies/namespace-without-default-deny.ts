import { NAMESPACE_LABELS_PREFIX } from '../../model/policies/labels.ts';
import type { Ground } from './ground.ts';
import type { Lint } from './lint.ts';

export const namespaceWithoutDefaultDeny: Lint = {
  id: 'policies/namespace-without-default-deny',
  title: 'Namespace whose pods are open where others are closed',
  why: 'A pod that no policy selects takes connections from everywhere. Told of namespaces of which policies isolate only a part, and of those wholly open where nearly all others are closed.',
  severity: 'note',
  needs: ['pods'],
  look: () => [],
  lookAround(ground) {
    const namespaces = openness(ground);
    const closed = [...namespaces.values()].filter(({ open }) => open.length === 0).length;
    const isCustom = closed >= 3 && closed * 4 >= (namespaces.size - 1) * 3;
    return [...namespaces].flatMap(([name, { open, pods }]) => {
      if (open.length === 0 || (open.length === pods && !isCustom)) return [];
      const text =
        open.length === pods
          ? 'no policy isolates its pods: they take connections from everywhere'
          : `no policy isolates ${open.length} of its ${pods} pods, ${open[0]} for one`;
      return [{ object: { kind: 'Namespace', name }, path: 'policy', text, next: NEXT }];
    });
  },
};

const NEXT = 'Add a policy with podSelector: {} and policyTypes: [Ingress], and then what must be let in.';

type Openness = { open: string[]; pods: number };

function openness({ identities, applied }: Ground): ReadonlyMap<string, Openness> {
  const found = new Map<string, Openness>();
  for (const one of identities.classes) {
    if (isSystem(one.namespace, one.labels.of)) continue;
    const pods = one.pods.filter(({ ended }) => !ended);
    if (pods.length === 0) continue;
    const known = found.get(one.namespace) ?? { open: [], pods: 0 };
    found.set(one.namespace, known);
    known.pods += pods.length;
    if (applied(one, 'ingress').isolated === 'no') known.open.push(...pods.map(({ name }) => name));
  }
  return found;
}

/** What Kubernetes and Azure run for themselves is theirs to close. */
function isSystem(namespace: string, labels: ReadonlyMap<string, string>): boolean {
  return (
    namespace.startsWith('kube-') ||
    namespace === 'gatekeeper-system' ||
    labels.get(`k8s:${NAMESPACE_LABELS_PREFIX}kubernetes.azure.com/managedby`) === 'aks'
  );
}
