import { messageOf, UserError } from '../errors.ts';
import { inversePatch, isPatched } from '../model/objects/merge-patch.ts';
import type { RawObject } from '../model/objects/row.ts';
import { isPolicyKind } from '../model/policies/rule.ts';
import { refText } from '../model/ref.ts';
import type { UndoRecord } from '../model/undo-record.ts';
import type { WriteRequest } from '../model/writes.ts';
import type { Action, PlanWorld } from './action.ts';
import { changedBy, isSameContent, isUnchanged, type Place, readLive, uidOf, versionOf } from './live-object.ts';
import { planOf } from './plan-of.ts';
import { reachWords } from './reach-words.ts';
import { sendPlanned } from './send-planned.ts';
import { asBefore, asNew } from './server-fields.ts';

export type UndoTarget = { id: string };

export const undo: Action<UndoTarget> = {
  id: 'undo',
  title: 'take a change back',
  says: 'Puts an object back as it was before a change of ours: restores what was replaced, makes anew what was deleted, deletes what was made. Where somebody else changed it since, it says so and asks for more than a key.',
  dangerous: false,
  async plan({ id }, world, signal) {
    const kept = await world.undoRecord(id);
    const { namespace = '', name } = kept.object;
    const place: Place = { resource: kept.resource, namespace, name };
    const live = await readLive(world, place, signal);
    const request = requestOf(kept, place, live);
    const foreign = changedSince(kept, live);
    return planOf({
      action: 'undo',
      title: titleOf(kept),
      request,
      live,
      reach: await reachOf(request, world, signal),
      warnings: foreign === '' ? [] : [foreign],
      dangerous: foreign !== '',
      uses: id,
      world,
      signal,
    });
  },
  run: sendPlanned,
};

function requestOf(kept: UndoRecord, place: Place, live: RawObject | undefined): WriteRequest {
  const { before, object } = kept;
  if (before === null && live === undefined) {
    throw new UserError(`${refText(object)} is gone already: there is nothing to take back.`, '', 'missing');
  }
  if (kept.patch !== undefined && before !== null) return patchBack(kept.patch, before, place, live);
  const now = live && { uid: uidOf(live), resourceVersion: versionOf(live) };
  if (before === null) return { verb: 'delete', ...place, preconditions: now ?? {} };
  if (live === undefined || now === undefined) {
    return { verb: 'create', ...place, body: asNew(before), preconditions: {} };
  }
  if (isSameContent(before, live)) {
    throw new UserError(`${refText(object)} is as it was before: there is nothing to take back.`, '', 'missing');
  }
  return { verb: 'replace', ...place, body: asBefore(before, live), preconditions: now };
}

/** A patch is taken back field by field: what else became of the object since is nobody's mistake of ours. */
function patchBack(patch: RawObject, before: RawObject, place: Place, live: RawObject | undefined): WriteRequest {
  const what = refText({ kind: place.resource.kind, namespace: place.namespace, name: place.name });
  if (live === undefined || uidOf(live) !== uidOf(before)) {
    throw new UserError(`${what} is gone: there is nothing to take back.`, '', 'missing');
  }
  const body = inversePatch(patch, before);
  if (isPatched(body, live)) {
    throw new UserError(`${what} is as it was before: there is nothing to take back.`, '', 'missing');
  }
  return {
    verb: 'patch',
    ...place,
    body,
    preconditions: { uid: uidOf(live), resourceVersion: versionOf(live) },
  };
}

/** Nobody waits longer for what it would do to connections: a change is often taken back in haste. */
const reachMs = 10_000;

async function reachOf(request: WriteRequest, { whatIf }: PlanWorld, signal: AbortSignal): Promise<readonly string[]> {
  const { namespace, name } = request;
  const { kind } = request.resource;
  if (!isPolicyKind(kind) || whatIf === undefined) return [];
  const remove = request.verb === 'delete' ? [{ kind, namespace, name }] : [];
  const put = request.verb === 'delete' || request.body === undefined ? [] : [request.body];
  try {
    return reachWords(await whatIf({ put, remove }, AbortSignal.any([signal, AbortSignal.timeout(reachMs)])));
  } catch (error) {
    signal.throwIfAborted();
    return [`What it would do to connections could not be computed: ${messageOf(error)}`];
  }
}

/** Taking back what took something back is doing it again. */
function titleOf({ title }: UndoRecord): string {
  const [, word, what] = /^(undo|redo): (.*)$/.exec(title) ?? [];
  return word === 'undo' ? `redo: ${what}` : `undo: ${what ?? title}`;
}

/** '' where it is as our change left it. */
function changedSince({ after, title, patch }: UndoRecord, live: RawObject | undefined): string {
  if (patch !== undefined && after && live !== undefined) {
    return isPatched(patch, live) ? '' : 'Somebody changed the same fields since: this takes that back, too.';
  }
  if (after === undefined) return `Whether this change (${title}) arrived was never known: compare what is there now.`;
  if (isUnchanged(after ?? undefined, live)) return '';
  if (live === undefined) return 'Somebody deleted it since: this makes it anew.';
  const who = changedBy(live);
  if (after === null) return `Somebody made it anew since${who === '' ? '' : ` (${who})`}: this replaces theirs.`;
  return `It was changed since${who === '' ? '' : ` ${who}`}: this takes that back, too.`;
}
