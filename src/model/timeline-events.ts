import { sandboxWords } from './cni-words.ts';
import type { EventRow } from './objects/others.ts';
import type { ObjectRef } from './ref.ts';
import type { RowChange } from './table.ts';
import { scalingComponent } from './timeline-scalings.ts';
import type { Say } from './timeline-story.ts';

/** One entry for all that is said of it, from when it began to when it was last said. */
export function tellEvent({ before, after }: RowChange<EventRow>, say: Say): void {
  if (after === undefined || (after.type !== 'Warning' && !WORTH_TELLING.has(after.reason))) return;
  if (before && before.count === after.count && before.last === after.last) return;
  const object: ObjectRef =
    after.objectNamespace === ''
      ? { kind: after.objectKind, name: after.objectName }
      : { kind: after.objectKind, namespace: after.objectNamespace, name: after.objectName };
  const scaled = after.reason === 'ScalingReplicaSet' ? scaling(after.message) : undefined;
  if (scaled !== undefined) {
    say(after.last, 'scaled', scaled, { object, who: scalingComponent });
    return;
  }
  const short = sandboxWords(after.reason, after.message);
  const message = after.message.length > 160 ? `${after.message.slice(0, 160)}…` : after.message;
  say(after.first, 'event', short ?? `${after.reason}: ${message}`, {
    object,
    who: after.component,
    fold: eventFold(after, short),
    goesOn: true,
    count: before === undefined ? Math.max(1, after.count) : Math.max(1, after.count - before.count),
    ...(after.last > after.first ? { last: after.last } : {}),
    ...(after.objectKind === 'Pod' && after.host !== '' ? { nodes: [after.host] } : {}),
  });
}

/** A network that pods do not get is the node's trouble, whichever pods they are; all else is told by namespace. */
function eventFold({ reason, objectKind, objectNamespace, objectName, host }: EventRow, short?: string): string {
  const system = objectNamespace === 'kube-system';
  if (short !== undefined && host !== '') return `${short}/${system ? 'system' : ''}/${host}`;
  const name = objectKind === 'Pod' ? objectName.replace(POD_SUFFIX, '') : objectName;
  return `${reason}/${short ?? ''}/${objectKind}/${objectNamespace}/${objectNamespace === '' || system ? name : ''}`;
}

/** What a controller puts behind its own name, and a ReplicaSet behind its Deployment's; without vowels and look-alikes. */
const POD_SUFFIX = /(-[bcdfghjklmnpqrstvwxz2456789]{8,10})?-[bcdfghjklmnpqrstvwxz2456789]{5}$/;

/** `Scaled up replica set web-5d9 from 3 to 12`; before 1.31 `from` may be missing. */
function scaling(message: string): string | undefined {
  const [, from, to] = /^Scaled (?:up|down) replica set \S+ (?:from (\d+) )?to (\d+)/.exec(message) ?? [];
  if (to === undefined) return undefined;
  return from === undefined ? `to ${to} replicas` : `${from} → ${to} replicas`;
}

/** Beside every Warning. */
const WORTH_TELLING = new Set([
  'NodeReady',
  'NodeNotReady',
  'Rebooted',
  'RegisteredNode',
  'RemovingNode',
  'NodeNotSchedulable',
  'NodeSchedulable',
  'Drain',
  'Upgrade',
  'Surge',
  'LeaderElection',
  'ScalingReplicaSet',
  'SuccessfulRescale',
  'RotateCertificate',
]);
