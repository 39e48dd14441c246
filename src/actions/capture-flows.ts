import { UserError } from '../errors.ts';
import { captureUntil, managedBy, managedByUs } from '../model/captures.ts';
import { clock } from '../model/clock.ts';
import { kinds } from '../model/kinds.ts';
import { serverTime } from '../model/server-time.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { wouldBeSeen } from '../model/would-be-seen.ts';
import type { ApiKind, RefusalKind, WriteAnswer, WriteRequest } from '../model/writes.ts';
import type { Action, RunWorld, Seen } from './action.ts';
import { isManaged, withoutCilium } from './cilium-here.ts';
import { uidOf } from './live-object.ts';
import { counted, someOf } from './names.ts';
import { planOf } from './plan-of.ts';
import { podsReach } from './pods-reach.ts';

export type FlowCapture = { namespace: string; minutes: number };

const longest = 120;
/** The agents take a new filter up within half a minute or so. */
const takenUpMs = 90_000;

export const captureFlows: Action<FlowCapture> = {
  id: 'capture-flows',
  title: 'capture the flows of a namespace for a while',
  says: 'Makes a ContainerNetworkLog that has every flow from and to the pods of one namespace logged, forwarded and dropped, and deletes it when the time is up, or earlier on ctrl-c. Rows appear in the table ContainerNetworkLogs of the cluster’s workspace, in sums of 30 s and a minute or two late (:flows namespace=NAMESPACE); every row is paid for. Where a session ends in between, the object stays: it carries until when it was wanted, the undo kept on disk deletes it, and :end-capture finds it. Only on AKS with ACNS.',
  dangerous: false,
  rights: [
    { verb: 'create', group: 'acn.azure.com', plural: 'containernetworklogs', namespace: '' },
    { verb: 'delete', group: 'acn.azure.com', plural: 'containernetworklogs', namespace: '' },
  ],
  refuses: (_, snapshot) => whyNot(snapshot),
  async plan({ namespace, minutes }, world, signal) {
    const snapshot = world.snapshot();
    const refusal = whyNot(snapshot);
    if (refusal !== undefined) throw new UserError(refusal);
    if (!Number.isInteger(minutes) || minutes < 1 || minutes > longest)
      throw new UserError(`It captures for 1 to ${longest} minutes.`);
    if (snapshot.tables.namespaces.named('', namespace) === undefined)
      throw new UserError(`There is no namespace ${namespace}.`, '', 'missing');
    const now = world.now();
    const until = now + minutes * 60_000;
    const name = `ciliscope-${namespace.slice(0, 200)}-${new Date(now).toISOString().replace(/\D/g, '').slice(0, 14)}`;
    const place = { resource: logKind, namespace: '', name };
    const end: WriteRequest = { verb: 'delete', ...place, preconditions: {} };
    return planOf({
      action: 'capture-flows',
      title: `capture flows of ${namespace} for ${minutes} min`,
      request: { verb: 'create', ...place, body: bodyOf(name, namespace, until), preconditions: {} },
      live: undefined,
      reach: podsReach(snapshot, snapshot.tables.pods.by('namespace', namespace), 'whose flows are logged'),
      warnings: warningsOf(snapshot),
      world,
      signal,
      own: {
        sentence: `Has all flows from and to pods of ${namespace} logged until ${clock(until)}, then deletes ContainerNetworkLog ${name} again.`,
        undo: `It is deleted at ${clock(until)}, or on ctrl-c. Where this session ends before: :end-capture ${name}.`,
        verify: `Rows appear in ContainerNetworkLogs${workspaceOf(snapshot)} a minute or two later: :flows namespace=${namespace}.`,
        done: (shown) => gone(shown, name),
        // biome-ignore lint/suspicious/noThenProperty: a list of requests, nobody awaits a plan
        then: [end],
      },
    });
  },
  async run(plan, world) {
    const made = await world.send(plan.request);
    const [end] = plan.then ?? [];
    if (made.outcome !== 'done' || end === undefined) return made;
    const until = captureUntil(plan.request.body ?? {});
    const name = plan.object.name;
    const left = () => until - serverTime(world.snapshot(), Date.now());
    const taken = await world.until(({ tables }) => stateOf(tables, name) !== '' || world.stop.aborted, takenUpMs);
    world.progress(taken ? `logging until ${clock(until)}` : `not taken up by the agents yet, until ${clock(until)}`);
    await world.until(() => world.stop.aborted || left() <= 0, Math.max(0, left()));
    const uid = uidOf(made.object ?? {});
    const ended = await sentUntilHeard({ ...end, preconditions: uid === '' ? {} : { uid } }, world);
    if (ended.outcome === 'done') return ended;
    // Somebody else was faster: that is what was wanted.
    if (ended.outcome === 'refused' && ended.kind === 'missing')
      return { outcome: 'done', object: undefined, late: false };
    const what = `The capture was made, and whether it has ended is not known: ${ended.what}`;
    const still = `The capture goes on, for ContainerNetworkLog ${name} could not be deleted: ${ended.what}`;
    return {
      outcome: 'partly',
      what: ended.outcome === 'refused' ? still : what,
      hint: `End it: :end-capture ${name}`,
    };
  },
};

