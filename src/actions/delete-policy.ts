import { UserError } from '../errors.ts';
import { bareObject, placeOf, policyRights } from '../model/changeable.ts';
import type { RawObject } from '../model/objects/row.ts';
import { type PolicyRef, policyText } from '../model/policies/rule.ts';
import type { Action } from './action.ts';
import { changedBy, isUnchanged, readLive, uidOf, versionOf } from './live-object.ts';
import { refuseAddon } from './owners.ts';
import { planOf } from './plan-of.ts';
import { sendPlanned } from './send-planned.ts';

export type PolicyRemoval = {
  ref: PolicyRef;
  /** As it was when somebody decided; a change since then is a conflict. */
  base?: RawObject;
  reach?: readonly string[];
};

export const deletePolicy: Action<PolicyRemoval> = {
  id: 'delete-policy',
  title: 'delete a policy',
  says: 'Deletes one policy, and only the one that was looked at: a namesake made meanwhile stays. Whom it isolated is open again where no other policy isolates it; what only it allowed is denied. One that AKS itself keeps is left alone.',
  dangerous: true,
  rights: policyRights('delete'),
  needs({ ref }) {
    const plural = placeOf(bareObject(ref))?.resource.plural;
    return policyRights('delete').filter((right) => right.plural === plural);
  },
  async plan({ ref, base, reach = [] }, world, signal) {
    const place = placeOf(bareObject(ref));
    const live = place && (await readLive(world, place, signal));
    if (place === undefined || live === undefined) {
      throw new UserError(`${policyText(ref)} is not there (any more).`, '', 'missing');
    }
    if (base !== undefined && !isUnchanged(base, live)) {
      const who = changedBy(live);
      throw new UserError(
        `${policyText(ref)} was changed${who === '' ? '' : ` ${who}`} since you looked at it.`,
        'Look at it once more.',
        'conflict',
      );
    }
    refuseAddon(live, policyText(ref));
    const preconditions = { uid: uidOf(live), resourceVersion: versionOf(live) };
    const request = { verb: 'delete' as const, ...place, preconditions };
    return planOf({ action: 'delete-policy', request, live, reach, world, signal, dangerous: true });
  },
  run: sendPlanned,
};
