import { useMemo } from 'react';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Frame } from '../../ui/pane.ts';
import { useTheme } from '../../ui/theme.ts';
import { LinesScreen, type ScreenLine } from '../LinesScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { anyChange, useDerived } from '../use-derived.ts';
import { rolloutPage } from './rollout-page.ts';

export function RolloutScreen({ store, now, ...frame }: PaneProps & Frame) {
  const theme = useTheme();
  const columns = frame.width - 1;
  const make = (snapshot: Snapshot) => {
    const time = now();
    return { links: snapshot.links, time, lines: rolloutPage(snapshot, theme.glyphs, columns, time) };
  };
  const { links, time, lines } = useDerived(store, anyChange, make, { everyMs: 1_000, dependencies: String(columns) });
  const bindings = useMemo(() => objectKeys<ScreenLine>((line) => line.ref), []);
  return (
    <LinesScreen
      frame={frame}
      name="rollout"
      title="Rollout of Cilium"
      state={paneState(links, ['systemPods', 'daemonSets', 'deployments'], lines.length, time)}
      lines={lines}
      bindings={bindings}
      none="There is no DaemonSet cilium in kube-system."
    />
  );
}
