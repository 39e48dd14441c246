import { ciliumConfig } from '../../model/cluster-mode.ts';
import { type PodEndpointDrift, podEndpointDrift } from '../../model/pod-endpoints.ts';
import type { Check, Suspect } from '../check.ts';
import { isVirtual } from '../nodes/real-nodes.ts';
import { atMost, count, names, sinceText } from '../words.ts';

type WithoutEndpoint = Suspect & { drift: PodEndpointDrift };

/** An agent writes the endpoint while the pod starts; on a busy API server it may follow later. */
const startingMs = 3 * 60_000;

export const podWithoutEndpoint: Check<WithoutEndpoint> = {
  id: 'endpoints/pod-without-endpoint',
  title: 'Running pod without a CiliumEndpoint',
  why: 'Other nodes do not know the identity of such a pod: its traffic counts as from outside the cluster, and policies that name it do not match.',
  severity: 'error',
  needs: ['pods', 'systemPods', 'nodes', 'ciliumEndpoints'],
  uses: ['configMaps'],
  clock: true,
  // An old pod may have lost its endpoint this very second: nothing says since when.
  graceMs: startingMs,
  everyMs: 2_000,
  look(snapshot, now) {
    if (ciliumConfig(snapshot)['disable-endpoint-crd'] === 'true') return [];
    const { nodes } = snapshot.tables;
    return podEndpointDrift(snapshot, now)
      .filter(({ what, pod }) => what === 'no-endpoint' && isReal(nodes.named('', pod.node)))
      .filter(({ since }) => now - since >= startingMs)
      .map((drift) => {
        const { namespace, name, node } = drift.pod;
        return {
          object: { kind: 'Pod', namespace, name },
          node,
          reread: [
            { kind: 'pods' as const, namespace, name },
            { kind: 'ciliumEndpoints' as const, namespace, name },
          ],
          drift,
        };
      });
  },
  tell(suspects, snapshot, now) {
    const pods = suspects.map(({ drift }) => drift.pod);
    const onNodes = [...Map.groupBy(pods, ({ node }) => node)].sort(([, a], [, b]) => b.length - a.length);
    const installed = snapshot.tables.daemonSets.named('kube-system', 'cilium')?.created ?? 0;
    const older = pods.filter(({ created }) => created < installed).length;
    return [
      {
        title: `${count(pods.length, 'running pod')} without a CiliumEndpoint`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          `on ${names(
            onNodes.map(([node, all]) => `${node} ×${all.length}`),
            4,
          )}`,
          ...atMost(
            suspects.map(
              ({ drift }) =>
                `Pod ${drift.pod.namespace}/${drift.pod.name}: ${drift.detail}, ready${sinceText(drift.since, now)}`,
            ),
            6,
            'pod',
          ),
          ...(older > 0 ? [`${older} of them are older than the DaemonSet cilium and were never handed to it`] : []),
        ],
        reach: count(pods.length, 'pod'),
        next: "Delete one of the pods (its controller makes another). If the new one has no endpoint either, read its node's agent log.",
      },
    ];
  },
};

function isReal(node: Parameters<typeof isVirtual>[0] | undefined): boolean {
  return node !== undefined && !isVirtual(node);
}
