import type { Check, Suspect } from '../check.ts';
import { atMost, count, sinceText } from '../words.ts';
import { slicesInUse } from './drift-suspects.ts';

type Empty = Suspect & { text: (now: number) => string };

export const sliceEmpty: Check<Empty> = {
  id: 'endpoints/slice-empty',
  title: 'Slice without endpoints',
  why: 'The operator deletes a slice as soon as its last endpoint is gone. An empty one that stays says that its deletes fail or that no leader works.',
  severity: 'warning',
  needs: ['ciliumEndpointSlices', 'configMaps'],
  graceMs: 5 * 60_000,
  everyMs: 5_000,
  look: (snapshot) =>
    [...snapshot.tables.ciliumEndpointSlices.rows.values()]
      .filter((row) => row.endpoints.length === 0 && slicesInUse(snapshot))
      .map((row) => ({
        object: { kind: 'CiliumEndpointSlice', name: row.name },
        since: row.changed,
        reread: [{ kind: 'ciliumEndpointSlices' as const, namespace: '', name: row.name }],
        text: (now) =>
          `CiliumEndpointSlice ${row.name} (namespace ${row.endpointNamespace}): empty${sinceText(row.changed, now)}`,
      })),
  tell: (suspects, _snapshot, now) => [
    {
      title: `${count(suspects.length, 'empty slice')} not deleted`,
      objects: suspects.map(({ object }) => object),
      evidence: atMost(
        suspects.map(({ text }) => text(now)),
        6,
        'slice',
      ),
      since: Math.min(...suspects.map(({ since = now }) => since)),
      reach: count(suspects.length, 'slice'),
      next: "Read the operator's log for `Unable to delete CiliumEndpointSlice`; restart the operator.",
    },
  ],
};
