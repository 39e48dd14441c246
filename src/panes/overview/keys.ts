import { findingKey } from '../../model/finding.ts';
import type { Store } from '../../state/store.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import type { List } from '../../ui/use-list.ts';
import type { OverviewItem } from './bands.ts';

export type OverviewKeys = Readonly<{
  row: OverviewItem | undefined;
  list: List<OverviewItem>;
  frame: Frame;
  store: Pick<Store, 'get'>;
}>;

export const overviewKeys: readonly Binding<OverviewKeys>[] = [
  {
    keys: ['v'],
    title: 'why',
    rank: 1,
    run: ({ row, frame, store }) => {
      const finding = row !== undefined && 'finding' in row.of ? row.of.finding : store.get().judgement.findings[0];
      frame.go(finding === undefined ? { pane: 'troubleshoot' } : { pane: 'why', args: [findingKey(finding)] });
    },
  },
  {
    keys: ['enter'],
    title: 'open',
    rank: 2,
    unless: ({ row }) => {
      if (row === undefined) return 'there is nothing under the cursor';
      return 'change' in row.of && row.of.change.what === 'deleted'
        ? 'it was deleted; there is nothing left to open'
        : undefined;
    },
    run: ({ row, frame }) => {
      if (row !== undefined) frame.go(row.open);
    },
  },
  {
    keys: ['esc'],
    title: 'clear filter',
    unless: ({ list }) =>
      list.state.filter === '' && !list.state.troubled ? 'this is the overview; q twice quits' : undefined,
    run: ({ list }) => {
      list.clear();
    },
  },
  {
    keys: ['c'],
    title: 'copy',
    unless: ({ row }) => (row === undefined ? 'there is nothing under the cursor' : undefined),
    run: ({ row, frame }) => {
      if (row !== undefined) frame.copy(row.text);
    },
  },
];
