import { agents } from '../../model/agents.ts';
import { agentDaemonSet } from '../../model/cluster-mode.ts';
import { wantsNode } from '../../model/daemon-set.ts';
import type { NodeRow } from '../../model/objects/node.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Check, Suspect } from '../check.ts';
import { linuxNodes } from '../nodes/real-nodes.ts';
import { poolsOf } from '../pools-of.ts';
import { startsNoPods } from '../starts-no-pods.ts';
import { atMost, count, names } from '../words.ts';

type WithoutAgent = Suspect & { row: NodeRow };

/** The DaemonSet puts its pod on a new node within seconds; the API server may be slower. */
const joiningMs = 3 * 60_000;

export const missingOnNode: Check<WithoutAgent> = {
  id: 'agents/missing-on-node',
  title: 'Node without an agent',
  why: 'No Cilium agent is on the node: new pods there get no network, and those that run are guarded by policies as they were when the agent left.',
  severity: 'error',
  needs: ['nodes', 'systemPods', 'daemonSets'],
  clock: true,
  graceMs: joiningMs,
  explains: [
    { id: 'azure/log-agents-down', where: 'node' },
    { id: 'nodes/cni-not-initialized', where: 'node' },
    { id: 'nodes/agent-not-ready-taint', where: 'node' },
    ...startsNoPods,
    { id: 'endpoints/stuck', where: 'node' },
    { id: 'endpoints/pod-without-endpoint', where: 'node' },
    { id: 'agents/unreachable-nodes', where: 'all' },
  ],
  look(snapshot, now) {
    const agentless = new Set(agents(snapshot, now).flatMap(({ node, pod }) => (pod ? [] : [node])));
    return linuxNodes(snapshot)
      .filter((node) => agentless.has(node.name) && node.labels[keptOut] !== 'true')
      .map((row) => ({
        object: { kind: 'Node', name: row.name },
        node: row.name,
        // Its age vouches only for a young node: an old one may have lost its agent this very second.
        ...(now - row.created < joiningMs ? { since: row.created } : {}),
        reread: [{ kind: 'nodes' as const, namespace: '', name: row.name }],
        row,
      }));
  },
  tell(suspects, snapshot) {
    const rows = suspects.map(({ row }) => row);
    const set = agentDaemonSet(snapshot);
    return [
      {
        title: `${rows.length} of ${count(linuxNodes(snapshot).length, 'node')} without an agent${set ? '' : ': there is no DaemonSet cilium'}`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          `in ${poolsOf(rows)}`,
          ...atMost(
            rows.map((row) => `Node ${row.name}: ${whyNone(row, snapshot)}`),
            6,
            'node',
          ),
        ],
        reach: count(rows.length, 'node'),
        next: set
          ? 'Compare the labels and taints of the node with the DaemonSet: kubectl -n kube-system describe ds cilium'
          : 'Restore the DaemonSet: az aks update reconciles a managed cluster, helm upgrade a self-managed one.',
      },
    ];
  },
};

/** Cilium's own label for a node it is kept from on purpose. */
const keptOut = 'cilium.io/no-schedule';

function whyNone(node: NodeRow, snapshot: Snapshot): string {
  const set = agentDaemonSet(snapshot);
  if (!set) return 'nothing places an agent';
  if (wantsNode(set, node)) return waiting(snapshot);
  const untolerated = { ...node, taints: [] };
  if (wantsNode(set, untolerated)) {
    return `the DaemonSet does not tolerate its taints (${names(node.taints.map(({ key }) => key))})`;
  }
  const keys = [
    ...Object.entries(set.nodeSelector).filter(([key, value]) => node.labels[key] !== value),
    ...set.nodeAffinity.flat().flatMap((one) => {
      const alone = { ...set, nodeSelector: {}, nodeAffinity: [[one]] };
      return wantsNode(alone, untolerated) ? [] : [[one.key]];
    }),
  ].flatMap(([key]) => key ?? []);
  const labels = [...new Set(keys)].map((key) => `${key}=${node.labels[key] ?? '(none)'}`);
  return `its labels keep the DaemonSet away: ${names(labels, 4)}`;
}

/** A pod that no node has taken yet names its node in nothing we keep. */
function waiting(snapshot: Snapshot): string {
  const pending = snapshot.tables.pods
    .by('app', 'k8s-app=cilium')
    .find((pod) => pod.node === '' && pod.unscheduled !== '');
  return pending
    ? `Pod kube-system/${pending.name} waits: ${pending.unscheduled}`
    : 'the DaemonSet wants it and has made no pod';
}
