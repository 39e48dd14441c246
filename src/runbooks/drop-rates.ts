// What agents drop now, by reason: as the console counts it already, or by asking some of them twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../errors.ts';
import { type Agent, agents } from '../model/agents.ts';
import type { LookAsks, RunState } from './runbook.ts';
import { spread } from './spread.ts';

export type DropRate = { node: string; reason: string; direction: string; perSecond: number; total: number };

export type DropRates = {
  rates: readonly DropRate[];
  /** Nodes whose agents were read, and those that could not be, with the reason. */
  read: readonly string[];
  unread: readonly { node: string; why: string }[];
  source: string;
};

/** Packets a second: less happens everywhere. */
export const leastPerSecond = 0.2;

const apartMs = 5_000;
/** A single packet between two readings is no rate. */
const leastPackets = 2;
/** Each is two commands in a container, a few of which may run at once. */
const mostAgents = 30;

/** Of the node that is given, else of the whole cluster. Rejects with a UserError where no agent could be read. */
export async function dropRates(
  state: RunState,
  asks: Pick<LookAsks, 'agent'>,
  node: string | undefined,
  signal: AbortSignal,
): Promise<DropRates> {
  const known = state.snapshot.facts.agentMetrics?.value?.agents.filter(
    (one) => node === undefined || one.node === node,
  );
  if (known?.some(({ dropsPerSecond }) => dropsPerSecond !== null)) {
    const rates = known.flatMap((one) =>
      one.drops.map(({ reason, direction, perSecond, total }) => {
        return { node: one.node, reason, direction, perSecond: perSecond ?? 0, total };
      }),
    );
    return { rates, read: known.map((one) => one.node), unread: [], source: 'metrics of the agents' };
  }
  const running = agents(state.snapshot, state.now).filter(
    ({ pod, state: how }) => pod !== undefined && how === 'ready',
  );
  const chosen = spread(
    running.filter((one) => node === undefined || one.node === node),
    mostAgents,
  );
  const first = await Promise.all(chosen.map((agent) => countersOf(agent, asks, signal)));
  const readable = first.filter((one) => typeof one.counters !== 'string');
  if (readable.length === 0)
    throw new UserError(first[0] === undefined ? 'There is no agent to ask.' : String(first[0].counters));
  await sleep(apartMs, undefined, { signal });
  const second = await Promise.all(readable.map(({ agent }) => countersOf(agent, asks, signal)));
  const rates = second.flatMap(({ agent, counters, at }) => {
    const before = first.find((one) => one.agent === agent);
    if (typeof counters === 'string' || before === undefined || typeof before.counters === 'string') return [];
    const known = before.counters;
    return [...counters].map(([key, { reason, direction, total }]) => {
      const grown = Math.max(0, total - (known.get(key)?.total ?? 0));
      const perSecond = grown < leastPackets ? 0 : grown / ((at - before.at) / 1_000);
      return { node: agent.node, reason, direction, total, perSecond };
    });
  });
  const unread = [...first, ...second].flatMap(({ agent, counters }) =>
    typeof counters === 'string' ? [{ node: agent.node, why: counters }] : [],
  );
  const read = second.filter(({ counters }) => typeof counters !== 'string').map(({ agent }) => agent.node);
  return { rates, read, unread, source: 'exec cilium-dbg metrics list, twice' };
}

type Counters = ReadonlyMap<string, { reason: string; direction: string; total: number }>;

/** A text is why they could not be read. */
async function countersOf(
  agent: Agent,
  asks: Pick<LookAsks, 'agent'>,
  signal: AbortSignal,
): Promise<{ agent: Agent; counters: Counters | string; at: number }> {
  try {
    const samples = await asks.agent(agent, ['metrics', 'drop_count_total'], signal);
    const counters = samples.map(({ labels, value }) => {
      const { reason = '', direction = '' } = labels;
      return { reason, direction: direction.toLowerCase(), total: Number.isFinite(value) ? value : 0 };
    });
    return { agent, counters: new Map(counters.map((one) => [`${one.reason} ${one.direction}`, one])), at: Date.now() };
  } catch (error) {
    signal.throwIfAborted();
    return { agent, counters: error instanceof UserError ? error.what : String(error), at: Date.now() };
  }
}
