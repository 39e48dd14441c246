import { inversePatch, isPatched } from '../model/objects/merge-patch.ts';
import { record } from '../model/objects/raw.ts';
import type { RawObject } from '../model/objects/row.ts';
import type { WriteAnswer } from '../model/writes.ts';
import type { Plan, RunAnswer, RunWorld } from './action.ts';
import { changedBy, isUnchanged, readLive, uidOf, versionOf } from './live-object.ts';

/** To read again what was changed meanwhile, ms. */
const rereadMs = 10_000;

/** Sends what was planned: the request, and where there are more steps each after the one before it is done. */
export async function sendPlanned(plan: Plan, world: RunWorld): Promise<RunAnswer> {
  const steps = plan.then ?? [];
  let answer = await sendFirst(plan, world);
  for (const [index, request] of steps.entries()) {
    if (answer.outcome !== 'done') break;
    const done = `${index + 1} of ${steps.length + 1} steps done`;
    if (world.stop.aborted) return { outcome: 'partly', what: `Stopped: ${done}, which stay.`, hint: '' };
    world.progress(done);
    const next = await world.send(request);
    if (next.outcome !== 'done') return { outcome: 'partly', what: `${done}, then: ${next.what}`, hint: next.hint };
    answer = next;
  }
  return answer;
}

/**
 * Where the object has another version by then it is looked at: a controller that only wrote its status is no reason to
 * ask somebody again, a change of what people write is.
 */
async function sendFirst(plan: Plan, world: RunWorld): Promise<WriteAnswer> {
  const first = await world.send(plan.request);
  if (first.outcome !== 'refused' || first.kind !== 'conflict' || plan.before === undefined) return first;
  const { resource, namespace, name } = plan.request;
  let live: RawObject | undefined;
  try {
    live = await readLive(world, { resource, namespace, name }, AbortSignal.timeout(rereadMs));
  } catch {
    return first;
  }
  if (live === undefined) return { ...first, what: 'It was deleted meanwhile: nothing was changed.' };
  if (uidOf(live) !== uidOf(plan.before))
    return { ...first, what: 'Another one of that name was made meanwhile: it was left alone.' };
  if (!isStill(plan, plan.before, live)) {
    const who = changedBy(live);
    const what = `It was changed meanwhile${who === '' ? '' : ` ${who}`}: nothing of yours was done.`;
    return { ...first, what, hint: 'Plan it again on what is there now.' };
  }
  return world.send(onVersion(plan, versionOf(live)));
}

/** A patch is about its own fields: what else became of the object meanwhile is none of its business. */
function isStill({ request }: Plan, before: RawObject, live: RawObject): boolean {
  if (request.verb !== 'patch') return isUnchanged(before, live);
  return uidOf(before) === uidOf(live) && isPatched(inversePatch(request.body ?? {}, before), live);
}

function onVersion({ request }: Plan, resourceVersion: string): Plan['request'] {
  const preconditions = { ...request.preconditions, resourceVersion };
  if (request.body === undefined || request.verb === 'patch') return { ...request, preconditions };
  const metadata = { ...record(request.body.metadata), resourceVersion };
  return { ...request, preconditions, body: { ...request.body, metadata } };
}
