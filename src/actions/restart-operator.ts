import { UserError } from '../errors.ts';
import type { PodRow } from '../model/objects/pod.ts';
import { type Operator, operator } from '../model/operator.ts';
import { serverTime } from '../model/server-time.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { WriteRequest } from '../model/writes.ts';
import type { Action, Plan, RunAnswer, RunWorld, Seen } from './action.ts';
import { withoutCilium } from './cilium-here.ts';
import { failsAlike } from './fails-alike.ts';
import { counted } from './names.ts';
import { planPodRemoval, podKind, podRights } from './remove-pod.ts';

/** `leader`: the pod that holds the lease; `all`: every pod, one after the other, the leader last. */
export type OperatorRestart = { which: 'leader' | 'all' };

/** A new pod, and then a holder: the lease is let go of at once, or runs out after 15 s. */
const stepMs = 180_000;
/** Renewed within the time it lasts: every 2 s while its holder lives. */
const freshMs = 15_000;

export const restartOperator: Action<OperatorRestart> = {
  id: 'restart-operator',
  title: 'restart the operator',
  says: 'Deletes the operator pod that holds the lease, or all of them one after the other, the leader last and each only when the one before is back. The one that takes the lease reads all endpoints and slices anew: stale and double entries go, what is missing is placed. Meanwhile traffic is not touched, but no slice, identity or taint is. The Deployment itself is left alone: AKS puts back what is changed in it, a restart annotation, too. Done when a new holder renews the lease and the Deployment is available.',
  dangerous: false,
  rights: podRights,
  refuses: (_, snapshot) => withoutCilium(snapshot),
  async plan({ which }, world, signal) {
    const now = operator(world.snapshot(), world.now());
    const pods = inOrder(now, which);
    const [first] = pods;
    if (first === undefined) throw new UserError(...noPod(now, which));
    const holder = now.lease?.holder ?? '';
    const names = pods.map(({ name }) => name);
    const plan = await planPodRemoval(
      {
        action: 'restart-operator',
        title:
          which === 'leader'
            ? `restart the operator's leader`
            : `restart all ${counted(pods.length, 'pod')} of the operator`,
        sentence:
          which === 'leader'
            ? `Deletes the operator pod ${first.name}, which holds the lease; Deployment cilium-operator makes another.`
            : `Deletes the operator pods ${names.join(', then ')}, each when the one before is back.`,
        namespace: first.namespace,
        name: first.name,
        reach: [reachOf(world.snapshot())],
        warnings: [
          'Traffic is not touched. Until the lease is taken again, no slice is written, no identity collected and no agent-not-ready taint lifted.',
          ...(now.ready < 2
            ? ['No other operator pod is ready: the lease is taken only when a new pod has started.']
            : []),
        ],
        undo: 'Nothing to take back: the new leader reads everything anew.',
        verify: 'Done when a new holder renews the lease and the Deployment is available.',
        done: newHolder(holder, pods, now.workload?.pods ?? []),
        doneMs: stepMs,
      },
      world,
      signal,
    );
    const then = pods.slice(1).map(removalOf);
    return then.length === 0 ? plan : { ...plan, then };
  },
  async run(plan, world) {
    const old = operator(world.snapshot(), serverTime(world.snapshot(), Date.now())).workload?.pods ?? [];
    let answer: RunAnswer = await world.send(plan.request);
    for (const [index, request] of (plan.then ?? []).entries()) {
      if (answer.outcome !== 'done') return answer;
      answer = await nextStep(plan, index, request, world, old);
    }
    return answer;
  },
};

function inOrder({ workload, lease }: Operator, which: OperatorRestart['which']): readonly PodRow[] {
  const pods = (workload?.pods ?? []).filter((pod) => pod.deleting === 0);
  const leader = pods.filter(({ name }) => name === lease?.holderPod);
  return which === 'leader' ? leader : [...pods.filter((pod) => !leader.includes(pod)), ...leader];
}

function noPod({ workload, lease }: Operator, which: OperatorRestart['which']): [string, string, string] {
  if (workload === undefined) return ['There is no Deployment cilium-operator in kube-system.', '', 'missing'];
  if (which === 'all' || workload.pods.length === 0)
    return ['The operator has no pod that could be deleted.', 'Look at its Deployment: it makes none.', 'missing'];
  const held =
    lease === undefined || lease.holder === ''
      ? 'Nobody holds the lease'
      : `The lease is held by ${lease.holder}, of which there is no pod`;
  return [
    `${held}: there is no leader to restart.`,
    'Restart all of them, or look at why none takes the lease.',
    'missing',
  ];
}

