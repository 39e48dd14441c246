import { kinds } from '../kinds.ts';
import type { ObjectRef } from '../ref.ts';
import type { TimelineEntry } from '../timeline.ts';
import { newestFirst } from '../timeline-entries.ts';
import type { ActivityEntry, AuditDeletes } from './azure-facts.ts';
import { type Operation, objectOf, operationsOf } from './operations.ts';

/** What the activity log tells of the cluster, newest first: who did what in Azure, and how it ended. */
export function activityEntries(activity: readonly ActivityEntry[]): readonly TimelineEntry[] {
  return operationsOf(activity)
    .filter(isTold)
    .map((operation) => ({
      id: `activity|${operation.id}`,
      at: operation.began,
      what: deedOf(operation),
      object: objectOf(operation.resource),
      detail: `${operation.title}, ${endOf(operation)}`,
      who: operation.caller,
      count: 1,
      live: false,
      origin: 'activity log',
    }));
}

/**
 * Reading is no change. In the group of the nodes Azure itself creates and deletes all day: there only what a person did
 * or what failed is told.
 */
function isTold({ operation, caller, status, resource }: Operation): boolean {
  if (/\/(list[^/]*\/action|read)$/i.test(operation)) return false;
  const isOwn = /\/managedClusters\//i.test(resource);
  return isOwn || caller.includes('@') || /^failed$/i.test(status);
}

function deedOf({ operation, status }: Operation): string {
  if (/^failed$/i.test(status)) return 'failed';
  const verb = /\/([^/]+)\/action$/i.exec(operation)?.[1]?.toLowerCase() ?? '';
  if (/\/delete$/i.test(operation)) return 'deleted';
  return { start: 'started', stop: 'stopped', '': 'edited' }[verb] ?? 'asked';
}

function endOf({ ended, began, status }: Operation): string {
  if (ended === 0) return 'no end known yet';
  const minutes = Math.round((ended - began) / 60_000);
  return `${status.toLowerCase()}${minutes > 0 ? ` after ${minutes}m` : ''}`;
}

/** Deletes by the audit log, newest first. */
export function deletedEntries({ deletes }: AuditDeletes): readonly TimelineEntry[] {
  return deletes.map(({ id, at, resource, namespace, name, user }) => ({
    id: `audit|${id}`,
    at,
    what: 'deleted',
    object: refOf(resource, namespace, name),
    detail: name === '' ? 'all of them' : '',
    who: user,
    count: 1,
    live: false,
    origin: 'audit log',
  }));
}

function refOf(resource: string, namespace: string, name: string): ObjectRef {
  const kind = Object.values(kinds).find(({ plural }) => plural === resource)?.kind ?? resource;
  const ref = { kind, name: name || `all ${resource}` };
  return namespace === '' ? ref : { ...ref, namespace };
}

/** What the watch and the audit log see differently of one delete: their clocks, and the object's last breath. */
const sameMs = 90_000;

/** Both together: of what the watch saw go the audit log says who did it, and what it did not see is added. Newest first. */
export function withOutside(
  seen: readonly TimelineEntry[],
  outside: readonly TimelineEntry[],
): readonly TimelineEntry[] {
  if (outside.length === 0) return seen;
  const audited = Map.groupBy(
    outside.filter(({ origin }) => origin === 'audit log'),
    ({ object }) => keyOf(object),
  );
  const told = new Set<TimelineEntry>();
  const named = seen.map((entry) => {
    if (entry.what !== 'deleted' || !entry.live) return entry;
    const same = audited.get(keyOf(entry.object))?.find(({ at }) => Math.abs(at - entry.at) < sameMs);
    if (same === undefined) return entry;
    told.add(same);
    return entry.who === '' ? { ...entry, who: same.who } : entry;
  });
  return [...named, ...outside.filter((entry) => !told.has(entry))].sort(newestFirst);
}

function keyOf({ kind, namespace = '', name }: ObjectRef): string {
  return `${kind}|${namespace}|${name}`;
}
