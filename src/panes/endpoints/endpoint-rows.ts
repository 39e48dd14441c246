import type { CiliumEndpointRow } from '../../model/objects/cilium-endpoint.ts';
import type { EndpointSliceRow } from '../../model/objects/others.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Table } from '../../model/table.ts';
import { age } from '../../ui/text.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import type { Cell } from '../../ui/widgets/Table.tsx';

/**
 * Those that are not ready or that a finding names first; in the order of the server otherwise (sorting 100,000 names
 * tells nobody anything).
 */
export function endpointRows(snapshot: Snapshot, scope: string): readonly CiliumEndpointRow[] {
  const rows = inScope(snapshot.tables.ciliumEndpoints, scope);
  const told = toldOfSlices(snapshot);
  const stands = (row: CiliumEndpointRow) => isSick(row) || told.has(`${row.namespace}/${row.name}`);
  const first = rows.filter(stands);
  return first.length === 0 ? rows : [...first, ...rows.filter((row) => !stands(row))];
}

/** In the words of a cell. */
const words: Readonly<Record<string, string>> = {
  'endpoints/missing-from-slices': 'in no slice',
  'endpoints/duplicate-in-slices': 'in two slices',
  'endpoints/slice-identity-differs': 'other identity',
  'endpoints/slice-address-differs': 'other address',
  'endpoints/address-conflict': 'shared address',
};

/** What findings say of how slices have an endpoint, by `namespace/name`. */
export function toldOfSlices({ judgement }: Pick<Snapshot, 'judgement'>): ReadonlyMap<string, string> {
  return new Map(
    judgement.findings.flatMap(({ id, objects }) => {
      const text = words[id];
      return text === undefined
        ? []
        : objects
            .filter(({ kind }) => kind === 'CiliumEndpoint')
            .map(({ namespace, name }) => [`${namespace}/${name}`, text] as const);
    }),
  );
}

export function inScope<R extends CiliumEndpointRow | EndpointSliceRow>(table: Table<R>, scope: string): readonly R[] {
  return scope === '' ? [...table.rows.values()] : table.by('namespace', scope);
}

export function isSick(row: CiliumEndpointRow): boolean {
  return row.state !== 'ready' || !row.complete;
}

export const endpointColumns: readonly Column[] = [
  { id: 'namespace', title: 'NAMESPACE', min: 9, max: 20 },
  { id: 'name', title: 'NAME', min: 18, max: 56, grow: true },
  { id: 'state', title: 'STATE', min: 14, max: 22 },
  { id: 'identity', title: 'IDENTITY', min: 8, align: 'right' },
  { id: 'ip', title: 'ADDRESS', min: 11, max: 39, cut: 'end' },
  { id: 'node', title: 'NODE ADDRESS', min: 11, max: 15, drop: 2, cut: 'end' },
  { id: 'policy', title: 'POLICY', min: 7, drop: 3 },
  { id: 'id', title: 'ID', min: 5, align: 'right', wideOnly: true },
  { id: 'message', title: 'LAST', min: 10, max: 40, cut: 'end', wideOnly: true },
  { id: 'age', title: 'AGE', min: 4, align: 'right', clock: true },
];

/** `told` as `toldOfSlices` says. */
export function endpointCells(row: CiliumEndpointRow, told: string, now: number): readonly Cell[] {
  const enforced = [row.ingressEnforced ? 'in' : '', row.egressEnforced ? 'out' : ''].filter(Boolean).join(', ');
  return [
    row.namespace,
    row.name,
    {
      text: told || row.state || 'not written',
      ...(isSick(row) || told !== '' ? { tone: 'warning' as const } : {}),
    },
    row.identity === 0 ? 'none' : String(row.identity),
    row.ip || row.ip6 || 'none',
    row.nodeIP,
    enforced || 'open',
    row.endpointId === 0 ? '' : String(row.endpointId),
    row.message,
    age(now - row.created),
  ];
}

export const kubernetesColumns: readonly Column[] = [
  { id: 'namespace', title: 'NAMESPACE', min: 9, max: 20 },
  { id: 'service', title: 'SERVICE', min: 12, max: 40 },
  { id: 'name', title: 'SLICE', min: 14, max: 48, grow: true, drop: 3 },
  { id: 'ready', title: 'READY', min: 7, align: 'right' },
  { id: 'ports', title: 'PORTS', min: 10, max: 30, cut: 'end', drop: 2 },
  { id: 'type', title: 'TYPE', min: 4, max: 4, drop: 4 },
  { id: 'changed', title: 'CHANGED', min: 7, align: 'right', clock: true },
  { id: 'age', title: 'AGE', min: 4, align: 'right', clock: true },
];

export function kubernetesCells(row: EndpointSliceRow, now: number): readonly Cell[] {
  const ready = row.endpoints.filter((endpoint) => endpoint.ready).length;
  return [
    row.namespace,
    row.service || 'no service',
    row.name,
    { text: `${ready}/${row.endpoints.length}`, ...(ready === 0 ? { tone: 'warning' as const } : {}) },
    row.ports.map((port) => `${port.port}/${port.protocol}`).join(' '),
    row.addressType,
    row.changed === 0 ? '' : age(now - row.changed),
    age(now - row.created),
  ];
}
