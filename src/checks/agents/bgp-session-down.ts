import type { AgentReading } from '../../model/metrics.ts';
import type { Check, Suspect } from '../check.ts';
import { systemPod } from '../installation.ts';
import { count, names } from '../words.ts';

type Down = Suspect & { reading: AgentReading; peer: string };

export const bgpSessionDown: Check<Down> = {
  id: 'agents/bgp-session-down',
  title: 'A BGP session is down',
  why: 'Agents do not speak to a router they are told to speak to. It does not learn where pods and services are; with the last of its routers a node is out of reach from outside.',
  severity: 'error',
  needs: ['agentMetrics', 'systemPods'],
  // A session that is reset comes back within its hold time.
  graceMs: 120_000,
  look: (snapshot) =>
    (snapshot.facts.agentMetrics?.value?.agents ?? []).flatMap((reading) =>
      reading.bgpSessions
        .filter(({ isUp }) => !isUp)
        .map(({ peer }) => ({ object: systemPod(reading.pod), node: reading.node, key: peer, reading, peer })),
    ),
  tell: (suspects, snapshot) =>
    [...Map.groupBy(suspects, ({ peer }) => peer)].map(([peer, group]) => {
      const all = snapshot.facts.agentMetrics?.value?.agents ?? [];
      const speaking = all.filter(({ bgpSessions }) => bgpSessions.some((one) => one.peer === peer)).length;
      return {
        title: `no BGP session with ${peer} on ${group.length} of ${count(speaking, 'node')}`,
        objects: group.map(({ object }) => object),
        evidence: [
          `on ${names(
            group.map(({ reading }) => reading.node),
            6,
          )}`,
          group.length === speaking ? 'all of them: the router, or the way to it' : 'the others have one: these nodes',
        ],
        reach: count(group.length, 'node'),
        next: 'See what each side says: ciliscope runbook bgp-down.',
      };
    }),
};
