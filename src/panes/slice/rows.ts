import type { CiliumEndpointSliceRow, SliceEntry } from '../../model/objects/cilium-endpoint-slice.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import type { Cell } from '../../ui/widgets/Table.tsx';
import { entryRemark } from '../entry-remark.ts';

/** An entry of a slice, held against the endpoint it was copied from. */
export type EntryRow = SliceEntry & { namespace: string; id: string; labels: string; remark: string; node: string };

/** Entries that differ from their endpoint first. `comparable` is false while endpoints are not live: then nothing is claimed. */
export function entryRows(snapshot: Snapshot, slice: CiliumEndpointSliceRow): readonly EntryRow[] {
  const comparable = snapshot.links.get('ciliumEndpoints')?.phase === 'live';
  const seen = new Map<string, number>();
  const rows = slice.endpoints.map(
    (entry): EntryRow => ({
      ...entry,
      namespace: slice.endpointNamespace,
      id: nthOf(seen, entry.name),
      labels: identityLabels(snapshot, entry.identity),
      remark: comparable ? entryRemark(snapshot, slice, entry) : '',
      node: snapshot.tables.nodes.by('ip', entry.nodeIP)[0]?.name ?? entry.nodeIP,
    }),
  );
  return [...rows.filter((row) => row.remark !== ''), ...rows.filter((row) => row.remark === '')];
}

/** Not the place in the slice: it shifts with every entry that goes, and the cursor would jump. */
function nthOf(seen: Map<string, number>, name: string): string {
  const before = seen.get(name) ?? 0;
  seen.set(name, before + 1);
  return `${name} ${before}`;
}

/** What tells one identity from another: its labels without what every pod of the namespace has. */
function identityLabels(snapshot: Snapshot, identity: number): string {
  const row = snapshot.tables.ciliumIdentities.named('', String(identity));
  if (row === undefined) return '';
  return Object.entries(row.securityLabels)
    .filter(([key]) => !key.includes('io.cilium.k8s.') && !key.includes('io.kubernetes.pod.namespace'))
    .map(([key, value]) => `${key.replace(/^k8s:/, '')}=${value}`)
    .join(' ');
}

export const columns: readonly Column[] = [
  { id: 'name', title: 'ENDPOINT', min: 24, max: 56 },
  { id: 'identity', title: 'IDENTITY', min: 8, align: 'right' },
  { id: 'ip', title: 'ADDRESS', min: 11, max: 39, cut: 'end' },
  { id: 'node', title: 'NODE', min: 12, max: 36, drop: 2 },
  { id: 'remark', title: 'DIFFERS', min: 7, max: 34, cut: 'end' },
  { id: 'labels', title: 'IDENTITY LABELS', min: 24, cut: 'end', grow: true, drop: 3 },
];

export function entryCells(row: EntryRow): readonly Cell[] {
  return [
    row.name,
    String(row.identity),
    row.ip || row.ip6,
    row.node,
    { text: row.remark, tone: 'warning' },
    { text: row.labels, tone: 'dim' },
  ];
}
