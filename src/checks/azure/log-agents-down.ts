import { logAgentSet, logAgents } from '../../model/log-agents.ts';
import { brokenSince, loopingContainer } from '../../model/looping.ts';
import type { PodRow } from '../../model/objects/pod.ts';
import { earliest } from '../agents/sick-agents.ts';
import { podLines } from '../agents/workload-lines.ts';
import type { Check, Suspect } from '../check.ts';
import { systemPod } from '../installation.ts';
import { count } from '../words.ts';

type Down = Suspect & { pod: PodRow };

export const logAgentsDown: Check<Down> = {
  id: 'azure/log-agents-down',
  title: 'Log agents do not run',
  why: 'The pods that collect logs on the nodes do not run. What happens meanwhile is not in Log Analytics afterwards, and a query that finds nothing says nothing.',
  severity: 'warning',
  needs: ['daemonSets', 'systemPods'],
  anyNetwork: true,
  graceMs: 5 * 60_000,
  look: (snapshot, now) =>
    logAgents(snapshot, now)
      .pods.filter((pod) => !pod.ready || loopingContainer(pod, now) !== undefined)
      .map((pod) => ({
        ...{ object: systemPod(pod.name), node: pod.node, pod },
        since: brokenSince(pod, now) || pod.created,
      })),
  tell(suspects, snapshot, now) {
    const { desired } = logAgents(snapshot, now);
    return [
      {
        title: `logs are not collected on ${suspects.length} of ${count(desired, 'node')}: ${logAgentSet} does not run there`,
        objects: suspects.map(({ object }) => object),
        evidence: podLines(
          suspects.map(({ pod }) => pod),
          now,
        ),
        ...earliest(suspects),
        reach: count(suspects.length, 'node'),
        next: 'See why and what else stops logs: ciliscope runbook log-ingestion-stopped.',
      },
    ];
  },
};
