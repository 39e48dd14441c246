import { UserError } from '../../errors.ts';
import { record } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { methods, ownName, type WriteRequest, type Writes, writePath } from '../../model/writes.ts';
import type { ApiClient } from './api-client.ts';
import { ApiProblem } from './api-problem.ts';
import type { Ask } from './http-pool.ts';
import { didItHappen } from './lost-answer.ts';
import { refusalOf } from './refusal.ts';

/** The one place from which changes are sent. Nothing here asks whether they may be: that is the write window's. */
export function createWrites(client: ApiClient): Writes {
  return {
    async rehearse(request, signal) {
      try {
        const answer = await client.json({ ...askOf(request, true), signal });
        return request.verb === 'delete' ? undefined : (answer as RawObject);
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === undefined) throw error;
        throw new UserError(refusal.what, refusal.hint, refusal.kind);
      }
    },
    async send(request) {
      const sentAt = client.now();
      try {
        const answer = await client.json(askOf(request, false));
        return { outcome: 'done', object: left(request, answer), late: false };
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal !== undefined) return { outcome: 'refused', ...refusal };
        return didItHappen(client, request, sentAt, error instanceof ApiProblem ? error.what : 'No answer came.');
      }
    },
  };
}

function askOf(request: WriteRequest, dryRun: boolean): Ask {
  const { verb, resource, subresource } = request;
  return {
    verb: dryRun ? `DRY-RUN ${verb.toUpperCase()}` : verb.toUpperCase(),
    resource: subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`,
    path: writePath(request),
    method: methods[verb],
    query: {
      // A field nobody knows would be dropped without a word: what is not kept is refused.
      ...(verb === 'delete' ? {} : { fieldManager: ownName, fieldValidation: 'Strict' }),
      ...(dryRun ? { dryRun: 'All' } : {}),
    },
    body: JSON.stringify(verb === 'delete' ? deleteOptions(request, dryRun) : bodyOf(request, dryRun)),
    ...(verb === 'patch' ? { contentType: 'application/merge-patch+json' } : {}),
    ...(verb === 'apply' ? { contentType: 'application/apply-patch+yaml' } : {}),
  };
}

function deleteOptions({ preconditions }: WriteRequest, dryRun: boolean): RawObject {
  return {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    propagationPolicy: 'Background',
    preconditions,
    ...(dryRun ? { dryRun: ['All'] } : {}),
  };
}

/** Preconditions of everything but a delete stand in the object itself. */
function bodyOf({ verb, body = {}, preconditions, subresource }: WriteRequest, dryRun: boolean): RawObject {
  if (subresource === 'eviction') return evictionOf(body, preconditions, dryRun);
  if (verb === 'create') return body;
  return { ...body, metadata: { ...(body['metadata'] as RawObject | undefined), ...preconditions } };
}

/** Which pod is meant stands in the options of its deletion; a rehearsal says so in both places, or is none. */
function evictionOf(body: RawObject, { uid }: WriteRequest['preconditions'], dryRun: boolean): RawObject {
  const preconditions = uid === undefined ? {} : { preconditions: { uid } };
  const rehearsed = dryRun ? { dryRun: ['All'] } : {};
  return { ...body, deleteOptions: { ...record(body['deleteOptions']), ...preconditions, ...rehearsed } };
}

/** What is there after it: a delete is answered by a Status, or by the object where a finalizer holds it. */
function left({ verb, subresource }: WriteRequest, answer: unknown): RawObject | undefined {
  const object = answer as RawObject;
  if (subresource !== undefined) return undefined;
  if (verb !== 'delete') return object;
  return record(object['metadata'])['deletionTimestamp'] === undefined ? undefined : object;
}
