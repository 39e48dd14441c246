import { isDeepStrictEqual } from 'node:util';
import { isPatched } from '../../model/objects/merge-patch.ts';
import { list, record, time } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { asServed } from '../../model/policies/written.ts';
import { ownName, type WriteAnswer, type WriteRequest, writePath } from '../../model/writes.ts';
import type { ApiClient } from './api-client.ts';
import { ApiProblem } from './api-problem.ts';

/** Before each look, ms: what is under way when the connection breaks may still arrive. */
const pauses = [100, 500, 1_000, 2_000, 3_000];
/** One look may take this long, ms. */
const lookMs = 4_000;

/**
 * A change was sent and no answer came: did it happen? Looks until it shows or can no longer happen, for about seven
 * seconds. `sentAt` is by the server's clock.
 */
export async function didItHappen(
  client: Pick<ApiClient, 'json'>,
  request: WriteRequest,
  sentAt: number,
  why: string,
): Promise<WriteAnswer> {
  let looked = false;
  for (const pause of pauses) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const found = await look(client, request).catch(() => 'unread' as const);
    if (found === 'unread') continue;
    looked = true;
    const answer = judge(request, found, sentAt);
    if (answer !== undefined) return answer;
  }
  if (looked) {
    return {
      outcome: 'refused',
      kind: 'lost',
      what: `${why} Looked at again, nothing has changed.`,
      hint: 'Look once more before you try again: a request that was held up could still arrive.',
    };
  }
  return {
    outcome: 'unknown',
    what: `${why} It may or may not have happened: it could not be looked at either.`,
    hint: 'When the server answers again the watch shows how it is. What was there before is kept: :undo.',
  };
}

async function look(client: Pick<ApiClient, 'json'>, request: WriteRequest): Promise<RawObject | undefined> {
  // A create goes to the collection, an eviction below the pod: what came of them stands under the object's name.
  const { subresource: _, ...object } = request;
  const path = writePath({ ...object, verb: 'replace' });
  const signal = AbortSignal.timeout(lookMs);
  try {
    return (await client.json({ verb: 'GET', resource: request.resource.plural, path, signal })) as RawObject;
  } catch (error) {
    if (error instanceof ApiProblem && error.kind === 'missing') return undefined;
    throw error;
  }
}

/** Undefined: not yet, and it still could. */
function judge(request: WriteRequest, found: RawObject | undefined, sentAt: number): WriteAnswer | undefined {
  const { verb, preconditions, body = {}, subresource } = request;
  const metadata = record(found?.['metadata']);
  const same = preconditions.uid === undefined || metadata['uid'] === preconditions.uid;
  if (subresource === 'eviction') {
    if (found !== undefined && same && metadata['deletionTimestamp'] === undefined) return undefined;
    return { outcome: 'done', object: undefined, late: true };
  }
  if (verb === 'delete') {
    if (found === undefined || !same) return { outcome: 'done', object: undefined, late: true };
    if (metadata['deletionTimestamp'] !== undefined) return { outcome: 'done', object: found, late: true };
    return isStillOpen(request, metadata) ? undefined : overtaken;
  }
  if (verb === 'create' && found === undefined) return undefined;
  if (found === undefined || !same) return overtaken;
  if (verb === 'patch' && isPatched(body, found)) return { outcome: 'done', object: found, late: true };
  if (verb !== 'create' && isStillOpen(request, metadata)) return undefined;
  const ours =
    isWrittenByUs(metadata, sentAt) || (verb !== 'patch' && isDeepStrictEqual(asServed(found), asServed(body)));
  return ours ? { outcome: 'done', object: found, late: true } : overtaken;
}

/** It can still be done: nobody changed the object, or the request goes by its uid alone, as that for a pod's deletion does. */
function isStillOpen({ preconditions: { resourceVersion } }: WriteRequest, metadata: RawObject): boolean {
  return resourceVersion === undefined || metadata['resourceVersion'] === resourceVersion;
}

/** Its version is another now: what we sent can no longer be done. */
const overtaken: WriteAnswer = {
  outcome: 'refused',
  kind: 'conflict',
  what: 'It was changed meanwhile by somebody else, so nothing of ours was done.',
  hint: '',
};

/** Times of managedFields are whole seconds. */
function isWrittenByUs(metadata: RawObject, sentAt: number): boolean {
  return list(metadata['managedFields'])
    .map(record)
    .some((entry) => entry['manager'] === ownName && time(entry['time']) >= Math.floor(sentAt / 1_000) * 1_000);
}
