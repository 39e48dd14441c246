import { refusalWords } from '../../model/api-refusals.ts';
import type { AgentReading } from '../../model/metrics.ts';
import type { Check, Suspect } from '../check.ts';
import { systemPod } from '../installation.ts';
import { atMost, count } from '../words.ts';

type Refused = Suspect & { reading: AgentReading; perMinute: number };

/** A single call that was told to come again is how the API server's fairness works. */
const leastPerMinute = 1;

export const apiCallsRefused: Check<Refused> = {
  id: 'agents/api-calls-refused',
  title: 'The API server turns agents away',
  why: 'Calls of agents to the API server are turned away (429) or fail (5xx). What changes reaches them late, their endpoints and identities are written late, and whoever starts anew makes it worse.',
  severity: 'warning',
  needs: ['agentMetrics', 'systemPods'],
  graceMs: 60_000,
  look: (snapshot) =>
    (snapshot.facts.agentMetrics?.value?.agents ?? []).flatMap((reading) => {
      const perSecond = reading.refusals
        .filter(({ code }) => code !== '<error>')
        .reduce((sum, one) => sum + (one.perSecond ?? 0), 0);
      const perMinute = perSecond * 60;
      if (perMinute < leastPerMinute) return [];
      return [{ object: systemPod(reading.pod), node: reading.node, reading, perMinute }];
    }),
  tell(suspects) {
    const all = suspects.reduce((sum, { perMinute }) => sum + perMinute, 0);
    return [
      {
        title: `the API server turns away ${Math.round(all)} calls a minute of ${count(suspects.length, 'agent')}`,
        objects: suspects.map(({ object }) => object),
        evidence: atMost(
          suspects.map(
            ({ reading, perMinute }) =>
              `${reading.node}: ${perMinute.toFixed(0)} a minute, ${reading.refusals.map(refusalWords).join(', ')} since it started`,
          ),
          6,
          'agent',
        ),
        reach: count(suspects.length, 'node'),
        next: 'Find who asks it for so much: ciliscope runbook api-server-throttled. Do not restart agents now.',
      },
    ];
  },
};
