import { names } from '../checks/words.ts';
import type { Drop } from '../model/agent-says/agent-says.ts';
import { packetEnd } from '../model/packet-end.ts';
import type { ObjectRef } from '../model/ref.ts';
import { type DropRate, dropRates, leastPerSecond } from './drop-rates.ts';
import { droppedPackets, isByPolicy } from './dropped-packets.ts';
import { nothingOf, seen, speaksFor } from './look.ts';
import type { LookAsks, Looked, RunState } from './runbook.ts';

/** Those dropped by policy on the nodes that drop most so, and the pod that most of them are of. */
export type DroppedByPolicy = { pod: ObjectRef | undefined; drops: readonly Drop[] };

/** What agents drop by policy now, where nobody says of which pod; `value` is a DroppedByPolicy. */
export async function droppedByPolicy(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const { rates, read, unread, source } = await dropRates(state, asks, undefined, signal);
  const failed = unread.length === 0 ? {} : { missed: `Not read: ${names(unread.map(({ node }) => node))}.` };
  const now = rates.filter((rate) => isByPolicy(rate) && rate.perSecond >= leastPerSecond);
  const value: DroppedByPolicy = { pod: undefined, drops: [] };
  if (now.length === 0)
    return {
      ...nothingOf(`${names(read)}: less than ${leastPerSecond} packets a second are dropped by policy`, source),
      ...{ value, ...failed },
    };
  const nodes = [...Map.groupBy(now, ({ node }) => node)].sort(([, a], [, b]) => sum(b) - sum(a));
  const text = `${sum(now).toFixed(1)} packets/s are dropped by policy on ${names(nodes.map(([node]) => node))}`;
  const watched = nodes.slice(0, mostNodes).map(([node]) => node);
  const all = await Promise.all(watched.map((node) => droppedPackets(state, asks, node, watchMs, signal)));
  const drops = all.flat().filter(isByPolicy);
  const pods = [...Map.groupBy(drops, (drop) => podName(state, drop))]
    .filter(([name]) => name !== '')
    .sort(([, a], [, b]) => b.length - a.length);
  const [most] = pods;
  const pod = most?.[1][0] && podOf(state, most[1][0]);
  const evidence = [
    speaksFor(text, source),
    ...pods
      .slice(0, 5)
      .map(([name, own]) => seen(`${name} ×${own.length}`, `exec cilium-dbg monitor on ${names(watched)}`)),
  ];
  if (pod !== undefined) return { evidence, value: { pod, drops }, ...failed };
  return {
    evidence,
    value,
    causes: [
      {
        ...{ id: 'policy-denies', text: `${text}, of which pods was not seen.`, confidence: 'possible' },
        objects: nodes.slice(0, 5).map(([name]): ObjectRef => ({ kind: 'Node', name })),
        next: `Run it again, or name a pod: Pod/NAMESPACE/NAME (--target on the command line).`,
      },
    ],
    ...failed,
  };
}

const mostNodes = 3;
const watchMs = 6_000;

function sum(rates: readonly DropRate[]): number {
  return rates.reduce((total, { perSecond }) => total + perSecond, 0);
}

/** Who sends, else who is sent to: the one that has the endpoint on that node. */
function podOf({ snapshot }: RunState, { source, destination, ingress }: Drop): ObjectRef | undefined {
  const ends = [source, destination].map(({ address, identity }) => packetEnd(snapshot, address, identity).ref);
  return (ingress === true ? ends.toReversed() : ends).find((ref) => ref?.kind === 'Pod');
}

function podName(state: RunState, drop: Drop): string {
  const { namespace = '', name = '' } = podOf(state, drop) ?? {};
  return name === '' ? '' : `${namespace}/${name}`;
}
