import type { AgentReading } from '../../model/metrics.ts';
import type { Check, Suspect } from '../check.ts';
import { systemPod } from '../installation.ts';
import { atMost, count, number } from '../words.ts';

type Cut = Suspect & { reading: AgentReading };

export const unreachableNodes: Check<Cut> = {
  id: 'agents/unreachable-nodes',
  title: 'Agents cannot reach nodes',
  why: 'The agents’ own health probes do not reach other nodes. Traffic between their pods is likely lost as well: a security group, a route, or the encryption between nodes.',
  severity: 'warning',
  needs: ['agentMetrics', 'nodes', 'systemPods'],
  // A node that comes or goes is unreachable for minutes.
  graceMs: 5 * 60_000,
  look: (snapshot) =>
    (snapshot.facts.agentMetrics?.value?.agents ?? [])
      .filter(({ unreachableNodes: unreachable }) => (unreachable ?? 0) > 0)
      .map((reading) => ({ object: systemPod(reading.pod), node: reading.node, reading })),
  tell(suspects) {
    const most = Math.max(...suspects.map(({ reading }) => reading.unreachableNodes ?? 0));
    return [
      {
        title: `${count(suspects.length, 'agent')} cannot reach up to ${count(most, 'other node')}`,
        objects: suspects.map(({ object }) => object),
        evidence: atMost(
          suspects.map(({ reading }) => `${reading.node}: ${number(reading.unreachableNodes ?? 0)} unreachable`),
          8,
          'node',
        ),
        reach: count(suspects.length, 'node'),
        next: `See which: kubectl -n kube-system exec ${suspects[0]?.reading.pod} -c cilium-agent -- cilium-health status`,
      },
    ];
  },
};
