import { UserError } from '../errors.ts';
import type { PodRow } from '../model/objects/pod.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Action, Seen } from './action.ts';
import { failsAlike } from './fails-alike.ts';
import { counted, someOf } from './names.ts';
import { podsReach, servicesLeftAlone } from './pods-reach.ts';
import { planPodRemoval, podRights } from './remove-pod.ts';
import { sendPlanned } from './send-planned.ts';

export type PodRecreation = { namespace: string; name: string };

/** Its own time to end (30 s unless it says otherwise), then scheduling, image and readiness of the new one. */
const readyMs = 240_000;

export const recreatePod: Action<PodRecreation> = {
  id: 'recreate-pod',
  title: 'recreate a pod',
  says: 'Deletes one pod, whose controller makes another: it gets a new address, a new CiliumEndpoint and a new entry in a slice. Only pods with a controller; one that stands alone would be gone for good. A deletion does not ask disruption budgets, so it says which services have no other ready backend. Done when a new pod of the same controller is Ready.',
  dangerous: false,
  rights: podRights,
  refuses: (target, snapshot) => whyNot(snapshot.tables.pods.named(target.namespace, target.name)),
  async plan({ namespace, name }, world, signal) {
    const snapshot = world.snapshot();
    const pod = snapshot.tables.pods.named(namespace, name);
    if (pod === undefined) throw new UserError(`Pod ${namespace}/${name} is not there (any more).`, '', 'missing');
    const refusal = whyNot(pod);
    if (refusal !== undefined) throw new UserError(refusal);
    const alone = servicesLeftAlone(snapshot, pod);
    const { ownerKind, ownerName } = pod;
    return planPodRemoval(
      {
        action: 'recreate-pod',
        title: `recreate pod ${namespace}/${name}`,
        sentence: `Deletes Pod ${namespace}/${name}; ${ownerKind} ${ownerName} makes another one.`,
        namespace,
        name,
        reach: podsReach(snapshot, [pod], 'is deleted'),
        warnings: [
          'Its connections end, and its address goes; a deletion does not ask disruption budgets.',
          ...(alone.length === 0
            ? []
            : [`${counted(alone.length, 'service')} without another ready backend meanwhile: ${someOf(alone)}.`]),
        ],
        undo: 'Cannot be taken back: the new pod has another uid, address and (but for a StatefulSet) name.',
        verify: `Done when a new pod of ${ownerKind} ${ownerName} is Ready.`,
        done: newPod(snapshot, pod),
        doneMs: readyMs,
        dangerous: alone.length > 0,
      },
      world,
      signal,
    );
  },
  run: sendPlanned,
};

function whyNot(pod: PodRow | undefined): string | undefined {
  if (pod === undefined) return undefined;
  const what = `Pod ${pod.namespace}/${pod.name}`;
  if (pod.deleting > 0) return `${what} is being deleted already.`;
  if (pod.ownerKind === 'Node') return `${what} is the kubelet's own (a static pod): deleting it changes nothing.`;
  if (pod.ownerKind === 'Job')
    return `${what} belongs to Job ${pod.ownerName}, which may count it as failed: leave it to the Job.`;
  if (pod.ownerKind === '') return `${what} has no controller: deleted, it would be gone for good.`;
  return undefined;
}

/** A new pod of the same controller; for the kinds that name their pods, of the same name. */
function newPod(before: Snapshot, pod: PodRow): (now: Snapshot, at: number) => Seen {
  const { uid, namespace, ownerKind, ownerName } = pod;
  const owner = `${ownerKind}/${namespace}/${ownerName}`;
  const known = new Set(before.tables.pods.by('owner', owner).map((one) => one.uid));
  return ({ tables }, at) => {
    const made = tables.pods.by('owner', owner).filter((one) => !known.has(one.uid));
    const ready = made.find((one) => one.ready);
    if (ready !== undefined) return { seen: true, text: `The new pod ${namespace}/${ready.name} is ready.` };
    const [young] = made;
    if (young !== undefined) {
      const waits = `the new pod ${young.name} is ${young.status}`;
      const alike = failsAlike(pod, young, at);
      if (alike === undefined) return { seen: false, waits };
      const text = `Recreated, but the new pod ${namespace}/${young.name} fails as the old one did: ${alike}.`;
      return { seen: false, waits, vain: { text, hint: 'Another pod does not cure it: its log and events tell why.' } };
    }
    const old = tables.pods.rows.get(uid);
    return { seen: false, waits: old === undefined ? 'there is no new pod yet' : `${old.name} is still ending` };
  };
}
