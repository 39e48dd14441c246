import type { Check } from '../check.ts';
import { names } from '../words.ts';

export const severalNetworkMetrics: Check = {
  id: 'azure/several-network-metrics',
  title: 'More than one ContainerNetworkMetric',
  why: 'One ContainerNetworkMetric says which metrics of the network are kept. Of several only one counts, and which one is not promised.',
  severity: 'warning',
  needs: ['containerNetworkMetrics'],
  noneIfMissing: ['containerNetworkMetrics'],
  look(snapshot) {
    const rows = [...snapshot.tables.containerNetworkMetrics.rows.values()];
    if (rows.length < 2) return [];
    return rows.map(({ name }) => ({ object: { kind: 'ContainerNetworkMetric', name } }));
  },
  tell: (suspects) => [
    {
      title: `${suspects.length} ContainerNetworkMetrics, of which one counts`,
      objects: suspects.map(({ object }) => object),
      evidence: [
        names(
          suspects.map(({ object }) => object.name),
          6,
        ),
      ],
      reach: 'network metrics',
      next: 'Put what is wanted into one of them and delete the others.',
    },
  ],
};
