import type { Check } from '../check.ts';
import { count, names } from '../words.ts';
import { type DropSuspect, droppedNow, perSecond, sumOf } from './drop-suspects.ts';

export const policyDrops: Check<DropSuspect> = {
  id: 'agents/policy-drops',
  title: 'Packets dropped by policy',
  why: 'Agents drop packets because no rule allows them, or one denies them. That may be what the policies are for; right after an edit, or where an application fails, it is the first thing to look at.',
  severity: 'note',
  needs: ['agentMetrics', 'systemPods'],
  graceMs: 60_000,
  look: (snapshot) => droppedNow(snapshot, ({ reason }) => /^policy denied/i.test(reason)),
  tell(suspects) {
    const nodes = new Set(suspects.map(({ reading }) => reading.node));
    const kinds = Map.groupBy(suspects, ({ drop }) => `${drop.direction}: ${drop.reason}`);
    return [
      {
        title: `policies drop ${perSecond(sumOf(suspects))} packets/s on ${count(nodes.size, 'node')}`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          ...[...kinds].map(
            ([kind, group]) =>
              `${kind} ${perSecond(sumOf(group))}/s on ${names(group.map(({ reading }) => reading.node))}`,
          ),
        ],
        reach: count(nodes.size, 'node'),
        next: 'Find the denied pairs on the map of pane 4, or as flows in pane 5 (`:kql denied-flows`), then v on a pair says which rule.',
      },
    ];
  },
};
