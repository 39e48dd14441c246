import type { Drop, DropEvent } from '../../model/agent-says/agent-says.ts';
import type { PacketEnd } from '../../model/packet-end.ts';

/** Drops of one pair for one reason. */
export type DropGroup = {
  id: string;
  from: PacketEnd;
  to: PacketEnd;
  /** 0 = none. */
  port: number;
  protocol: string;
  reason: string;
  ingress: boolean | undefined;
  nodes: readonly string[];
  count: number;
  first: number;
  last: number;
  /** How many in which twenty seconds (since 1970) of the last five minutes. */
  steps: ReadonlyMap<number, number>;
};

export type DropBook = Readonly<{
  groups: ReadonlyMap<string, DropGroup>;
  received: number;
  /** Groups that made room for others. */
  forgotten: number;
  /** How often something was said about lines that are missing, and what last. */
  gaps: number;
  lastGap: string;
  /** By node: why it is not listened to any longer. */
  ended: ReadonlyMap<string, { failed: boolean; text: string }>;
  /** Nodes from which anything was heard. */
  heard: ReadonlySet<string>;
}>;

export type DropItem = { node: string; at: number; event: DropEvent | { type: 'failed'; text: string } };

export const noDrops: DropBook = {
  groups: new Map(),
  received: 0,
  forgotten: 0,
  gaps: 0,
  lastGap: '',
  ended: new Map(),
  heard: new Set(),
};

const mostGroups = 500;
const stepMs = 20_000;
export const steps = 15;

/** Counts what came; `endOf` tells whose an address is. */
export function foldDrops(
  before: DropBook,
  items: readonly DropItem[],
  endOf: (address: string, identity: number) => PacketEnd,
): DropBook {
  const groups = new Map(before.groups);
  const ended = new Map(before.ended);
  const heard = new Set(before.heard);
  let { received, gaps, lastGap, forgotten } = before;
  for (const { node, at, event } of items) {
    if (event.type === 'failed' || event.type === 'end') {
      ended.set(node, { failed: event.type === 'failed', text: event.text });
      continue;
    }
    if (event.type === 'gap') {
      gaps += 1;
      lastGap = `${node}: ${event.text}`;
      continue;
    }
    heard.add(node);
    ended.delete(node);
    for (const { drop, count } of event.drops) {
      received += count;
      const { id, group } = counted(drop, count, at, groups, endOf);
      // The newest are last: the one to make room is the one that was silent longest.
      groups.delete(id);
      groups.set(id, group);
    }
  }
  for (const id of groups.keys()) {
    if (groups.size <= mostGroups) break;
    groups.delete(id);
    forgotten += 1;
  }
  return { groups, received, forgotten, gaps, lastGap, ended, heard };
}

function counted(
  drop: Drop,
  more: number,
  at: number,
  groups: ReadonlyMap<string, DropGroup>,
  endOf: (address: string, identity: number) => PacketEnd,
): { id: string; group: DropGroup } {
  const from = endOf(drop.source.address, drop.source.identity);
  const to = endOf(drop.destination.address, drop.destination.identity);
  const { port } = drop.destination;
  const { reason, protocol, ingress, node } = drop;
  const id = [from.name, to.name, port, protocol, reason, ingress].join('|');
  const known = groups.get(id);
  const step = Math.floor(at / stepMs);
  const counts = new Map(known?.steps);
  counts.set(step, (counts.get(step) ?? 0) + more);
  for (const one of counts.keys()) if (one <= step - steps) counts.delete(one);
  const nodes = known?.nodes.includes(node) ? known.nodes : [...(known?.nodes ?? []), node];
  const first = known?.first ?? at;
  const count = (known?.count ?? 0) + more;
  return { id, group: { id, from, to, port, protocol, reason, ingress, nodes, count, first, last: at, steps: counts } };
}

/** The counts of the last five minutes, twenty seconds each, oldest first. */
export function stepsOf({ steps: counts }: DropGroup, now: number): readonly number[] {
  const last = Math.floor(now / stepMs);
  return Array.from({ length: steps }, (_, index) => counts.get(last - steps + 1 + index) ?? 0);
}
