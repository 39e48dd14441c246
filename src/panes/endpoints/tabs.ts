import type { Snapshot } from '../../model/snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { number } from '../../ui/text.ts';
import type { Span } from '../../ui/theme.ts';

/** The four views of the endpoints pane, in the order the arrows walk them. */
export const tabs = [
  { id: 'endpoints', title: 'churn' },
  { id: 'slices', title: 'slices' },
  { id: 'ciliumendpoints', title: 'Cilium endpoints' },
  { id: 'endpointslices', title: 'Kubernetes slices' },
] as const;
export type TabId = (typeof tabs)[number]['id'];

/** `[churn]  slices 1,204  Cilium endpoints 98,332  Kubernetes slices 2,311` */
export function tabLine(snapshot: Snapshot, here: TabId): readonly Span[] {
  const { ciliumEndpointSlices, ciliumEndpoints, endpointSlices } = snapshot.tables;
  const counts: Record<TabId, number | undefined> = {
    endpoints: undefined,
    slices: ciliumEndpointSlices.rows.size,
    ciliumendpoints: ciliumEndpoints.rows.size,
    endpointslices: endpointSlices.rows.size,
  };
  return tabs.flatMap(({ id, title }): Span[] => {
    const count = counts[id];
    const text = `${title}${count === undefined ? '' : ` ${number(count)}`}`;
    return [{ text: ' ' }, id === here ? { text: ` ${text} `, inverse: true } : { text: ` ${text} `, tone: 'dim' }];
  });
}

export function tabKeys<C extends Readonly<{ frame: Frame }>>(here: TabId): readonly Binding<C>[] {
  const index = tabs.findIndex((tab) => tab.id === here);
  const to = (by: number) => tabs[(index + by + tabs.length) % tabs.length]?.id ?? here;
  return [
    { keys: ['right', 't'], title: 'next view', rank: 5, run: ({ frame }) => frame.go({ pane: to(1) }) },
    { keys: ['left', 'T'], title: 'view before', run: ({ frame }) => frame.go({ pane: to(-1) }) },
  ];
}
