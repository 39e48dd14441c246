import { UserError } from '../errors.ts';
import { captureUntil } from '../model/captures.ts';
import { clockMoment } from '../model/clock.ts';
import { kinds } from '../model/kinds.ts';
import type { Action } from './action.ts';
import { readLive, uidOf } from './live-object.ts';
import { planOf } from './plan-of.ts';
import { sendPlanned } from './send-planned.ts';

export type CaptureEnd = { name: string };

export const endCapture: Action<CaptureEnd> = {
  id: 'end-capture',
  title: 'end a capture of flows that was left behind',
  says: 'Deletes a ContainerNetworkLog that a capture of ours made and a session that ended left there. Only those: it must carry our label and until when it was wanted. What was logged stays in the workspace.',
  dangerous: false,
  rights: [{ verb: 'delete', group: 'acn.azure.com', plural: 'containernetworklogs', namespace: '' }],
  async plan({ name }, world, signal) {
    const { group, plural, kind, versions } = kinds.containerNetworkLogs;
    const place = { resource: { group, plural, kind, version: versions[0] ?? '' }, namespace: '', name };
    const live = await readLive(world, place, signal);
    if (live === undefined) throw new UserError(`There is no ContainerNetworkLog ${name} (any more).`, '', 'missing');
    const until = captureUntil(live);
    if (until === 0) throw new UserError(`ContainerNetworkLog ${name} is no capture of ours: it is left alone.`);
    return planOf({
      action: 'end-capture',
      title: `end the capture ${name}`,
      request: { verb: 'delete', ...place, preconditions: { uid: uidOf(live) } },
      live,
      reach: ['Its flows are logged no more, where nothing else has them logged.'],
      warnings:
        until > world.now()
          ? [`It is wanted until ${clockMoment(until, world.now())}: another session may be at it.`]
          : [],
      world,
      signal,
    });
  },
  run: sendPlanned,
};
