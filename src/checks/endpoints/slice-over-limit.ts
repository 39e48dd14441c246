import type { CiliumEndpointSliceRow } from '../../model/objects/cilium-endpoint-slice.ts';
import { mostPerSlice } from '../../model/slices.ts';
import type { Check, Suspect } from '../check.ts';
import { atMost, count } from '../words.ts';
import { slicesInUse } from './drift-suspects.ts';

type Overfull = Suspect & { row: CiliumEndpointSliceRow };

export const sliceOverLimit: Check<Overfull> = {
  id: 'endpoints/slice-over-limit',
  title: 'Slice holds more endpoints than it may',
  why: 'The operator never fills a CiliumEndpointSlice beyond its limit, so somebody else wrote it or two operators disagree. Such slices grow until the API server refuses them.',
  severity: 'warning',
  needs: ['ciliumEndpointSlices', 'configMaps'],
  graceMs: 60_000,
  everyMs: 5_000,
  look(snapshot) {
    if (!slicesInUse(snapshot)) return [];
    const limit = mostPerSlice(snapshot);
    return [...snapshot.tables.ciliumEndpointSlices.rows.values()]
      .filter((row) => row.endpoints.length > limit)
      .map((row) => ({
        object: { kind: 'CiliumEndpointSlice', name: row.name },
        since: row.changed,
        reread: [{ kind: 'ciliumEndpointSlices', namespace: '', name: row.name }],
        row,
      }));
  },
  tell(suspects, snapshot) {
    const limit = mostPerSlice(snapshot);
    const rows = suspects.map(({ row }) => row).sort((a, b) => b.endpoints.length - a.endpoints.length);
    return [
      {
        title: `${count(rows.length, 'slice')} over the limit of ${limit} endpoints`,
        objects: suspects.map(({ object }) => object),
        evidence: atMost(
          rows.map(
            (row) =>
              `CiliumEndpointSlice ${row.name} (namespace ${row.endpointNamespace}): ${row.endpoints.length} endpoints, last written by ${row.manager || 'unknown'}`,
          ),
          6,
          'slice',
        ),
        since: Math.min(...rows.map(({ changed }) => changed)),
        reach: count(rows.length, 'slice'),
        next: 'See who wrote them; restart the operator (delete its leader pod), which fills slices anew.',
      },
    ];
  },
};
