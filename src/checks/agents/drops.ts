import { dropMeaning } from '../../model/drop-reasons.ts';
import type { Check } from '../check.ts';
import { atMost, count, number } from '../words.ts';
import { type DropSuspect, droppedNow, perSecond, sumOf } from './drop-suspects.ts';

export const drops: Check<DropSuspect> = {
  id: 'agents/drops',
  title: 'Packets dropped for an uncommon reason',
  why: 'Agents drop packets for a reason that ordinary life does not bring: full connection tracking or NAT tables, broken programs, no route. Connections of the pods there fail or hang.',
  severity: 'warning',
  needs: ['agentMetrics', 'systemPods'],
  graceMs: 60_000,
  look: (snapshot) => droppedNow(snapshot, ({ reason }) => !dropMeaning(reason).isEveryday),
  tell: (suspects) =>
    [...Map.groupBy(suspects, ({ drop }) => drop.reason)].map(([reason, group]) => {
      const nodes = new Set(group.map(({ reading }) => reading.node));
      const meaning = dropMeaning(reason);
      return {
        title: `${perSecond(sumOf(group))} packets/s dropped on ${count(nodes.size, 'node')}: ${reason}${meaning.text === '' ? '' : `, ${meaning.text}`}`,
        objects: group.map(({ object }) => object),
        evidence: atMost(
          group.map(
            ({ reading, drop }) =>
              `${reading.node}: ${perSecond(drop.perSecond ?? 0)}/s ${drop.direction}, ${number(drop.total)} since the agent started`,
          ),
          8,
          'node',
        ),
        reach: count(nodes.size, 'node'),
        ...(meaning.severity === undefined ? {} : { severity: meaning.severity }),
        next: `See which packets: kubectl -n kube-system exec ${group[0]?.reading.pod} -c cilium-agent -- hubble observe --verdict DROPPED --last 50`,
      };
    }),
};
