import type { Snapshot } from '../../model/snapshot.ts';
import { age, number } from '../../ui/text.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import type { Cell } from '../../ui/widgets/Table.tsx';

/** A namespace one can narrow the screens to. `name` '' is all of them. */
export type NamespaceChoice = {
  name: string;
  phase: string;
  created: number;
  pods: number;
  stuck: number;
  endpoints: number;
  slices: number;
  policies: number;
};

/** All namespaces first, then by name. Where namespaces may not be listed, those that objects are seen in. */
export function namespaceRows(snapshot: Snapshot): readonly NamespaceChoice[] {
  const { namespaces, pods, ciliumEndpoints, ciliumEndpointSlices, networkPolicies, ciliumNetworkPolicies } =
    snapshot.tables;
  const [podCounts, endpointCounts, sliceCounts] = [
    pods.counts('namespace'),
    ciliumEndpoints.counts('namespace'),
    ciliumEndpointSlices.counts('namespace'),
  ];
  const [plain, cilium] = [networkPolicies.counts('namespace'), ciliumNetworkPolicies.counts('namespace')];
  const stuck = new Map<string, number>();
  for (const pod of pods.by('status', 'ContainerCreating'))
    stuck.set(pod.namespace, (stuck.get(pod.namespace) ?? 0) + 1);
  const known = [...namespaces.rows.values()].map(({ name, phase, created }) => ({ name, phase, created }));
  const seen = known.length > 0 ? known : [...podCounts.keys()].map((name) => ({ name, phase: '', created: 0 }));
  const rows = seen
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      (one): NamespaceChoice => ({
        ...one,
        pods: podCounts.get(one.name) ?? 0,
        stuck: stuck.get(one.name) ?? 0,
        endpoints: endpointCounts.get(one.name) ?? 0,
        slices: sliceCounts.get(one.name) ?? 0,
        policies: (plain.get(one.name) ?? 0) + (cilium.get(one.name) ?? 0),
      }),
    );
  const sum = (pick: (row: NamespaceChoice) => number) => rows.reduce((total, row) => total + pick(row), 0);
  const all: NamespaceChoice = {
    name: '',
    phase: '',
    created: 0,
    pods: sum((row) => row.pods),
    stuck: sum((row) => row.stuck),
    endpoints: sum((row) => row.endpoints),
    slices: sum((row) => row.slices),
    policies: sum((row) => row.policies),
  };
  return [all, ...rows];
}

export const columns: readonly Column[] = [
  { id: 'name', title: 'NAMESPACE', min: 16, max: 63 },
  { id: 'pods', title: 'PODS', min: 7, align: 'right' },
  { id: 'stuck', title: 'CREATING', min: 8, align: 'right' },
  { id: 'endpoints', title: 'ENDPOINTS', min: 9, align: 'right' },
  { id: 'slices', title: 'SLICES', min: 6, align: 'right' },
  { id: 'policies', title: 'POLICIES', min: 8, align: 'right' },
  { id: 'age', title: 'AGE', min: 4, align: 'right', clock: true },
  { id: 'phase', title: '', min: 6, grow: true },
];

export function namespaceCells(row: NamespaceChoice, scope: string, now: number): readonly Cell[] {
  return [
    row.name || 'all namespaces',
    number(row.pods),
    { text: row.stuck === 0 ? '' : number(row.stuck), tone: 'warning' },
    number(row.endpoints),
    number(row.slices),
    number(row.policies),
    row.created === 0 ? '' : age(now - row.created),
    [row.name === scope ? 'here' : '', row.phase === 'Active' ? '' : row.phase].filter(Boolean).join(' '),
  ];
}
