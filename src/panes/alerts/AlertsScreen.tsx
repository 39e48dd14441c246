import { useMemo } from 'react';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Frame } from '../../ui/pane.ts';
import { useTheme } from '../../ui/theme.ts';
import { factState } from '../fact-state.ts';
import { ListScreen } from '../ListScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import { useNow } from '../use-now.ts';
import { type AlertRow, alertRows, cells, columns, searchText } from './rows.ts';

/** What Azure's alert rules say of this cluster and its workspace, and which rules there are. */
export function AlertsScreen({ store, asks: _asks, now, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const time = useNow(now);
  const fact = useSnapshot(store, (snapshot) => snapshot.facts.alerts);
  const rows = useMemo(() => (fact?.value === undefined ? [] : alertRows(fact.value)), [fact]);
  const firing = rows.filter(({ isFiring }) => isFiring).length;
  return (
    <ListScreen<AlertRow>
      frame={frame}
      name="alerts"
      title={firing > 0 ? `Alerts · ${firing} firing of` : 'Alerts'}
      state={factState('alerts', fact, rows.length, time)}
      rows={rows}
      id={({ id }) => id}
      text={searchText}
      troubled={({ isFiring }) => isFiring}
      columns={columns}
      cells={(row) => cells(row, glyphs, time)}
      none="No alert rule is about this cluster or its workspace: `ciliscope plan alerts` writes those it should have."
    />
  );
}
