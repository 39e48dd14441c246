// How full the tables of the datapath are and what is dropped, as the console counts it already, or by asking agents.
import { names } from '../checks/words.ts';
import { agents } from '../model/agents.ts';
import { agentSamples } from './agent-samples.ts';
import type { LookAsks, RunState } from './runbook.ts';

/** A map of an agent's node: 1 = full. */
export type Filled = { node: string; map: string; ratio: number };

/** Of one node, or of all. Rejects with a UserError where no agent could be asked; `missed` '' = all were. */
export async function ratios(
  state: RunState,
  asks: LookAsks,
  only: string | undefined,
  signal: AbortSignal,
): Promise<{ all: readonly Filled[]; read: number; source: string; missed: string }> {
  const known = state.snapshot.facts.agentMetrics?.value;
  if (known !== undefined && known.agents.length > 0) {
    const agentsRead = known.agents.filter(({ node }) => only === undefined || node === only);
    const all = agentsRead.flatMap(({ node, mapPressure }) => mapPressure.map((one) => ({ node, ...one })));
    // Pages of operators are among those that are read, and tell nothing of maps.
    const there = agents(state.snapshot, state.now).filter(
      ({ node, pod }) => pod !== undefined && (only === undefined || node === only),
    );
    const nodes = new Set(agentsRead.map(({ node }) => node));
    const unread = there.filter(({ node }) => !nodes.has(node)).map(({ node }) => node);
    const missed =
      unread.length > 0
        ? `the metrics of ${unread.length} of ${there.length} agents were not read: ${names(unread)}`
        : '';
    return { all, read: agentsRead.length, source: 'metrics of the agents', missed };
  }
  const { read, missed } = await agentSamples(
    state,
    asks,
    'bpf_map_pressure',
    signal,
    only === undefined ? [] : [only],
  );
  const all = read.flatMap(({ node, samples }) =>
    samples.map(({ labels, value }) => ({ node, map: labels['map_name'] ?? '', ratio: value })),
  );
  return { all, read: read.length, source: 'exec cilium-dbg metrics list', missed };
}

/** What an agent drops for one reason since it started; `perSecond` null = not known. */
export type Dropped = { node: string; reason: string; total: number; perSecond: number | null };

/** Of these nodes; none = of some of each pool, or of all where they are counted already. */
export async function dropped(
  state: RunState,
  asks: LookAsks,
  nodes: readonly string[],
  signal: AbortSignal,
): Promise<{ all: readonly Dropped[]; source: string }> {
  const known = state.snapshot.facts.agentMetrics?.value?.agents ?? [];
  if (known.length > 0)
    return {
      all: known
        .filter(({ node }) => nodes.length === 0 || nodes.includes(node))
        .flatMap(({ node, drops }) => drops.map((one) => ({ node, ...one }))),
      source: 'metrics of the agents',
    };
  const { read } = await agentSamples(state, asks, 'drop_count_total', signal, nodes);
  const all = read.flatMap(({ node, samples }) =>
    samples.map(({ labels, value }) => ({ node, reason: labels['reason'] ?? '', total: value, perSecond: null })),
  );
  return { all, source: 'exec cilium-dbg metrics list' };
}
