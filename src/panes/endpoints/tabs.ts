import type { SourceId } from '../../model/link.ts';
import type { CiliumEndpointRow } from '../../model/objects/cilium-endpoint.ts';
import type { CiliumEndpointSliceRow } from '../../model/objects/cilium-endpoint-slice.ts';
import type { EndpointSliceRow } from '../../model/objects/others.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Table } from '../../model/table.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { number } from '../../ui/text.ts';
import type { Span } from '../../ui/theme.ts';
import { isRead } from '../read-agents.ts';

/** The four views of the endpoints pane, in the order the arrows walk them. */
const tabs = [
  { id: 'endpoints', title: 'churn' },
  { id: 'slices', title: 'slices' },
  { id: 'ciliumendpoints', title: 'Cilium endpoints' },
  { id: 'endpointslices', title: 'Kubernetes slices' },
] as const;
export type TabId = (typeof tabs)[number]['id'];

/** `[churn]  slices 1,204  Cilium endpoints 98,332  Kubernetes slices 2,311`, those of `scope`; `–` where they are not read. */
export function tabLine({ tables, links }: Snapshot, here: TabId, scope: string): readonly Span[] {
  const { ciliumEndpointSlices, ciliumEndpoints, endpointSlices } = tables;
  const counts: Record<TabId, { source?: SourceId; rows: number }> = {
    endpoints: { rows: 0 },
    slices: { source: 'ciliumEndpointSlices', rows: countIn(ciliumEndpointSlices, scope) },
    ciliumendpoints: { source: 'ciliumEndpoints', rows: countIn(ciliumEndpoints, scope) },
    endpointslices: { source: 'endpointSlices', rows: countIn(endpointSlices, scope) },
  };
  return tabs.flatMap(({ id, title }): Span[] => {
    const { source, rows } = counts[id];
    const known = rows > 0 || (source !== undefined && isRead({ links }, source));
    const text = source === undefined ? title : `${title} ${known ? number(rows) : '–'}`;
    return [{ text: ' ' }, id === here ? { text: ` ${text} `, inverse: true } : { text: ` ${text} `, tone: 'dim' }];
  });
}

function countIn<R extends CiliumEndpointSliceRow | CiliumEndpointRow | EndpointSliceRow>(
  table: Table<R>,
  scope: string,
): number {
  return scope === '' ? table.rows.size : table.by('namespace', scope).length;
}

export function tabKeys<C extends Readonly<{ frame: Frame }>>(here: TabId): readonly Binding<C>[] {
  const index = tabs.findIndex((tab) => tab.id === here);
  const to = (by: number) => tabs[(index + by + tabs.length) % tabs.length]?.id ?? here;
  return [
    { keys: ['right', 't'], title: 'next view', rank: 5, run: ({ frame }) => frame.go({ pane: to(1) }) },
    { keys: ['left', 'T'], title: 'view before', run: ({ frame }) => frame.go({ pane: to(-1) }) },
  ];
}
