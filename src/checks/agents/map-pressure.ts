import type { AgentReading } from '../../model/metrics.ts';
import type { Check, Suspect } from '../check.ts';
import { systemPod } from '../installation.ts';
import { atMost, count } from '../words.ts';

type FullMap = Suspect & { reading: AgentReading; map: string; ratio: number };

/** Cilium itself warns from 0.9; a policy map that is full leaves rules out. */
const tight = 0.9;

export const mapPressure: Check<FullMap> = {
  id: 'agents/map-pressure',
  title: 'A BPF map is nearly full',
  why: 'A table in the kernel of these nodes is nearly full. A full policy map leaves rules out, a full connection table drops new connections, a full ipcache makes peers unknown.',
  severity: 'warning',
  needs: ['agentMetrics', 'systemPods'],
  look: (snapshot) =>
    (snapshot.facts.agentMetrics?.value?.agents ?? []).flatMap((reading) =>
      reading.mapPressure
        .filter(({ ratio }) => ratio >= tight)
        .map(({ map, ratio }) => ({
          object: systemPod(reading.pod),
          node: reading.node,
          key: map,
          reading,
          map,
          ratio,
        })),
    ),
  tell: (suspects) =>
    [...Map.groupBy(suspects, ({ map }) => map.replace(/_\d+$/, ''))].map(([map, group]) => {
      const fullest = group.reduce((most, one) => (one.ratio > most.ratio ? one : most));
      const nodes = new Set(group.map(({ reading }) => reading.node));
      return {
        title: `BPF map ${map} ${percent(fullest.ratio)} full on ${count(nodes.size, 'node')}`,
        severity: fullest.ratio >= 1 ? 'error' : 'warning',
        objects: group.map(({ object }) => object),
        evidence: atMost(
          group.map((one) => `${one.reading.node}: ${one.map} ${percent(one.ratio)}`),
          8,
          'map',
        ),
        reach: count(nodes.size, 'node'),
        next: map.includes('policy')
          ? 'Find the policies that select most peers on these nodes (4): `namespaceSelector: {}` and wide CIDR lists fill this map.'
          : `Look at it: kubectl -n kube-system exec ${fullest.reading.pod} -c cilium-agent -- cilium-dbg map list`,
      };
    }),
};

function percent(ratio: number): string {
  return `${Math.floor(ratio * 100)} %`;
}
