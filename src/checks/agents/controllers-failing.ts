import type { AgentReading } from '../../model/metrics.ts';
import type { Check, Suspect } from '../check.ts';
import { systemPod } from '../installation.ts';
import { atMost, count, number } from '../words.ts';

type Failing = Suspect & { reading: AgentReading };

export const controllersFailing: Check<Failing> = {
  id: 'agents/controllers-failing',
  title: 'Controllers of the agent fail',
  why: 'Loops inside the agent that keep endpoints, addresses and policies in step fail again and again. What they keep in step may be old on these nodes.',
  severity: 'warning',
  needs: ['agentMetrics', 'systemPods'],
  // One that failed once succeeds a moment later.
  graceMs: 120_000,
  look: (snapshot) =>
    (snapshot.facts.agentMetrics?.value?.agents ?? [])
      .filter(({ controllersFailing: failing }) => (failing ?? 0) > 0)
      .map((reading) => ({ object: systemPod(reading.pod), node: reading.node, reading })),
  tell(suspects) {
    const total = suspects.reduce((sum, { reading }) => sum + (reading.controllersFailing ?? 0), 0);
    return [
      {
        title: `${count(total, 'controller')} of the agents fail${total === 1 ? 's' : ''} on ${count(suspects.length, 'node')}`,
        objects: suspects.map(({ object }) => object),
        evidence: atMost(
          suspects.map(({ reading }) => `${reading.node}: ${number(reading.controllersFailing ?? 0)} failing`),
          8,
          'node',
        ),
        reach: count(suspects.length, 'node'),
        next: `See which and why: kubectl -n kube-system exec ${suspects[0]?.reading.pod} -c cilium-agent -- cilium-dbg status --all-controllers`,
      },
    ];
  },
};
