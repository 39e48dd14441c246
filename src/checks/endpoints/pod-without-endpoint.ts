import { ciliumConfig } from '../../model/cluster-mode.ts';
import type { PodRow } from '../../model/objects/pod.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Check, Suspect } from '../check.ts';
import { linuxNodes } from '../nodes/real-nodes.ts';
import { atMost, count, names, sinceText } from '../words.ts';

type Unmanaged = Suspect & { row: PodRow };

/** An agent writes the endpoint while the pod starts; on a busy API server it may follow later. */
const startingMs = 3 * 60_000;

export const podWithoutEndpoint: Check<Unmanaged> = {
  id: 'endpoints/pod-without-endpoint',
  title: 'Running pod without a CiliumEndpoint',
  why: 'Other nodes do not know the identity of such a pod: its traffic counts as from outside the cluster, and policies that name it do not match. A pod older than its agent stays so until it is restarted.',
  severity: 'error',
  needs: ['pods', 'systemPods', 'nodes', 'ciliumEndpoints'],
  uses: ['configMaps'],
  graceMs: startingMs,
  everyMs: 5_000,
  look(snapshot, now) {
    if (ciliumConfig(snapshot)['disable-endpoint-crd'] === 'true') return [];
    const nodes = new Set(linuxNodes(snapshot).map(({ name }) => name));
    const { pods, ciliumEndpoints } = snapshot.tables;
    const found: Unmanaged[] = [];
    for (const row of pods.rows.values()) {
      if (row.hostNetwork || row.ip === '' || row.phase !== 'Running' || row.deleting > 0 || !nodes.has(row.node))
        continue;
      if (ciliumEndpoints.named(row.namespace, row.name)) continue;
      const started = row.scheduled || row.created;
      const where = { namespace: row.namespace, name: row.name };
      found.push({
        object: { kind: 'Pod', ...where },
        node: row.node,
        // A pod's age vouches only for young pods; an old one may have lost its endpoint this very second.
        ...(now - started < startingMs ? { since: started } : {}),
        reread: [
          { kind: 'pods', ...where },
          { kind: 'ciliumEndpoints', ...where },
        ],
        row,
      });
    }
    return found;
  },
  tell(suspects, snapshot, now) {
    const rows = suspects.map(({ row }) => row);
    const onNodes = new Set(rows.map(({ node }) => node));
    return [
      {
        title: `${count(rows.length, 'running pod')} without a CiliumEndpoint`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          `on ${names([...onNodes], 3)}; in ${names(
            rows.map(({ namespace }) => namespace),
            3,
          )}`,
          ...atMost(
            rows.map(
              (row) =>
                `Pod ${row.namespace}/${row.name} on ${row.node}, ${row.ip}, running${sinceText(row.scheduled || row.created, now)}`,
            ),
            6,
            'pod',
          ),
          ...olderThanAgent(rows, snapshot),
        ],
        reach: count(rows.length, 'pod'),
        next: "Delete one of the pods (its controller makes another): does the new one get an endpoint? If not, read its node's agent log.",
      },
    ];
  },
};

/** Pods that ran before the agent's DaemonSet existed were never handed to it. */
function olderThanAgent(rows: readonly PodRow[], snapshot: Snapshot): string[] {
  const created = snapshot.tables.daemonSets.named('kube-system', 'cilium')?.created ?? 0;
  const older = rows.filter((row) => row.created < created).length;
  return older > 0 ? [`${older} of them are older than the DaemonSet cilium and were never handed to it`] : [];
}
