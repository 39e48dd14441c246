import { messageOf, UserError } from '../errors.ts';
import { record } from '../model/objects/raw.ts';
import type { RawObject } from '../model/objects/row.ts';
import { shellWord } from '../model/shell-word.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { callText, type WriteRequest } from '../model/writes.ts';
import type { Action, DifferenceLine, Plan, PlanWorld, RunAnswer, Seen } from './action.ts';
import { budgetWords, podName, readBudget } from './drain-budgets.ts';
import { type LeavingPod, type NodePods, podsToLeave } from './drain-pods.ts';
import { type Evicted, evict, isGone, patienceMs } from './evict.ts';
import { kubectlOn } from './kubectl.ts';
import { counted, someOf } from './names.ts';
import { planOf } from './plan-of.ts';
import { podsReach } from './pods-reach.ts';
import { nodeKind, otherNodes, readNode, schedulableRequest, seenSchedulable } from './schedulable.ts';

export const drain: Action<{ node: string }> = {
  id: 'drain',
  title: 'drain a node',
  says: 'Cordons one node and asks for each of its pods to go, by evictions: disruption budgets are kept. A pod whose budget is in the way waits and is asked for again, every few seconds, until nothing could be evicted for ten minutes. Pods of DaemonSets, mirror pods and finished ones stay. What would be lost for good (pods without a controller, the contents of emptyDir volumes) is named, and then the name of the cluster is to be typed. It can be stopped between two pods; a new drain of the same node goes on with what is left. :undo uncordons; pods that left do not come back by it.',
  dangerous: false,
  rights: [
    { verb: 'patch', group: '', plural: 'nodes', namespace: '' },
    { verb: 'create', group: '', plural: 'pods', subresource: 'eviction', namespace: '' },
  ],
  async plan({ node }, world, signal) {
    const live = await readNode(world, node, signal);
    const pods = podsToLeave(await world.objects(podKind, { fieldSelector: `spec.nodeName=${node}` }, signal));
    const isCordoned = record(live.spec).unschedulable === true;
    if (isCordoned && pods.leaving.length === 0) {
      throw new UserError(
        `${node} is drained: it is cordoned, and what is left on it stays (${stayWords(pods)}).`,
        'Uncordon it when it is well.',
      );
    }
    const evictions = pods.leaving.map(evictionOf);
    const warnings = [
      ...(isCordoned ? ['The node is cordoned already: this evicts the pods that are left.'] : []),
      ...lossWords(pods.leaving),
      ...(await budgetsInTheWay(pods.leaving, world, signal)),
      ...(otherNodes(world.snapshot(), node).length === 0
        ? ['No other node is ready for them: what leaves waits.']
        : []),
    ];
    const plan = await (isCordoned
      ? evictionsOnly(node, evictions, live)
      : planOf({
          ...{ action: 'drain', request: schedulableRequest(node, live, false), live, reach: [], world, signal },
          // biome-ignore lint/suspicious/noThenProperty: a list of requests, nobody awaits a plan
          own: { then: evictions },
        }));
    return { ...plan, ...wordsOf(node, pods, isCordoned, world.snapshot(), plan.difference), warnings };
  },
  async run(plan, world) {
    const requests = [plan.request, ...(plan.then ?? [])];
    const evictions = requests.filter(({ subresource }) => subresource === 'eviction');
    if (evictions.length < requests.length) {
      const answer = await world.send(plan.request);
      if (answer.outcome !== 'done') return answer;
    }
    return answerOf(await evict(evictions, world, plan.doneMs ?? 0), evictions.length < requests.length);
  },
};

const podKind = { group: '', version: 'v1', plural: 'pods', kind: 'Pod' };
const budgetKind = { group: 'policy', version: 'v1', plural: 'poddisruptionbudgets' };

function evictionOf({ namespace, name, uid }: LeavingPod): WriteRequest {
  return {
    verb: 'create',
    ...{ resource: podKind, namespace, name, subresource: 'eviction' },
    body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { namespace, name } },
    preconditions: { uid },
  };
}

/** On a node that is cordoned already there is no field to change: evictions are all there is. */
function evictionsOnly(
  node: string,
  [first, ...then]: readonly WriteRequest[],
  live: RawObject,
): Pick<Plan, Exclude<keyof Plan, keyof ReturnType<typeof wordsOf> | 'warnings'>> & Pick<Plan, 'difference'> {
  const request = first as WriteRequest;
  return {
    action: 'drain',
    object: { kind: nodeKind.kind, name: node },
    request,
    call: callText(request),
    then,
    before: live,
    after: live,
    difference: [],
    uses: '',
  };
}

