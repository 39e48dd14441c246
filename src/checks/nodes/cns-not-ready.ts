import type { NodeRow } from '../../model/objects/node.ts';
import type { PodRow } from '../../model/objects/pod.ts';
import { type Cns, cns } from '../../model/pools.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { stuckPods } from '../../model/stuck-pods.ts';
import { lastWords, podLines } from '../agents/workload-lines.ts';
import type { Check, Suspect } from '../check.ts';
import { poolsOf } from '../pools-of.ts';
import { startsNoPods } from '../starts-no-pods.ts';
import { atMost, count } from '../words.ts';
import { onlyTheseNodes } from './only-these-nodes.ts';
import { isVirtual } from './real-nodes.ts';

type WithoutCns = Suspect & { row: NodeRow; pod: PodRow | undefined };

/** Node agents of a node that joins need minutes until all of them have started. */
const joiningMs = 5 * 60_000;

export const cnsNotReady: Check<WithoutCns> = {
  id: 'nodes/cns-not-ready',
  title: 'azure-cns not ready',
  why: 'azure-cns hands out the addresses of pods on its node. While it is down no new pod there gets one; pods that run keep theirs.',
  severity: 'error',
  needs: ['nodes', 'systemPods', 'daemonSets'],
  uses: ['pods', 'events'],
  clock: true,
  graceMs: 3 * 60_000,
  explains: [
    { id: 'azure/log-agents-down', where: 'node' },
    { id: 'nodes/cni-not-initialized', where: 'node' },
    ...startsNoPods,
  ],
  look: (snapshot, now) =>
    cns(snapshot)
      .filter(({ ready, node }) => !ready && node.deleting === 0 && !isVirtual(node) && now - node.created >= joiningMs)
      // A pod that does not say where it is may be the one that seems to lack.
      .filter(({ pod }) => pod || !hasMutePod(snapshot))
      .map(suspect),
  tell(suspects, snapshot, now) {
    const rows = suspects.map(({ row }) => row);
    const nodes = new Set(rows.map(({ name }) => name));
    const waiting = stuckPods(snapshot).filter(({ pod }) => nodes.has(pod.node)).length;
    const well = new Set(cns(snapshot).flatMap(({ ready, node }) => (ready ? node.name : [])));
    const since = suspects.flatMap(({ since }) => since ?? []);
    return [
      {
        title: `azure-cns not ready on ${rows.length} of ${count(cns(snapshot).length, 'node')}: ${poolsOf(rows)}`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          ...onlyTheseNodes(suspects, snapshot, now, ({ node }) => well.has(node)),
          ...podLines(
            suspects.flatMap(({ pod }) => pod ?? []),
            now,
          ),
          ...atMost(
            suspects.filter(({ pod }) => !pod).map(({ row }) => `Node ${row.name}: no azure-cns pod`),
            3,
            'node',
          ),
          ...(waiting > 0 ? [`${count(waiting, 'pod')} there ${waiting === 1 ? 'waits' : 'wait'} for an address`] : []),
        ],
        ...(since.length > 0 ? { since: Math.min(...since) } : {}),
        reach: count(rows.length, 'node'),
        next: nextStep(suspects.flatMap(({ pod }) => pod ?? [])),
      },
    ];
  },
};

function suspect({ node, pod }: Cns): WithoutCns {
  const since = pod ? pod.notReadySince || pod.created : 0;
  return {
    object: pod ? { kind: 'Pod', namespace: pod.namespace, name: pod.name } : { kind: 'Node', name: node.name },
    node: node.name,
    ...(since > 0 ? { since } : {}),
    reread: [{ kind: 'nodes', namespace: '', name: node.name }],
    row: node,
    pod,
  };
}

/** Its DaemonSet makes it anew at once, so deleting one is safe. */
function nextStep(pods: readonly PodRow[]): string {
  const [first] = pods;
  if (!first) return 'See why its DaemonSet makes none there: kubectl -n kube-system describe ds azure-cns';
  if (pods.every((pod) => lastWords(pod) === ''))
    return `Read why: kubectl -n kube-system describe pod ${first.name}, then its log.`;
  return `Delete it once: kubectl -n kube-system delete pod ${first.name}; if it says the same again, mend on the node what the last words name, or cordon, drain and reimage the node.`;
}

function hasMutePod({ tables }: Snapshot): boolean {
  return tables.pods
    .by('owner', 'DaemonSet/kube-system/azure-cns')
    .some(({ node, phase }) => node === '' && phase === '');
}