function removalOf({ namespace, name, uid }: PodRow): WriteRequest {
  return { verb: 'delete', resource: podKind, namespace, name, preconditions: { uid } };
}

async function nextStep(
  plan: Plan,
  index: number,
  request: WriteRequest,
  world: RunWorld,
  old: readonly PodRow[],
): Promise<RunAnswer> {
  const before = index === 0 ? plan.object.name : (plan.then?.[index - 1]?.name ?? '');
  world.progress(`${index + 1} of ${(plan.then?.length ?? 0) + 1} deleted, waiting for its successor`);
  const over = (snapshot: Snapshot) => isBack(snapshot, before) || vainOf(snapshot, old) !== undefined;
  const isOver = await world.until(over, stepMs);
  const vain = vainOf(world.snapshot(), old);
  const back = isOver && vain === undefined;
  const stopped = world.stop.aborted;
  if (back && !stopped) {
    const next = await world.send(request);
    if (next.outcome === 'done') return next;
    const done = `${counted(index + 1, 'pod')} of the operator ${index === 0 ? 'was' : 'were'} deleted, then`;
    return { outcome: 'partly', what: `${done} ${request.name}: ${next.what}`, hint: next.hint };
  }
  const late = `No successor of ${before} was ready within ${stepMs / 1_000}s`;
  const why = stopped ? 'You stopped it' : (vain?.text.replace(/\.$/, '') ?? late);
  return {
    outcome: 'partly',
    what: `${why}: ${counted(index + 1, 'pod')} of the operator ${index === 0 ? 'was' : 'were'} deleted, ${request.name} was left alone.`,
    hint: vain?.hint ?? 'Look at the operator before you go on.',
  };
}

/** A successor that fails in the container in which one of the old ones did. */
function vainOf(snapshot: Snapshot, old: readonly PodRow[]): { text: string; hint: string } | undefined {
  const at = serverTime(snapshot, Date.now());
  const young = (operator(snapshot, at).workload?.pods ?? []).filter(({ uid }) => old.every((pod) => pod.uid !== uid));
  for (const pod of young) {
    const alike = old.map((one) => failsAlike(one, pod, at)).find((words) => words !== undefined);
    if (alike === undefined) continue;
    const text = `Restarted, but the new operator pod ${pod.name} fails as the old one did: ${alike}.`;
    return { text, hint: 'A restart does not cure it: :runbook operator-down looks for the cause.' };
  }
  return undefined;
}

function isBack(snapshot: Snapshot, gone: string): boolean {
  const now = operator(snapshot, serverTime(snapshot, Date.now()));
  return now.workload?.pods.every(({ name }) => name !== gone) === true && isAvailable(now);
}

function isAvailable({ desired, ready, pendingIsNormal }: Operator): boolean {
  return desired > 0 && ready >= (pendingIsNormal ? Math.max(1, desired - 1) : desired);
}

function newHolder(
  before: string,
  deleted: readonly PodRow[],
  old: readonly PodRow[],
): (snapshot: Snapshot, now: number) => Seen {
  return (snapshot, at) => {
    const now = operator(snapshot, at);
    const ending = now.workload?.pods.find(({ uid }) => deleted.some((pod) => pod.uid === uid));
    if (ending !== undefined) return { seen: false, waits: `${ending.name} is still ending` };
    const vain = vainOf(snapshot, old);
    if (vain !== undefined) return { seen: false, waits: vain.text, vain };
    const { lease } = now;
    if (lease === undefined || lease.holder === '' || lease.holder === before)
      return { seen: false, waits: 'nobody else has taken the lease yet' };
    if (lease.age > freshMs) return { seen: false, waits: `${lease.holder} does not renew the lease` };
    if (!isAvailable(now)) return { seen: false, waits: `${now.ready} of ${now.desired} operator pods are ready` };
    return {
      seen: true,
      text: `${lease.holder} holds the lease and renews it; ${now.ready} of ${now.desired} are ready.`,
    };
  };
}

function reachOf({ tables }: Snapshot): string {
  const slices = counted(tables.ciliumEndpointSlices.rows.size, 'slice');
  return `${slices} of ${counted(tables.ciliumEndpoints.rows.size, 'endpoint')} are read anew; no pod of anybody else and no policy is touched.`;
}