/** What somebody wants to know of it, besides the requests. */
function wordsOf(
  node: string,
  pods: NodePods,
  isCordoned: boolean,
  snapshot: Snapshot,
  cordoned: readonly DifferenceLine[],
) {
  const { leaving } = pods;
  const requests = leaving.map(evictionOf);
  const rows = leaving.flatMap(({ namespace, name }) => snapshot.tables.pods.named(namespace, name) ?? []);
  const lost = leaving.some(({ owner, emptyDirs }) => owner === '' || emptyDirs.length > 0);
  const first = isCordoned ? 'Evicts' : 'Cordons it and evicts';
  return {
    title: `drain Node ${node}`,
    sentence: `${first} ${counted(leaving.length, 'pod')} of Node ${node}, within their disruption budgets.`,
    kubectl: kubectlOn(snapshot, ['drain', shellWord(node), '--ignore-daemonsets', ...forced(leaving)]),
    difference: [
      ...cordoned,
      ...leaving.map((pod) => ({ sign: '-' as const, text: `Pod ${podName(pod)}  ${pod.owner || 'no controller'}` })),
    ],
    reach: [
      ...podsReach(snapshot, rows, `${rows.length === 1 ? 'leaves' : 'leave'} ${node}`),
      `What stays: ${stayWords(pods)}`,
    ],
    undo: isCordoned
      ? 'It cannot be taken back: pods that left do not come back by themselves. uncordon lets new ones onto the node.'
      : ':undo uncordons the node. Pods that left do not come back by it.',
    noUndo: isCordoned,
    verify: `Done when none of these pods is left. Budgets are asked again until nothing could be evicted for ${patienceMs / 60_000} minutes.`,
    done: (now: Snapshot) => seenDrained(now, node, requests),
    // The slowest may take all of its time to end; the kubelet and the watch come on top.
    doneMs: Math.max(0, ...leaving.map(({ graceSeconds }) => graceSeconds)) * 1_000 + 60_000,
    dangerous: lost,
  } satisfies Partial<Plan>;
}

function forced(leaving: readonly LeavingPod[]): readonly string[] {
  return [
    ...(leaving.some(({ emptyDirs }) => emptyDirs.length > 0) ? ['--delete-emptydir-data'] : []),
    ...(leaving.some(({ owner }) => owner === '') ? ['--force'] : []),
  ];
}

function stayWords({ daemonSets, mirrors, finished, ending }: NodePods): string {
  const parts = [
    [daemonSets, 'of DaemonSets'],
    [mirrors, 'run by the node itself'],
    [finished, 'finished'],
    [ending, 'ending already'],
  ] as const;
  const said = parts.filter(([many]) => many > 0).map(([many, what]) => `${many} ${what}`);
  return said.length === 0 ? 'no other pod' : `${said.join(', ')}`;
}

function lossWords(leaving: readonly LeavingPod[]): readonly string[] {
  const alone = leaving.filter(({ owner }) => owner === '');
  const emptied = leaving.filter(({ emptyDirs }) => emptyDirs.length > 0);
  const volumes = emptied.map((pod) => `${podName(pod)} (${pod.emptyDirs.join(', ')})`);
  return [
    ...(alone.length === 0
      ? []
      : [`Lost for good, because no controller makes them anew: ${someOf(alone.map(podName), 10)}.`]),
    ...(emptied.length === 0
      ? []
      : [`Lost with their pods, the contents of emptyDir volumes: ${someOf(volumes, 10)}.`]),
  ];
}

async function budgetsInTheWay(leaving: readonly LeavingPod[], world: PlanWorld, signal: AbortSignal) {
  try {
    return budgetWords(leaving, (await world.objects(budgetKind, {}, signal)).map(readBudget));
  } catch (error) {
    signal.throwIfAborted();
    return [`Disruption budgets were not read (${messageOf(error)}): the server keeps them all the same.`];
  }
}

function seenDrained(snapshot: Snapshot, node: string, requests: readonly WriteRequest[]): Seen {
  const cordoned = seenSchedulable(snapshot, node, false);
  if (!cordoned.seen) return cordoned;
  const left = requests.filter((request) => !isGone(snapshot, request));
  if (left.length > 0)
    return { seen: false, waits: `${counted(left.length, 'pod')} still ending: ${someOf(left.map(podName))}` };
  return {
    seen: true,
    text: `${node} is drained: cordoned, and none of the ${counted(requests.length, 'pod')} is left on it.`,
  };
}

function answerOf({ done, of, ended, stayed, inDoubt }: Evicted, cordoned: boolean): RunAnswer {
  if (stayed.length === 0) return { outcome: 'done', object: undefined, late: false };
  const why = {
    asked: 'Some stay',
    stopped: 'Stopped',
    late: `Given up: nothing could be evicted for ${patienceMs / 60_000} minutes`,
  }[ended];
  const what = `${done} of ${of} pods evicted. ${why}. ${someOf(stayed)}`;
  if (done === 0 && !cordoned) {
    if (inDoubt) return { outcome: 'unknown', what, hint: 'The watch shows who leaves. Drain it again then.' };
    // Whom a budget holds is asked for until it is given up or stopped: what ends by itself was refused for good.
    if (ended === 'asked')
      return {
        outcome: 'refused',
        kind: 'refused',
        what,
        hint: 'Asked again it would be refused again: see to why first.',
      };
    return { outcome: 'refused', kind: 'budget', what, hint: 'Drain it again later.' };
  }
  const hint = 'The node stays cordoned; a new drain goes on with what is left.';
  return { outcome: 'partly', what, hint };
}
