import { UserError } from '../errors.ts';
import { placeOf, policyRights } from '../model/changeable.ts';
import type { RawObject } from '../model/objects/row.ts';
import { refText } from '../model/ref.ts';
import { sanitiseLine } from '../model/sanitise.ts';
import type { WriteRequest } from '../model/writes.ts';
import type { Action } from './action.ts';
import { changedBy, isUnchanged, type Place, readLive, uidOf, versionOf } from './live-object.ts';
import { refuseAddon } from './owners.ts';
import { planOf } from './plan-of.ts';
import { sendPlanned } from './send-planned.ts';
import { asNew, asReplacement } from './server-fields.ts';

export type PolicyDraft = {
  /** The whole policy as it shall be: opaque, as somebody wrote it. */
  object: RawObject;
  /** As the server had it when editing began; a change since then is a conflict. Absent: whatever is there now. */
  base?: RawObject;
  /** What is known of how far it reaches, a sentence each. */
  reach?: readonly string[];
};

export const applyPolicy: Action<PolicyDraft> = {
  id: 'apply-policy',
  title: 'create or replace a policy',
  says: 'Puts one NetworkPolicy, CiliumNetworkPolicy, CiliumClusterwideNetworkPolicy or CiliumCIDRGroup in the place of what is there, or makes it. Labels, annotations and rules are as the draft has them; owner, status and what kubectl last applied stay. It is refused when somebody changed the object since the draft was begun, when the server does not know a field of it, and where the object is one that AKS itself keeps.',
  dangerous: false,
  rights: policyRights('create', 'update'),
  needs({ object, base }) {
    const plural = placeOf(object)?.resource.plural;
    return policyRights(base === undefined ? 'create' : 'update').filter((right) => right.plural === plural);
  },
  async plan({ object, base, reach = [] }, world, signal) {
    const place = placeOf(object);
    if (place === undefined) throw unknownKind(object);
    if (place.name === '') throw new UserError('The policy has no name.', 'Write metadata.name.');
    const live = await readLive(world, place, signal);
    if (base !== undefined && !isUnchanged(base, live)) throw changedMeanwhile(place, live);
    refuseAddon(live, refText({ ...place, kind: place.resource.kind }));
    const request: WriteRequest =
      live === undefined
        ? { verb: 'create', ...place, body: placed(asNew(object), place), preconditions: {} }
        : {
            verb: 'replace',
            ...place,
            body: placed(asReplacement(object, live), place),
            preconditions: { uid: uidOf(live), resourceVersion: versionOf(live) },
          };
    return planOf({ action: 'apply-policy', request, live, reach, world, signal });
  },
  run: sendPlanned,
};

/** Where no namespace is written it is the one the request goes to. */
function placed(object: RawObject, { namespace }: Place): RawObject {
  if (namespace === '') return object;
  return { ...object, metadata: { ...(object.metadata as RawObject), namespace } };
}

function unknownKind({ apiVersion, kind }: RawObject): UserError {
  const what = sanitiseLine(`${String(apiVersion)} ${String(kind)}`, 100);
  return new UserError(
    `${what} is no kind that can be applied here.`,
    'It takes networking.k8s.io/v1 NetworkPolicy, cilium.io/v2 CiliumNetworkPolicy, CiliumClusterwideNetworkPolicy and CiliumCIDRGroup.',
  );
}

function changedMeanwhile({ resource, namespace, name }: Place, live: RawObject | undefined): UserError {
  const what = `${resource.kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
  if (live === undefined) {
    return new UserError(
      `${what} was deleted while you edited it.`,
      'Apply it as a new one if it shall be there.',
      'conflict',
    );
  }
  const who = changedBy(live);
  return new UserError(
    `${what} was changed${who === '' ? '' : ` ${who}`} while you edited it.`,
    'Edit it again, so that what they changed is not lost.',
    'conflict',
  );
}
