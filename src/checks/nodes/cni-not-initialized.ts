import type { NodeRow } from '../../model/objects/node.ts';
import type { Check, Suspect } from '../check.ts';
import { poolsOf } from '../pools-of.ts';
import { startsNoPods } from '../starts-no-pods.ts';
import { atMost, count, sinceText } from '../words.ts';
import { onlyTheseNodes } from './only-these-nodes.ts';
import { lacksCni, readyTurned, realNodes } from './real-nodes.ts';

type Uninitialised = Suspect & { row: NodeRow };

/** A node that joins has no CNI configuration until CNS or the agent writes one. */
const joiningMs = 6 * 60_000;

export const cniNotInitialized: Check<Uninitialised> = {
  id: 'nodes/cni-not-initialized',
  title: 'Node without a CNI configuration',
  why: 'The kubelet found no network plugin in /etc/cni/net.d, so it reports NotReady and starts no pod. CNS writes that file on managed clusters, the agent elsewhere.',
  severity: 'error',
  needs: ['nodes'],
  clock: true,
  graceMs: 60_000,
  explains: [...startsNoPods, { id: 'azure/log-agents-down', where: 'node' }],
  look(snapshot, now) {
    return realNodes(snapshot)
      .filter((node) => lacksCni(node) && !node.unschedulable && now - node.created >= joiningMs)
      .map((row) => ({ object: { kind: 'Node', name: row.name }, node: row.name, since: readyTurned(row), row }));
  },
  tell(suspects, snapshot, now) {
    const rows = suspects.map(({ row }) => row);
    return [
      {
        title: `${count(rows.length, 'node')} not ready: no CNI configuration`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          `in ${poolsOf(rows)}`,
          ...onlyTheseNodes(suspects, snapshot, now, ({ nodeReady }) => nodeReady === 'True'),
          ...atMost(
            rows.map((row) => `Node ${row.name}: cni plugin not initialized${sinceText(readyTurned(row), now)}`),
            6,
            'node',
          ),
        ],
        since: Math.min(...rows.map(readyTurned)),
        reach: count(rows.length, 'node'),
        next: 'Agent and azure-cns run there, so read their logs for the conflist: written, or refused by the disk?',
      },
    ];
  },
};
