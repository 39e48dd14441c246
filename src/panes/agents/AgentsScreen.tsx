import { useCallback, useMemo } from 'react';
import { type Agent, agentPods, isOlderThan, isSick } from '../../model/agents.ts';
import { agentDaemonSet } from '../../model/cluster-mode.ts';
import type { SourceId } from '../../model/link.ts';
import { onlySickShare, traitsText } from '../../model/only-sick.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Frame } from '../../ui/pane.ts';
import { useStore } from '../../ui/store.ts';
import { useTheme } from '../../ui/theme.ts';
import { createListStore } from '../../ui/use-list.ts';
import { belowMinimum, oldOnesUp } from '../below-minimum.ts';
import { ListScreen } from '../ListScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import { type PaneState, paneState } from '../pane-state.ts';
import { areAgentsExpected, readAgents } from '../read-agents.ts';
import { shortenImages } from '../short-image.ts';
import { span } from '../spans.ts';
import { useDerived } from '../use-derived.ts';
import { useNow } from '../use-now.ts';
import { agentsKeys } from './keys.ts';
import { cells, columnsFor, searchText, sortsBy } from './rows.ts';

const sources: readonly SourceId[] = ['systemPods', 'nodes', 'daemonSets'];

/** One row per node, sick first. `:agents np2` comes with a filter. */
export function AgentsScreen({ store, asks: _asks, now, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const time = useNow(now);
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const list = frame.keep('list agents', () => createListStore({ filter: frame.args.join(' ') }));
  const { filter, troubled } = useStore(list);
  // Between an agent's start and its grace only time passes: half a minute is soon enough to see it.
  const found = useDerived(store, versionOf, (snapshot) => readAgents(snapshot, now()), { everyMs: 30_000 });
  const judgement = useSnapshot(store, (snapshot) => snapshot.judgement);
  const least = belowMinimum({ judgement, cluster: store.get().cluster });
  const rows = useMemo(() => oldOnesUp(found, least), [found, least]);
  const shared = shortenImages(traitsText(onlySickShare(rows)));
  const sick = rows.filter(isSick).length;
  const bindings = useMemo(() => agentsKeys(() => store.get().judgement.findings), [store]);
  const isTroubled = useCallback((agent: Agent) => isSick(agent) || isOlderThan(agent, least), [least]);
  const metrics = useSnapshot(store, (snapshot) => snapshot.facts.agentMetrics?.value);
  const readings = useMemo(() => metrics && new Map(metrics.agents.map((one) => [one.node, one])), [metrics]);
  const columns = useMemo(() => columnsFor(readings), [readings]);
  const sorts = useMemo(() => sortsBy(readings), [readings]);
  const draw = useCallback(
    (agent: Agent) => cells(agent, least, readings, glyphs, time),
    [least, readings, glyphs, time],
  );
  return (
    <ListScreen<Agent>
      frame={frame}
      name="agents"
      title={sick > 0 && filter === '' && !troubled ? `Agents · ${sick} sick of` : 'Agents'}
      state={stateOf(store.get(), paneState(links, sources, rows.length, time), rows.length)}
      rows={rows}
      id={rowId}
      text={searchText}
      labels={rowLabels}
      troubled={isTroubled}
      sorts={sorts}
      columns={columns}
      cells={draw}
      fading={{ gone: goneNodes(store.get()), changed: () => undefined, now: time }}
      bindings={bindings}
      above={shared === '' ? [] : [[span('   only they: ', 'warning'), span(shared)]]}
      none={noneText(store.get())}
    />
  );
}

/** For a moment everything has been read and the rows are still being made of it: that is not none. */
function stateOf(snapshot: Snapshot, state: PaneState, rows: number): PaneState {
  if (rows > 0 || state.phase !== 'none' || agentDaemonSet(snapshot) === undefined) return state;
  if (snapshot.tables.nodes.rows.size === 0) return state;
  const sentence = 'The agents have been read and are being put in order.';
  return { ...state, phase: 'loading', glyph: 'progress', text: 'loading', tone: 'progress', sentence };
}

function noneText({ tables }: Snapshot): string {
  if (tables.nodes.rows.size === 0) return 'There are no nodes, so there are no agents.';
  return 'There is no DaemonSet cilium in kube-system: the network of this cluster is not Cilium, or not yet.';
}

/** A node that goes takes its agent's row along; an agent that goes leaves its node without one. */
function goneNodes({ tables }: Snapshot) {
  return tables.nodes.gone.map(({ row, at }) => ({ id: row.name, at }));
}

const rowId = (agent: Agent) => agent.node;
const rowLabels = (agent: Agent) => agent.nodeRow?.labels ?? {};

/** Changes when an agent, a node or the DaemonSet did; the other 100,000 pods do not matter here. */
function versionOf(snapshot: Snapshot): string {
  const { nodes, daemonSets, configMaps } = snapshot.tables;
  const pods = agentPods(snapshot).map((pod) => pod.version);
  return `${snapshot.epoch} ${areAgentsExpected(snapshot)} ${nodes.version} ${daemonSets.version} ${configMaps.version} ${pods.join(' ')}`;
}
