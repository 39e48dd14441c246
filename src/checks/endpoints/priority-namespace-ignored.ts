import type { Check, Suspect } from '../check.ts';
import { isManaged } from '../installation.ts';
import { count, names } from '../words.ts';

export const priorityNamespaceIgnored: Check = {
  id: 'endpoints/priority-namespace-ignored',
  title: 'Namespace that asks for priority in slices',
  why: 'Elsewhere the operator writes slices of such a namespace first. AKS does not support it, so nobody should count on these pods being known sooner.',
  severity: 'note',
  needs: ['namespaces', 'configMaps', 'daemonSets'],
  look(snapshot): readonly Suspect[] {
    if (!isManaged(snapshot)) return [];
    return [...snapshot.tables.namespaces.rows.values()]
      .filter(({ sliceQueue }) => sliceQueue === 'priority')
      .map(({ name }) => ({ object: { kind: 'Namespace', name } }));
  },
  tell: (suspects) => [
    {
      title: `${count(suspects.length, 'namespace')} with slices of priority, which AKS does not support`,
      objects: suspects.map(({ object }) => object),
      evidence: [
        `cilium.io/ces-namespace=priority on ${names(
          suspects.map(({ object }) => object.name),
          5,
        )}`,
      ],
      reach: count(suspects.length, 'namespace'),
      next: 'Take the annotation away, or know that it does nothing.',
    },
  ],
};
