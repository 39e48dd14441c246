import type { NodeRow } from '../../model/objects/node.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Check, Suspect } from '../check.ts';
import { poolsOf } from '../pools-of.ts';
import { startsNoPods } from '../starts-no-pods.ts';
import { atMost, count, sinceText } from '../words.ts';
import { onlyTheseNodes } from './only-these-nodes.ts';
import { lacksCni, readyTurned, realNodes } from './real-nodes.ts';

type NotReady = Suspect & { row: NodeRow };

/** A node that joins may take minutes until its kubelet is ready; until then nobody relies on it. */
const joiningMs = 6 * 60_000;
/** A cordoned node is being drained and reimaged by an upgrade, which takes it down on purpose. */
const reimagingMs = 20 * 60_000;

export const notReady: Check<NotReady> = {
  id: 'nodes/not-ready',
  title: 'Node not ready',
  why: 'The kubelet of the node has stopped answering or says it cannot run pods. Its pods are lost to their services, and after five minutes they are moved elsewhere.',
  severity: 'error',
  needs: ['nodes'],
  anyNetwork: true,
  clock: true,
  graceMs: 60_000,
  explains: [
    { id: 'azure/log-agents-down', where: 'node' },
    { id: 'nodes/cni-not-initialized', where: 'node' },
    { id: 'agents/crash-looping', where: 'node' },
    { id: 'agents/not-ready', where: 'node' },
    { id: 'agents/missing-on-node', where: 'node' },
    { id: 'agents/restarting', where: 'node' },
    { id: 'agents/unreachable-nodes', where: 'all' },
    { id: 'nodes/agent-not-ready-taint', where: 'node' },
    { id: 'nodes/cns-not-ready', where: 'node' },
    ...startsNoPods,
    { id: 'endpoints/stuck', where: 'node' },
    { id: 'endpoints/pod-without-endpoint', where: 'node' },
  ],
  look(snapshot, now) {
    return (
      realNodes(snapshot)
        .filter((node) => node.ready !== 'True' && !lacksCni(node))
        // A kubelet that fell silent is told by the node controller; no condition at all is only not known.
        .filter(({ conditions }) => conditions.some(({ type }) => type === 'Ready'))
        .filter((node) => now - node.created >= joiningMs)
        .filter((node) => !node.unschedulable || now - readyTurned(node) >= reimagingMs)
        .map((row) => ({ object: { kind: 'Node', name: row.name }, node: row.name, since: readyTurned(row), row }))
    );
  },
  tell(suspects, snapshot, now) {
    const rows = suspects.map(({ row }) => row);
    const silent = rows.filter(({ ready }) => ready === 'Unknown').length;
    const how = silent === rows.length ? ': kubelet silent' : silent > 0 ? `: ${silent} with a silent kubelet` : '';
    return [
      {
        title: `${rows.length} of ${count(nodesIn(snapshot), 'node')} not ready${how}`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          `in ${poolsOf(rows)}`,
          ...onlyTheseNodes(suspects, snapshot, now, ({ nodeReady }) => nodeReady === 'True'),
          ...atMost(
            rows.map((row) => evidence(row, now)),
            6,
            'node',
          ),
        ],
        since: Math.min(...rows.map(readyTurned)),
        reach: count(rows.length, 'node'),
        next:
          silent === rows.length
            ? 'Look at the virtual machine: powered on, reachable from the API server, out of memory or disk?'
            : "Read the kubelet's own words above, then kubectl describe node.",
      },
    ];
  },
};

function nodesIn(snapshot: Snapshot): number {
  return snapshot.tables.nodes.rows.size;
}

function evidence(node: NodeRow, now: number): string {
  const ready = node.conditions.find(({ type }) => type === 'Ready');
  const cordoned = node.unschedulable ? ', cordoned' : '';
  const words = [ready?.reason, ready?.message].filter(Boolean).join(': ');
  return `Node ${node.name}: Ready=${node.ready}${cordoned}${sinceText(readyTurned(node), now)}${words && `: ${words}`}`;
}
