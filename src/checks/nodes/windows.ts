import type { Check } from '../check.ts';
import { isManaged } from '../installation.ts';
import { count, names } from '../words.ts';
import { realNodes } from './real-nodes.ts';

export const windows: Check = {
  id: 'nodes/windows',
  title: 'Windows node in a Cilium cluster',
  why: 'Cilium runs on Linux only. Pods on a Windows node have no Cilium endpoint, and no network policy protects or restricts them.',
  severity: 'note',
  needs: ['nodes'],
  look: (snapshot) =>
    realNodes(snapshot)
      .filter(({ os }) => os === 'windows')
      .map(({ name }) => ({ object: { kind: 'Node', name }, node: name })),
  tell(suspects, snapshot) {
    // Managed clusters cannot have Windows pools; elsewhere somebody chose to mix.
    const managed = isManaged(snapshot);
    return [
      {
        ...(managed ? { severity: 'warning' as const } : {}),
        title: `${count(suspects.length, 'Windows node')}: no Cilium, no policies there`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          names(
            suspects.map(({ object }) => object.name),
            6,
          ),
        ],
        reach: count(suspects.length, 'node'),
        next: 'Keep pods that need policies off these nodes (nodeSelector kubernetes.io/os: linux).',
      },
    ];
  },
};
