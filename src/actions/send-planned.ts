import { record } from '../model/objects/raw.ts';
import type { RawObject } from '../model/objects/row.ts';
import type { WriteAnswer } from '../model/writes.ts';
import type { Plan, RunWorld } from './action.ts';
import { changedBy, isUnchanged, readLive, versionOf } from './live-object.ts';

/** To read again what was changed meanwhile, ms. */
const rereadMs = 10_000;

/**
 * Sends what was planned. Where the object has another version by then it is looked at: a controller that only wrote its
 * status is no reason to ask somebody again, a change of what people write is.
 */
export async function sendPlanned(plan: Plan, world: RunWorld): Promise<WriteAnswer> {
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
  if (!isUnchanged(plan.before, live)) {
    const who = changedBy(live);
    const what = `It was changed meanwhile${who === '' ? '' : ` ${who}`}: nothing of yours was done.`;
    return { ...first, what, hint: 'Plan it again on what is there now.' };
  }
  return world.send(onVersion(plan, versionOf(live)));
}

function onVersion({ request }: Plan, resourceVersion: string): Plan['request'] {
  const preconditions = { ...request.preconditions, resourceVersion };
  if (request.body === undefined) return { ...request, preconditions };
  const metadata = { ...record(request.body.metadata), resourceVersion };
  return { ...request, preconditions, body: { ...request.body, metadata } };
}
