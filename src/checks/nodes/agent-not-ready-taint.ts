import { type Agent, agents } from '../../model/agents.ts';
import type { NodeRow } from '../../model/objects/node.ts';
import type { Snapshot } from '../../model/snapshot.ts';
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
  goesWithout: ['systemPods'],
  uses: ['configMaps'],
  clock: true,
  graceMs: liftedMs,
  look(snapshot, now) {
    const readable = canReadAgents(snapshot);
    const real = new Set(linuxNodes(snapshot).map(({ name }) => name));
    return agents(snapshot, now).flatMap((agent): Tainted[] => {
      const row = agent.nodeRow;
      if (!row || !agent.taint || !real.has(agent.node) || now - row.created < joiningMs) return [];
      // Taints seldom say since when. The agent's own state does: the taint follows it within seconds.
      const since = agent.taint.since || (readable && agent.pod ? agent.since : 0);
      const reread = [{ kind: 'nodes' as const, namespace: '', name: row.name }];
      const object = { kind: 'Node', name: row.name };
      return [{ object, node: row.name, ...(since > 0 ? { since } : {}), reread, agent, row }];
    });
  },
  tell(suspects, snapshot, now) {
    const readable = canReadAgents(snapshot);
    const ready = readable ? suspects.filter(({ agent }) => agent.state === 'ready').length : 0;
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
            suspects.map((one) => line(one, readable, now)),
            6,
            'node',
          ),
        ],
        ...began(suspects, readable),
        reach: count(suspects.length, 'node'),
        next: nextStep(ready > 0, readable),
      },
    ];
  },
};

function nextStep(ready: boolean, readable: boolean): string {
  if (ready)
    return 'The operator should have lifted it: look at the operator and its lease before removing it by hand.';
  if (readable) return 'Mend the agent there; the operator lifts the taint once it is ready.';
  return 'See whether the agent there is ready: whoever may list pods of kube-system can tell. The operator lifts the taint once it is.';
}

function line({ agent, row }: Tainted, readable: boolean, now: number): string {
  return `Node ${row.name}: ${agent.taint?.key}:${agent.taint?.effect}, agent ${readable ? stateText(agent, now) : 'not readable'}`;
}

function stateText({ state, since, pod, status }: Agent, now: number): string {
  if (state === 'ready') return `ready for ${age(now - since)}`;
  return pod ? statusText(pod) : status;
}

/** The node says that it is tainted, whoever may not read the pods there. */
function canReadAgents({ links }: Snapshot): boolean {
  return links.get('systemPods')?.phase !== 'forbidden';
}

/** Only what a taint or an agent that is not ready says: a ready agent's age is not the taint's. */
function began(suspects: readonly Tainted[], readable: boolean): { since?: number } {
  const known = suspects.flatMap(({ agent, since }) =>
    since && (agent.taint?.since || (readable && agent.state !== 'ready')) ? since : [],
  );
  return known.length > 0 ? { since: Math.min(...known) } : {};
}
