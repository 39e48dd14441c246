import { record } from '../model/objects/raw.ts';
import type { RawObject } from '../model/objects/row.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** As it is sent to be made: without what only the server says. */
export function asNew(object: RawObject): RawObject {
  const { status: _, ...rest } = object;
  return { ...rest, metadata: ownMetadata(object) };
}

/**
 * As it is sent to take the place of `live`: what somebody writes is the draft's, what the server and controllers keep
 * stays. A draft never says whose the object is, nor what kubectl applied last: without it the next apply could not tell
 * what was taken out.
 */
export function asReplacement(draft: RawObject, live: RawObject): RawObject {
  const { ownerReferences, annotations, creationTimestamp, ...own } = record(live.metadata);
  const drafted = ownMetadata(draft);
  const kept = record(annotations)[lastApplied];
  const noted = record(drafted.annotations);
  const withApplied =
    kept === undefined || lastApplied in noted ? drafted.annotations : { ...noted, [lastApplied]: kept };
  return {
    ...asNew(draft),
    metadata: {
      ...drafted,
      ...(withApplied === undefined ? {} : { annotations: withApplied }),
      ...(drafted.ownerReferences === undefined && ownerReferences !== undefined ? { ownerReferences } : {}),
      uid: own.uid,
      resourceVersion: own.resourceVersion,
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    // Kinds without a status of their own path would lose it.
    ...(live.status === undefined ? {} : { status: live.status }),
  };
}

/** As it was, in the place of `live`: nothing of what is there now stays but what the server counts by. */
export function asBefore(before: RawObject, live: RawObject): RawObject {
  const { uid, resourceVersion } = record(live.metadata);
  return {
    ...asNew(before),
    metadata: { ...ownMetadata(before), uid, resourceVersion },
    ...(live.status === undefined ? {} : { status: live.status }),
  };
}

const serverOwn = new Set([
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
]);

function ownMetadata(object: RawObject): RawObject {
  return Object.fromEntries(Object.entries(record(object.metadata)).filter(([key]) => !serverOwn.has(key)));
}
