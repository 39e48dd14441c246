import { type Agent, agents } from '../../model/agents.ts';
import type { NodeRow } from '../../model/objects/node.ts';
import type { Check, Suspect } from '../check.ts';
import { poolsOf } from '../pools-of.ts';
import { age, atMost, count, statusText } from '../words.ts';
import { onlyTheseNodes } from './only-these-nodes.ts';
import { linuxNodes } from './real-nodes.ts';

type Tainted = Suspect & { agent: Agent; row: NodeRow };

/** A node that joins carries the taint until its agent has started. */
const joiningMs = 5 * 60_000;
/** The operator lifts the taint seconds after the agent is ready. */
const liftedMs = 2 * 60_000;

export const agentNotReadyTaint: Check<Tainted> = {
  id: 'nodes/agent-not-ready-taint',
  title: 'Node kept from pods by the agent-not-ready taint',
  why: "Cilium's taint keeps new pods off the node until its agent is ready. It stays when the agent does not become ready, or when no operator is there to lift it.",
  severity: 'warning',
  needs: ['nodes', 'systemPods', 'daemonSets'],
  uses: ['configMaps'],
  clock: true,
  graceMs: liftedMs,
  look(snapshot, now) {
    const real = new Set(linuxNodes(snapshot).map(({ name }) => name));
    return agents(snapshot, now).flatMap((agent): Tainted[] => {
      const row = agent.nodeRow;
      if (!row || !agent.taint || !real.has(agent.node) || now - row.created < joiningMs) return [];
      // Taints seldom say since when. The agent's own state does: the taint follows it within seconds.
      const since = agent.taint.since || (agent.pod ? agent.since : 0);
      const reread = [{ kind: 'nodes' as const, namespace: '', name: row.name }];
      const object = { kind: 'Node', name: row.name };
      return [{ object, node: row.name, ...(since > 0 ? { since } : {}), reread, agent, row }];
    });
  },
  tell(suspects, snapshot, now) {
    const ready = suspects.filter(({ agent }) => agent.state === 'ready').length;
    const all = linuxNodes(snapshot).length;
    const key = suspects[0]?.agent.taint?.key ?? '';
    return [
      {
        title: `${suspects.length} of ${count(all, 'node')} tainted agent-not-ready${ready === suspects.length ? ' although the agent is ready' : ''}`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          `taint ${key} in ${poolsOf(suspects.map(({ row }) => row))}`,
          ...onlyTheseNodes(suspects, snapshot, now, ({ taint }) => taint === undefined),
          ...atMost(
            suspects.map((one) => line(one, now)),
            6,
            'node',
          ),
        ],
        ...began(suspects),
        reach: count(suspects.length, 'node'),
        next:
          ready > 0
            ? 'The operator should have lifted it: look at the operator and its lease before removing it by hand.'
            : 'Mend the agent there; the operator lifts the taint once it is ready.',
      },
    ];
  },
};

function line({ agent, row }: Tainted, now: number): string {
  const state =
    agent.state === 'ready'
      ? `agent ready for ${age(now - agent.since)}`
      : `agent ${agent.pod ? statusText(agent.pod) : agent.status}`;
  return `Node ${row.name}: ${agent.taint?.key}:${agent.taint?.effect}, ${state}`;
}

/** Only what a taint or an agent that is not ready says: a ready agent's age is not the taint's. */
function began(suspects: readonly Tainted[]): { since?: number } {
  const known = suspects.flatMap(({ agent, since }) =>
    since && (agent.taint?.since || agent.state !== 'ready') ? since : [],
  );
  return known.length > 0 ? { since: Math.min(...known) } : {};
}
