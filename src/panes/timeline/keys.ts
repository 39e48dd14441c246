import type { Binding } from '../../ui/keys/binding.ts';
import type { ListKeys } from '../ListScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import type { TimelineRow } from '../timeline-row.ts';
import { changeView } from '../views.ts';

/** Keys of a change are the keys of the object that changed. */
export const timelineKeys: readonly Binding<ListKeys<TimelineRow>>[] = [
  {
    keys: ['enter'],
    title: 'the object',
    rank: 1,
    unless: ({ row }) => {
      if (row === undefined) return 'there is no change under the cursor';
      return row.entry.what === 'deleted' ? 'it was deleted; there is nothing left to open' : undefined;
    },
    run: ({ row, frame }) => {
      if (row) frame.go(changeView(row.entry));
    },
  },
  ...objectKeys<TimelineRow>((row) => row.entry.object, {
    pod: ({ entry: { object } }) =>
      object.kind === 'Pod' ? { namespace: object.namespace ?? '', name: object.name } : undefined,
  }),
];
