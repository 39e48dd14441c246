import { ciliumConfig } from '../../model/cluster-mode.ts';
import type { SourceId } from '../../model/link.ts';
import type { ObjectRef } from '../../model/ref.ts';
import { type Drift, type DriftKind, sliceDrift } from '../../model/slices.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Suspect } from '../check.ts';
import { atMost, clock } from '../words.ts';

/** A disagreement between a CiliumEndpoint and the slices. */
export type DriftSuspect = Suspect & { drift: Drift };

/** Without cilium-config nobody can tell whether slices are in use at all, and everything would be missing from them. */
export const driftNeeds: readonly SourceId[] = ['ciliumEndpoints', 'ciliumEndpointSlices', 'configMaps'];

/** The operator coalesces for half a second and then waits its turn to write; a minute is beyond any healthy queue. */
export const driftGraceMs = 60_000;

/** The operator writes ten slices a second when it may; at half of that its queue is what one sees, not drift. */
const busyWritesPerSecond = 5;

export function slicesInUse(snapshot: Snapshot): boolean {
  return ciliumConfig(snapshot)['enable-cilium-endpoint-slice'] === 'true';
}

/**
 * The disagreements of one kind. Timestamps vouch only for the young: an endpoint changed within the minute, or a slice
 * the operator wrote within the minute, may still be in its queue. Where neither is young the two watches may merely
 * be a moment apart, so the suspect is watched and read again.
 */
export function driftSuspects(snapshot: Snapshot, now: number, ...kinds: readonly DriftKind[]): DriftSuspect[] {
  if (!slicesInUse(snapshot)) return [];
  const busy = operatorIsBusy(snapshot, now);
  return sliceDrift(snapshot, now)
    .filter(({ what }) => kinds.includes(what))
    .map((drift) => {
      const young = youngest(snapshot, drift, now) || (busy ? now : 0);
      return {
        object: subject(drift),
        key: drift.what === 'conflict' ? drift.ip : drift.what === 'missing' ? '' : drift.detail,
        ...(young > 0 ? { since: young } : {}),
        reread: [
          { kind: 'ciliumEndpoints', namespace: drift.namespace, name: drift.name },
          ...drift.slices.map((name) => ({ kind: 'ciliumEndpointSlices' as const, namespace: '', name })),
        ],
        drift,
      };
    });
}

/** When the pair last changed, if within the grace; 0 when it is older. */
function youngest(snapshot: Snapshot, drift: Drift, now: number): number {
  const slices = drift.slices.flatMap((name) => snapshot.tables.ciliumEndpointSlices.named('', name) ?? []);
  const written = slices.filter(({ manager }) => /operator/.test(manager)).map(({ changed }) => changed);
  const latest = Math.max(drift.since, 0, ...written);
  return now - latest < driftGraceMs ? latest : 0;
}

function operatorIsBusy(snapshot: Snapshot, now: number): boolean {
  const spanMs = 10_000;
  let writes = 0;
  for (const slice of snapshot.tables.ciliumEndpointSlices.rows.values()) if (now - slice.changed < spanMs) writes += 1;
  return writes >= (busyWritesPerSecond * spanMs) / 1_000;
}

/** The endpoint, even where only an entry of its name is left. */
function subject({ namespace, name }: Drift): ObjectRef {
  return { kind: 'CiliumEndpoint', namespace, name };
}

/** `CiliumEndpoint shop/web-0 10.1.2.3: slice says 12345, endpoint 23456 (ces-abc-def)`, a line each. */
export function driftLines(suspects: readonly DriftSuspect[], snapshot: Snapshot): readonly string[] {
  return atMost(
    suspects.map(({ drift }) => {
      const address = drift.ip ? ` ${drift.ip}` : '';
      const slices = drift.slices.slice(0, 3).map((name) => sliceText(name, snapshot));
      return `CiliumEndpoint ${drift.namespace}/${drift.name}${address}: ${drift.detail}${slices.length > 0 ? ` (${slices.join(', ')})` : ''}`;
    }),
    6,
    'endpoint',
  );
}

/** A slice somebody else than the operator wrote last is worth a name. */
function sliceText(name: string, snapshot: Snapshot): string {
  const slice = snapshot.tables.ciliumEndpointSlices.named('', name);
  if (!slice?.manager || /operator/.test(slice.manager)) return name;
  return `${name}, last written ${clock(slice.changed)} by ${slice.manager}`;
}

/** `namespaces shop ×3, pay ×1`. */
export function namespacesOf(suspects: readonly DriftSuspect[]): string {
  const counts = [...Map.groupBy(suspects, ({ drift }) => drift.namespace)].sort(([, a], [, b]) => b.length - a.length);
  const shown = counts.slice(0, 4).map(([namespace, all]) => `${namespace} ×${all.length}`);
  return `in ${shown.join(', ')}${counts.length > 4 ? ` and ${counts.length - 4} more namespaces` : ''}`;
}
