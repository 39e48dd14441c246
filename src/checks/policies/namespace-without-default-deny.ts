import type { PodFacts } from '../../model/policies/facts.ts';
import type { EndpointClass } from '../../model/policies/identities.ts';
import { NAMESPACE_LABELS_PREFIX } from '../../model/policies/labels.ts';
import type { Lint } from './lint.ts';

export const namespaceWithoutDefaultDeny: Lint = {
  id: 'policies/namespace-without-default-deny',
  title: 'Namespace whose pods are open where others are closed',
  why: 'A pod that no policy selects takes connections from everywhere. Told of namespaces of which policies isolate only a part, and of those wholly open where nearly all others are closed.',
  severity: 'note',
  needs: ['pods'],
  look: () => [],
  lookAround({ identities, applied }) {
    const namespaces = Map.groupBy(
      identities.classes.filter(({ namespace, labels }) => !isSystem(namespace, labels.of)),
      ({ namespace }) => namespace,
    );
    const isOpen = (one: EndpointClass) => applied(one, 'ingress').isolated === 'no';
    const open = [...namespaces].filter(([, classes]) => classes.some(isOpen));
    const closed = namespaces.size - open.length;
    const isCustom = closed >= 5 && closed * 4 >= (namespaces.size - 1) * 3;
    return open.flatMap(([name, classes]) => {
      const all = podsOf(classes);
      const pods = podsOf(classes.filter(isOpen));
      const [first] = pods;
      if (!first || (pods.length === all.length && !isCustom)) return [];
      const text =
        pods.length === all.length
          ? 'no policy isolates its pods: they take connections from everywhere'
          : `no policy isolates ${pods.length} of its ${all.length} pods, ${first.name} for one`;
      return [{ object: { kind: 'Namespace', name }, path: 'policy', text, next: NEXT }];
    });
  },
};

const NEXT = 'Add a policy with podSelector: {} and policyTypes: [Ingress], and then what must be let in.';

function podsOf(classes: readonly EndpointClass[]): readonly PodFacts[] {
  return classes.flatMap(({ pods }) => pods.filter(({ ended }) => !ended));
}

/** What Kubernetes and Azure run for themselves is theirs to close. */
function isSystem(namespace: string, labels: ReadonlyMap<string, string>): boolean {
  return (
    namespace.startsWith('kube-') ||
    namespace === 'gatekeeper-system' ||
    labels.get(`k8s:${NAMESPACE_LABELS_PREFIX}kubernetes.azure.com/managedby`) === 'aks'
  );
}
