import { useEffect, useMemo } from 'react';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Frame } from '../../ui/pane.ts';
import { useStore } from '../../ui/store.ts';
import { createListStore } from '../../ui/use-list.ts';
import { ListScreen } from '../ListScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { isInScope, type TimelineRow, timelineRow, timelineText } from '../timeline-row.ts';
import { timelineSources } from '../timeline-sources.ts';
import { useNow } from '../use-now.ts';
import { timelineKeys } from './keys.ts';
import { isLikeTime, parseMoment } from './moment.ts';
import { about, cells, columns, isTrouble } from './rows.ts';
import { jumpTo } from './screen-state.ts';

/** What changed, newest first. `:at 14:05` comes with that moment as its argument, `:timeline np2` with a filter. */
export function TimelineScreen({ store, asks: _asks, now, ...frame }: PaneProps & Frame) {
  const time = useNow(now, 10_000);
  const timeline = useSnapshot(store, (snapshot) => snapshot.timeline);
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const list = frame.keep('list timeline', () => createListStore({ following: true }));
  const { following } = useStore(list);
  const { scope } = frame;
  const narrow = frame.width < 100;
  const rows = useMemo(
    () => timeline.entries.filter((entry) => isInScope(entry, scope)).map((entry) => timelineRow(entry, time)),
    [timeline, time, scope],
  );
  const asked = frame.args.join(' ');
  const { flash } = frame;
  useEffect(() => {
    if (asked === '') return;
    const moment = parseMoment(asked, now());
    const { tellsSince } = store.get().timeline;
    const entries = store.get().timeline.entries.filter((entry) => isInScope(entry, scope));
    if (moment === undefined && isLikeTime(asked)) flash(`no such time: ${asked}`, 'warning');
    else if (moment === undefined) list.update((state) => ({ ...state, filter: asked }));
    else {
      list.update((state) => jumpTo(state, entries, moment));
      if (moment < tellsSince) flash('that is before anything known here; this is the oldest', 'warning');
    }
  }, [asked, list, store, now, flash, scope]);
  return (
    <ListScreen<TimelineRow>
      frame={frame}
      name="timeline"
      title="Timeline"
      about={about(timeline, links, time, following || frame.width >= 100)}
      scope={scope}
      state={paneState(links, timelineSources, rows.length, time)}
      rows={rows}
      id={rowId}
      text={rowText}
      troubled={isTrouble}
      stream
      columns={columns}
      cells={(row) => cells(row, narrow)}
      bindings={timelineKeys}
      none="Nothing is known to have changed. What changes from now on appears here."
    />
  );
}

const rowId = (row: TimelineRow) => row.id;
const rowText = (row: TimelineRow) => timelineText(row.entry);
