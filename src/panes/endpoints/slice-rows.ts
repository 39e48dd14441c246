import type { Finding, Judgement } from '../../model/finding.ts';
import { type CiliumEndpointSliceRow, slicesOf } from '../../model/objects/cilium-endpoint-slice.ts';
import { refKey } from '../../model/ref.ts';
import { mostPerSlice } from '../../model/slices.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { age } from '../../ui/text.ts';
import type { Theme } from '../../ui/theme.ts';
import { bar } from '../../ui/widgets/charts.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import type { Cell } from '../../ui/widgets/Table.tsx';
import { entryRemark } from '../entry-remark.ts';

/** `differs`: how many entries are not as their endpoints are; undefined while these are not live. */
export type SliceRow = CiliumEndpointSliceRow & { suspect: boolean; differs: number | undefined };

/** Those that a finding names first, the most differing of them before the others; then by namespace and the most recently changed. */
export function sliceRows(snapshot: Snapshot, scope: string): readonly SliceRow[] {
  const named = suspects(snapshot);
  const { ciliumEndpointSlices } = snapshot.tables;
  const here = scope === '' ? [...ciliumEndpointSlices.rows.values()] : ciliumEndpointSlices.by('namespace', scope);
  const comparable = snapshot.links.get('ciliumEndpoints')?.phase === 'live';
  return here
    .map(
      (row): SliceRow => ({
        ...row,
        suspect: named.has(row.name),
        differs: comparable
          ? row.endpoints.filter((entry) => entryRemark(snapshot, row, entry) !== '').length
          : undefined,
      }),
    )
    .sort(
      (a, b) =>
        Number(b.suspect) - Number(a.suspect) ||
        // Of the others those differ that wait in the operator's queue: they would change places all day.
        (a.suspect ? (b.differs ?? 0) - (a.differs ?? 0) : 0) ||
        (a.endpointNamespace < b.endpointNamespace
          ? -1
          : a.endpointNamespace > b.endpointNamespace
            ? 1
            : b.changed - a.changed),
    );
}

/** What `sliceRows` is made from, as one value that differs when it does. */
export function sliceVersion({ epoch, tables, links, judgement, memo }: Snapshot): string {
  const findings = memo.same('slice-findings', [], judgement.at, () =>
    aboutEndpoints(judgement)
      .flatMap(({ objects }) => objects.map(refKey))
      .join(),
  );
  const { ciliumEndpointSlices, ciliumEndpoints } = tables;
  return `${epoch} ${ciliumEndpointSlices.version} ${ciliumEndpoints.version} ${links.get('ciliumEndpoints')?.phase} ${findings}`;
}

function aboutEndpoints({ findings }: Judgement): readonly Finding[] {
  return findings.filter(({ id }) => id.startsWith('endpoints/'));
}

/** The slices a finding is about: by their own name, or by an endpoint they hold an entry of. */
function suspects({ judgement, tables }: Snapshot): ReadonlySet<string> {
  const names = aboutEndpoints(judgement).flatMap(({ objects }) =>
    objects.flatMap(({ kind, namespace = '', name }) => {
      if (kind === 'CiliumEndpointSlice') return [name];
      return slicesOf(tables.ciliumEndpointSlices, namespace, name).map((slice) => slice.name);
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

export function sliceCells(row: SliceRow, snapshot: Snapshot, theme: Theme, now: number): readonly Cell[] {
  const size = row.endpoints.length;
  const most = mostPerSlice(snapshot);
  const { differs, suspect } = row;
  return [
    row.endpointNamespace,
    row.name,
    { text: `${size}/${most}`, ...(size > most ? { tone: 'warning' as const } : {}) },
    { text: bar(theme, size / most, 10), tone: 'dim' },
    {
      text: differs === undefined ? 'unknown' : differs === 0 ? 'none' : String(differs),
      tone: differs !== undefined && differs > 0 && suspect ? 'warning' : 'dim',
    },
    age(now - row.changed),
    row.manager,
    age(now - row.created),
  ];
}
