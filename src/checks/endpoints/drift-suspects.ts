import { clock } from '../../model/clock.ts';
import { ciliumConfig } from '../../model/cluster-mode.ts';
import type { SourceId } from '../../model/link.ts';
import type { ObjectRef } from '../../model/ref.ts';
import { type Drift, type DriftKind, sliceDrift } from '../../model/slices.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Suspect } from '../check.ts';
import { atMost } from '../words.ts';

/** A disagreement between a CiliumEndpoint and the slices. */
export type DriftSuspect = Suspect & { drift: Drift };

/** Without cilium-config nobody can tell whether slices are in use at all, and everything would be missing from them. */
export const driftNeeds: readonly SourceId[] = ['ciliumEndpoints', 'ciliumEndpointSlices', 'configMaps'];

/** The operator coalesces for half a second and then waits its turn to write; a minute is beyond any healthy queue. */
export const driftGraceMs = 60_000;

export function slicesInUse(snapshot: Snapshot): boolean {
  return ciliumConfig(snapshot)['enable-cilium-endpoint-slice'] === 'true';
}

/**
 * The disagreements of one kind that are none of daily life: an endpoint changed within the minute, or a slice the
 * operator wrote within the minute, may still be in its queue. Of older ones the two watches may merely be a moment
 * apart, so they are watched and read again: for that moment where every object concerned has long stood as it is, else
 * as long as anything that nobody dates.
 */
export function driftSuspects(snapshot: Snapshot, now: number, kind: DriftKind): DriftSuspect[] {
  if (!slicesInUse(snapshot) || operatorIsBusy(snapshot, now)) return [];
  const all = sliceDrift(snapshot, now);
  return all
    .filter((drift) => drift.what === kind && !isYoung(snapshot, drift, now))
    .map((drift) => ({
      object: subject(drift),
      ...(hasLongStood(snapshot, drift, now) ? { watchMs: momentMs } : {}),
      key: drift.what === 'conflict' ? drift.ip : drift.what === 'missing' ? '' : drift.detail,
      reread: [
        { kind: 'ciliumEndpoints', namespace: drift.namespace, name: drift.name },
        ...drift.slices.map((name) => ({ kind: 'ciliumEndpointSlices' as const, namespace: '', name })),
      ],
      ...beganOf(drift, all, snapshot),
      drift,
    }));
}

/**
 * An entry without an endpoint is dated by nothing of its own. Who lost track of another one in that slice lost it of this
 * one, too; otherwise pods that went have had successors; where no one waits for an entry, it has been so since the
 * slice was written.
 */
function beganOf(drift: Drift, all: readonly Drift[], { tables }: Snapshot): Pick<Suspect, 'began'> {
  const { since, slices } = drift;
  const newest = (some: readonly Drift[]) => Math.max(0, ...some.map((one) => one.since));
  const written = slices.map((name) => tables.ciliumEndpointSlices.named('', name)?.changed ?? 0);
  const began =
    since ||
    newest(all.filter((one) => one.slices.some((name) => slices.includes(name)))) ||
    newest(all.filter(({ what }) => what === 'missing')) ||
    Math.max(0, ...written);
  return began > 0 ? { began } : {};
}

function isYoung(snapshot: Snapshot, drift: Drift, now: number): boolean {
  const slices = drift.slices.flatMap((name) => snapshot.tables.ciliumEndpointSlices.named('', name) ?? []);
  const written = slices.filter(({ manager }) => /operator/.test(manager)).map(({ changed }) => changed);
  return now - Math.max(drift.since, 0, ...written) < driftGraceMs;
}

/** Much more than lies between two watches of one server. */
const momentMs = 5_000;

/** An entry without an endpoint is dated by nothing: the endpoint may have gone a second ago. */
function hasLongStood(snapshot: Snapshot, { what, since, slices }: Drift, now: number): boolean {
  // Since the server's clock was set, all that waited then looks older by as much.
  if (since <= 0 || now - snapshot.churn.clockSet < driftGraceMs) return false;
  const times = slices.map((name) => snapshot.tables.ciliumEndpointSlices.named('', name)?.changed ?? now);
  return what !== 'stale' && now - Math.max(since, ...times) >= driftGraceMs;
}

/** The operator writes about as fast as it may: what one sees then is its queue, and slice-lag judges that. */
function operatorIsBusy(snapshot: Snapshot, now: number): boolean {
  const seconds = 10;
  let writes = 0;
  for (const { changed } of snapshot.tables.ciliumEndpointSlices.rows.values()) {
    if (now - changed < seconds * 1_000) writes += 1;
  }
  return writes >= 0.8 * seconds * writesPerSecond(snapshot);
}

/** ces-rate-limits by the number of nodes, as the operator reads it; 10 a second where it says nothing. */
function writesPerSecond(snapshot: Snapshot): number {
  const otherwise = 10;
  const text = ciliumConfig(snapshot)['ces-rate-limits'];
  if (!text) return otherwise;
  try {
    const limits = JSON.parse(text) as readonly { nodes: number; limit: number }[];
    const size = snapshot.tables.nodes.rows.size;
    const [best] = limits.filter(({ nodes }) => nodes <= size).sort((a, b) => b.nodes - a.nodes);
    return best?.limit || otherwise;
  } catch {
    return otherwise;
  }
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
