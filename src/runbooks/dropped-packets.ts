import { UserError } from '../errors.ts';
import type { Drop } from '../model/agent-says/agent-says.ts';
import type { Protocol } from '../model/policies/rule.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { agentOn } from './agent-on-node.ts';
import type { LookAsks, RunState } from './runbook.ts';

/** Packets dropped on a node, as its agent tells them for so long. Rejects where it may not be asked. */
export async function droppedPackets(
  state: RunState,
  asks: Pick<LookAsks, 'drops'>,
  node: string,
  forMs: number,
  signal: AbortSignal,
  /** Seen enough before the time is up. */
  suffices: (drop: Drop) => boolean = () => false,
): Promise<readonly Drop[]> {
  const agent = agentOn(state, node) ?? { node, pod: undefined };
  const satisfied = new AbortController();
  const enough = AbortSignal.any([signal, AbortSignal.timeout(forMs), satisfied.signal]);
  const drops: Drop[] = [];
  let end = '';
  try {
    for await (const event of asks.drops(agent, enough)) {
      if (event.type === 'end') end = event.text;
      if (event.type !== 'drops') continue;
      for (const { drop, count } of event.drops) {
        for (let one = 0; one < count; one++) drops.push(drop);
        if (suffices(drop)) satisfied.abort();
      }
    }
  } catch (error) {
    // That the time is up is how it is meant to end.
    if (!enough.aborted || signal.aborted) throw error;
  }
  if (drops.length === 0 && end !== '' && !enough.aborted) throw new UserError(end);
  return drops;
}

export function isByPolicy({ reason }: Pick<Drop, 'reason'>): boolean {
  return /^(policy denied|authentication required)/i.test(reason);
}

/** As a question about policies names it; what an agent does not say is mostly TCP. */
export function protocolOf({ protocol }: Drop): Protocol {
  if (protocol.startsWith('ICMP')) return 'ICMP';
  return (['UDP', 'SCTP'] as const).find((one) => one === protocol) ?? 'TCP';
}

/** Whose address it is: `shop/web-0`, the service `svc/shop/api`, a node, or the address as it is. */
export function nameOfAddress({ tables }: Snapshot, address: string): string {
  const [pod] = tables.pods.by('ip', address);
  if (pod !== undefined) return `${pod.namespace}/${pod.name}`;
  const [service] = tables.services.by('ip', address);
  if (service !== undefined) return `svc/${service.namespace}/${service.name}`;
  const [node] = tables.nodes.by('ip', address);
  return node === undefined ? address || 'somebody' : `node ${node.name}`;
}
