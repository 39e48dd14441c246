import type { CiliumEndpointRow } from '../../model/objects/cilium-endpoint.ts';
import type { Check, Suspect } from '../check.ts';
import { atMost, count, names, sinceText } from '../words.ts';

type StuckEndpoint = Suspect & { row: CiliumEndpointRow };

/** Not states an endpoint should stay in; `ready` and, where the agent has written nothing yet, '' are left out. */
const unsettled = [
  'waiting-for-identity',
  'not-ready',
  'waiting-to-regenerate',
  'regenerating',
  'restoring',
  'invalid',
] as const;

const meaning: Record<string, string> = {
  'waiting-for-identity': 'no identity could be had: identities full, or the API server refuses writes',
  'not-ready': 'its program is not loaded yet',
  'waiting-to-regenerate': 'the agent has more to rebuild than it manages',
  regenerating: 'rebuilding its program takes too long, or fails again and again',
  restoring: 'the agent restarted and has not taken it up again',
  invalid: 'the agent gave it up',
};

export const stuck: Check<StuckEndpoint> = {
  id: 'endpoints/stuck',
  title: 'Endpoint not ready',
  why: "The agent has not finished setting up the pod's network: no connectivity yet, or still by its old policies.",
  severity: 'error',
  needs: ['ciliumEndpoints', 'pods'],
  perNamespace: true,
  graceMs: 3 * 60_000,
  everyMs: 2_000,
  look(snapshot) {
    const { ciliumEndpoints, pods } = snapshot.tables;
    return unsettled.flatMap((state) =>
      ciliumEndpoints.by('status', state).flatMap((row): StuckEndpoint[] => {
        const pod = pods.named(row.namespace, row.name);
        // An endpoint whose pod is gone or going is on its way out.
        if (!pod || pod.deleting > 0 || pod.phase === 'Succeeded' || pod.phase === 'Failed') return [];
        // Its age says nothing of its state: a rebuild takes a moment and happens with every policy change.
        const since = row.changed;
        return [
          {
            object: { kind: 'CiliumEndpoint', namespace: row.namespace, name: row.name },
            node: pod.node,
            ...(since > 0 ? { since } : {}),
            reread: [{ kind: 'ciliumEndpoints', namespace: row.namespace, name: row.name }],
            row,
          },
        ];
      }),
    );
  },
  tell(suspects, snapshot, now) {
    const byState = Map.groupBy(suspects, ({ row }) => row.state);
    return [...byState].map(([state, group]) => {
      const onNodes = new Set(group.flatMap(({ node }) => node ?? []));
      return {
        title: `${count(group.length, 'endpoint')} stuck in ${state}`,
        objects: group.map(({ object }) => object),
        evidence: [
          meaning[state] ?? '',
          `on ${names(onNodes, 3)}`,
          ...atMost(
            group.map((one) => evidence(one, now)),
            6,
            'endpoint',
          ),
        ].filter((line) => line !== ''),
        since: Math.min(...group.map(({ since = now }) => since)),
        reach: count(group.length, 'pod'),
        next:
          onNodes.size === 1 && snapshot.tables.nodes.rows.size > 1
            ? `All are on one node: read the agent's log on ${[...onNodes][0]} for "Regeneration of endpoint failed".`
            : 'Read an agent\'s log for "Regeneration of endpoint failed" and "Error changing endpoint identity".',
      };
    });
  },
};

function evidence({ row, since }: StuckEndpoint, now: number): string {
  return `CiliumEndpoint ${row.namespace}/${row.name}: ${row.state}${sinceText(since, now)}${row.message && `: ${row.message}`}`;
}
