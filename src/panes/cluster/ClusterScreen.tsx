import { useMemo } from 'react';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Frame } from '../../ui/pane.ts';
import { useTheme } from '../../ui/theme.ts';
import { hasActions } from '../action-kinds.ts';
import { type LineKeys, LinesScreen, type ScreenLine } from '../LinesScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { anyChange, useDerived } from '../use-derived.ts';
import { clusterPage } from './cluster-page.ts';
import { deployKeys } from './deploy-keys.ts';

/** The cluster as a page; `:links` goes to how each source is doing. */
export function ClusterScreen({ store, road, now, ...frame }: PaneProps & Frame) {
  const theme = useTheme();
  const bindings = useMemo(() => [...clusterKeys, deployKeys({ store, road })], [store, road]);
  const columns = frame.width - 1;
  const make = (snapshot: Snapshot) => {
    const time = now();
    return { snapshot, time, lines: clusterPage(snapshot, theme, columns, time) };
  };
  const { snapshot, time, lines } = useDerived(store, anyChange, make, {
    everyMs: 1_000,
    dependencies: String(columns),
  });
  return (
    <LinesScreen
      frame={frame}
      name="cluster"
      title={`Cluster · ${snapshot.cluster.context || snapshot.cluster.server}`}
      state={paneState(snapshot.links, ['nodes', 'daemonSets', 'deployments', 'configMaps'], 1, time)}
      lines={lines}
      bindings={bindings}
    />
  );
}

/** `x` is about the managed cluster here, but for the lines of what something can be done to. */
const clusterKeys = objectKeys<ScreenLine>((line) => line.ref).map((binding) =>
  binding.keys.includes('x')
    ? { ...binding, applies: ({ row }: LineKeys) => row?.ref !== undefined && hasActions(row.ref) }
    : binding,
);
