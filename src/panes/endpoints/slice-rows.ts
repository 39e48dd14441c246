import type { CiliumEndpointSliceRow } from '../../model/objects/cilium-endpoint-slice.ts';
import { mostPerSlice } from '../../model/slices.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { age } from '../../ui/text.ts';
import type { Theme } from '../../ui/theme.ts';
import { bar } from '../../ui/widgets/charts.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import type { Cell } from '../../ui/widgets/Table.tsx';
import { entryRemark } from '../entry-remark.ts';

export type SliceRow = CiliumEndpointSliceRow & { suspect: boolean };

/** Those that a finding names first, then by namespace and the most recently changed. */
export function sliceRows(snapshot: Snapshot, scope: string): readonly SliceRow[] {
  const named = suspects(snapshot);
  const { ciliumEndpointSlices } = snapshot.tables;
  const here = scope === '' ? [...ciliumEndpointSlices.rows.values()] : ciliumEndpointSlices.by('namespace', scope);
  return here
    .map((row): SliceRow => ({ ...row, suspect: named.has(row.name) }))
    .sort(
      (a, b) =>
        Number(b.suspect) - Number(a.suspect) ||
        (a.endpointNamespace < b.endpointNamespace
          ? -1
          : a.endpointNamespace > b.endpointNamespace
            ? 1
            : b.changed - a.changed),
    );
}

/** The slices a finding is about: by their own name, or by an endpoint they hold an entry of. */
function suspects({ judgement, tables }: Snapshot): ReadonlySet<string> {
  const about = judgement.findings.filter((finding) => finding.id.startsWith('endpoints/'));
  const names = about.flatMap(({ objects }) =>
    objects.flatMap(({ kind, namespace = '', name }) => {
      if (kind === 'CiliumEndpointSlice') return [name];
      return tables.ciliumEndpointSlices.by('owner', `${namespace}/${name}`).map((slice) => slice.name);
    }),
  );
  return new Set(names);
}

export const sliceColumns: readonly Column[] = [
  { id: 'namespace', title: 'NAMESPACE', min: 11, max: 24 },
  { id: 'name', title: 'SLICE', min: 19, max: 24 },
  { id: 'fill', title: 'FILL', min: 7, align: 'right' },
  { id: 'bar', title: '', min: 10, max: 10, drop: 3 },
  // What waits in the operator's queue differs for a second or two, all day: it neither stands out nor alarms.
  { id: 'differs', title: 'DIFFERS', min: 7, align: 'right', clock: true },
  { id: 'changed', title: 'CHANGED', min: 7, align: 'right', clock: true },
  { id: 'by', title: 'BY', min: 8, max: 32, cut: 'end', drop: 2, grow: true },
  { id: 'age', title: 'AGE', min: 4, align: 'right', clock: true },
];

/** `comparable`: the endpoints are live, so that entries can be held against them. */
export function sliceCells(
  row: SliceRow,
  snapshot: Snapshot,
  comparable: boolean,
  theme: Theme,
  now: number,
): readonly Cell[] {
  const size = row.endpoints.length;
  const most = mostPerSlice(snapshot);
  const differing = comparable ? row.endpoints.filter((entry) => entryRemark(snapshot, row, entry) !== '').length : 0;
  return [
    row.endpointNamespace,
    row.name,
    { text: `${size}/${most}`, ...(size > most ? { tone: 'warning' as const } : {}) },
    { text: bar(theme, size / most, 10), tone: 'dim' },
    comparable
      ? { text: differing === 0 ? 'none' : String(differing), tone: differing > 0 && row.suspect ? 'warning' : 'dim' }
      : { text: 'unknown', tone: 'dim' },
    age(now - row.changed),
    row.manager,
    age(now - row.created),
  ];
}