/** A machine that wakes has no network for a while, so the end is asked for again; whoever stops it waits for one try only. */
async function sentUntilHeard(request: WriteRequest, world: RunWorld): Promise<WriteAnswer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await world.send(request);
    if (answer.outcome !== 'refused' || !passing.includes(answer.kind)) return answer;
    if (world.stop.aborted || tries === mostTries) return answer;
    world.progress(`its end waits: ${answer.what}`);
    await world.until(() => false, Math.max(againMs, answer.retryAfterMs ?? 0));
  }
}

const passing: readonly RefusalKind[] = ['unreachable', 'throttled', 'unauthorized', 'lost'];
const againMs = 10_000;
const mostTries = 30;

const { group, plural, kind, versions } = kinds.containerNetworkLogs;
const logKind: ApiKind = { group, version: versions[0] ?? 'v1alpha1', plural, kind };

function whyNot(snapshot: Snapshot): string | undefined {
  const none = withoutCilium(snapshot);
  if (none !== undefined) return none;
  const instead = 'Look at drops and flows live from the agents instead.';
  if (!isManaged(snapshot)) return `ContainerNetworkLogs are part of AKS’ ACNS, which this cluster has not. ${instead}`;
  if (snapshot.links.get('containerNetworkLogs')?.phase === 'missing')
    return `This cluster serves no ContainerNetworkLog: ACNS is off (ciliscope plan enable-acns). ${instead}`;
  return undefined;
}

/** A namespace is a label to it. */
function bodyOf(name: string, namespace: string, until: number) {
  const all = { protocol: ['tcp', 'udp', 'dns'], verdict: ['forwarded', 'dropped'] };
  const pods = { labelSelector: { matchLabels: { 'k8s.io/namespace': namespace } } };
  return {
    apiVersion: `${logKind.group}/${logKind.version}`,
    kind: logKind.kind,
    metadata: {
      name,
      labels: { [managedBy]: managedByUs },
      annotations: { 'ciliscope/until': new Date(until).toISOString() },
    },
    spec: {
      includefilters: [
        { name: 'from', from: pods, ...all },
        { name: 'to', to: pods, ...all },
      ],
    },
  };
}

function warningsOf(snapshot: Snapshot): readonly string[] {
  const { tables, facts } = snapshot;
  const others = [...tables.containerNetworkLogs.rows.values()].map(({ name }) => name);
  const cluster = facts.arm?.value;
  return [
    ...(cluster?.monitoring.flowLogs === false
      ? [
          'Flow logs are not collected on this cluster: rows stay on the nodes until `ciliscope plan enable-flow-logs` is applied.',
        ]
      : []),
    ...(others.length === 0
      ? []
      : [`${counted(others.length, 'ContainerNetworkLog')} (${someOf(others)}) may have these flows logged already.`]),
    'While it runs this context cannot be left; ctrl-c ends it.',
  ];
}

function workspaceOf({ facts }: Snapshot): string {
  const id = facts.workspace?.value?.id ?? '';
  return id === '' ? '' : ` of workspace ${id.slice(id.lastIndexOf('/') + 1)}`;
}

function stateOf(tables: Snapshot['tables'], name: string): string {
  return tables.containerNetworkLogs.named('', name)?.state ?? '';
}

function gone(snapshot: Snapshot, name: string): Seen {
  if (snapshot.tables.containerNetworkLogs.named('', name) !== undefined)
    return { seen: false, waits: `the watch still shows ContainerNetworkLog ${name}` };
  if (!wouldBeSeen(snapshot, 'containerNetworkLogs', ''))
    return { seen: false, waits: 'the watch of ContainerNetworkLogs does not tell that it is gone' };
  return {
    seen: true,
    text: `The capture has ended, and ContainerNetworkLog ${name} is gone; its rows stay in the workspace.`,
  };
}
