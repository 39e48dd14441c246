import type { DoneJob } from '../model/jobs.ts';
import type { ObjectRef } from '../model/ref.ts';
import type { Offer } from '../model/runbook-result.ts';
import { type Drift, sliceDrift } from '../model/slices.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { deleteStaleSlice } from './delete-stale-slice.ts';
import { offerOn } from './offer.ts';
import { recreatePod } from './recreate-pod.ts';
import { restartAgent } from './restart-agent.ts';
import { restartOperator } from './restart-operator.ts';

/** A step of the ladder (domain §2.5), by rising risk. */
export type Rung = {
  id: 'observe' | 'recreate-pod' | 'restart-leader' | 'delete-slice' | 'restart-agent';
  title: string;
  /** What was seen that names what it is about, a sentence; ''. */
  why: string;
  /** What it may cost, a sentence. */
  risk: string;
  /** Undefined: it only looks, or nothing names what it could be about (`offer.refusal` says why not otherwise). */
  offer: Offer | undefined;
  /** Without an offer: what would name it. */
  lacks: string;
  /** Why it is not its turn: the rung before is not exhausted. '' = it is. Whoever chooses it outright may all the same. */
  first: string;
};

export type Ladder = { drifts: readonly Drift[]; rungs: readonly Rung[] };

/** What heals by itself does so in this time; and so long a rung that was tried has to show what it did. */
const patienceMs = 60_000;
/** What was tried before that says nothing of what is there now. */
const rememberedMs = 3_600_000;

/** An agent that was asked, and takes an address for what it is not; `at` = when. */
export type Disagreeing = { node: string; text: string; at: number };

/**
 * The ladder for one slice, or for one endpoint (CiliumEndpoint or Pod, which share a name). `disagree`: agents of which
 * one has just seen it, besides what truth checks have told.
 */
export function resyncLadder(
  snapshot: Snapshot,
  about: ObjectRef,
  now: number,
  disagree: readonly Disagreeing[] = [],
): Ladder {
  const drifts = sliceDrift(snapshot, now).filter((drift) => isAbout(drift, about));
  const seen = isTold(snapshot, drifts) ? 0 : Math.min(now, ...drifts.map((drift) => drift.seen));
  const rungs = rungsOf(snapshot, about, drifts, disagree);
  let first = drifts.length === 0 ? 'nothing differs here' : waitFor(seen, 'it differs', now);
  return {
    drifts,
    rungs: rungs.map((rung) => {
      if (rung.id === 'observe') return { ...rung, first: '' };
      const own = first;
      const isOpen = rung.offer !== undefined && rung.offer.refusal === '';
      if (own === '' && isOpen) first = whyNotNext(rung, snapshot.jobs.done, now);
      return { ...rung, first: own };
    }),
  };
}

/** A check has told of it: so it has stood for its grace already. */
function isTold({ judgement }: Snapshot, drifts: readonly Drift[]): boolean {
  const names = new Set(drifts.map(({ namespace, name }) => `${namespace}/${name}`));
  return judgement.findings.some(
    ({ id, objects }) =>
      id.startsWith('endpoints/') &&
      objects.some((one) => one.kind === 'CiliumEndpoint' && names.has(`${one.namespace}/${one.name}`)),
  );
}

function isAbout(drift: Drift, { kind, namespace = '', name }: ObjectRef): boolean {
  if (kind.startsWith('CiliumEndpointSlice'))
    return drift.slices.includes(name) || (isOfSlice(drift) && drift.name === name);
  return !isOfSlice(drift) && drift.namespace === namespace && drift.name === name;
}

function isOfSlice({ what }: Drift): boolean {
  return what === 'over-limit' || what === 'empty';
}

function waitFor(since: number, what: string, now: number): string {
  const left = since + patienceMs - now;
  return left <= 0
    ? ''
    : `${what} for ${Math.round((now - since) / 1_000)}s only: see for ${Math.ceil(left / 1_000)}s more whether it heals`;
}

/** A rung is exhausted when it was done, had its time, and it still differs. */
function whyNotNext({ title, offer }: Bare, done: readonly DoneJob[], now: number): string {
  const tried = done.findLast(
    (job) => job.title === offer?.title && now - job.at < rememberedMs && job.outcome !== 'refused',
  );
  return tried === undefined ? `first ${title}` : waitFor(tried.at, `${title} was done`, now);
}

type Bare = Omit<Rung, 'first'>;

function rungsOf(
  snapshot: Snapshot,
  about: ObjectRef,
  drifts: readonly Drift[],
  disagree: readonly Disagreeing[],
): readonly Bare[] {
  return [
    {
      id: 'observe',
      title: 'observe: the entries, the operator’s leader, its failed writes',
      ...{ why: '', risk: 'None.', offer: undefined, lacks: '' },
    },
    podRung(snapshot, about, drifts),
    {
      id: 'restart-leader',
      title: 'restart the operator’s leader',
      ...{ why: '', lacks: '' },
      risk: 'No slice, identity or taint is written until the next one leads; traffic is not touched.',
      offer: offerOn(snapshot, restartOperator, { which: 'leader' }, "restart the operator's leader"),
    },
    sliceRung(snapshot, about, drifts),
    agentRung(snapshot, about, drifts, disagree),
  ];
}

/** The pod itself; of a slice one of those that stand wrongly in it and are there. */
function podRung(snapshot: Snapshot, about: ObjectRef, drifts: readonly Drift[]): Bare {
  const { pods } = snapshot.tables;
  const own = about.kind.startsWith('CiliumEndpointSlice')
    ? drifts.find((drift) => drift.what !== 'stale' && pods.named(drift.namespace, drift.name))
    : { namespace: about.namespace ?? '', name: about.name };
  // An entry without a pod may stand for an address that somebody else has by now: that one is taken for another.
  const drift = drifts.find(({ ip }) => ip !== '');
  const heir = drift && pods.by('ip', drift.ip).find(({ hostNetwork }) => !hostNetwork);
  const pod = (own && pods.named(own.namespace, own.name)) ?? heir;
  const what = pod === undefined ? 'recreate one pod' : `recreate pod ${pod.namespace}/${pod.name}`;
  const found = drifts.find(({ namespace, name }) => namespace === pod?.namespace && name === pod.name);
  return {
    id: 'recreate-pod',
    title: what,
    why: found?.detail ?? (pod === heir && pod !== undefined ? `it has ${drift?.ip} now` : ''),
    risk: 'Its connections end; it gets a new endpoint and a new entry.',
    offer: pod && offerOn(snapshot, recreatePod, { namespace: pod.namespace, name: pod.name }, what),
    lacks: 'what differs is of no pod that is there',
  };
}

/** The slice itself, else of those that hold a stale entry the one of which every entry is. */
function sliceRung(snapshot: Snapshot, about: ObjectRef, drifts: readonly Drift[]): Bare {
  const named = about.kind.startsWith('CiliumEndpointSlice')
    ? [about.name]
    : [...new Set(drifts.filter(({ what }) => what === 'stale').flatMap(({ slices }) => slices))];
  const offers = named.map((name) => offerOn(snapshot, deleteStaleSlice, { name }, `delete slice ${name}`));
  const offer = offers.find(({ refusal }) => refusal === '') ?? offers[0];
  return {
    id: 'delete-slice',
    title: offer?.title ?? 'delete a slice of stale entries',
    why: offer?.refusal === '' ? 'every entry in it is stale' : '',
    risk: 'Refused with any live entry: agents would forget those pods, and policies drop their connections.',
    offer,
    lacks: 'no slice holds a stale entry',
  };
}

/** Which agent disagrees only agents can tell: a truth check has asked them, or whoever climbs (`disagree`). */
function agentRung(
  snapshot: Snapshot,
  about: ObjectRef,
  drifts: readonly Drift[],
  disagree: readonly Disagreeing[],
): Bare {
  const all = [...disagree, ...toldByTruth(snapshot, about, drifts)];
  const since = (node: string) =>
    snapshot.jobs.done.findLast(({ title, outcome }) => title === titleOf(node) && outcome !== 'refused')?.at ?? 0;
  // Who was restarted since has read everything anew.
  const left = all.filter(({ node, at }) => since(node) < at);
  const [first] = left.length > 0 ? left : all;
  const others = new Set(left.map(({ node }) => node).filter((node) => node !== first?.node)).size;
  const [drift] = drifts;
  const pod =
    about.kind.startsWith('CiliumEndpointSlice') && drift !== undefined
      ? `${drift.namespace}/${drift.name}`
      : `${about.namespace ?? ''}/${about.name}`;
  return {
    id: 'restart-agent',
    title: first === undefined ? 'restart one agent that disagrees' : titleOf(first.node),
    why: first === undefined ? '' : `${first.text}${others === 0 ? '' : `; then, one by one, ${others} more`}`,
    risk: 'Connections go on; new pods on its node wait, proxied flows pause.',
    offer: first && offerOn(snapshot, restartAgent, { node: first.node }, titleOf(first.node)),
    lacks: `nobody knows yet which agent disagrees: :truth pod ${pod} asks them`,
  };
}

function titleOf(node: string): string {
  return `restart the agent on ${node}`;
}

function toldByTruth(snapshot: Snapshot, about: ObjectRef, drifts: readonly Drift[]): readonly Disagreeing[] {
  const pods = new Set(drifts.map(({ namespace, name }) => `${namespace}/${name}`));
  if (!about.kind.startsWith('CiliumEndpointSlice')) pods.add(`${about.namespace ?? ''}/${about.name}`);
  const ips = new Set(drifts.map(({ ip }) => ip).filter((ip) => ip !== ''));
  return (snapshot.facts.truth?.value?.results ?? []).toReversed().flatMap(({ at, differences }) =>
    differences
      .filter(({ aspect, node }) => aspect === 'ipcache' && node !== '')
      .filter(({ object, key }) => pods.has(`${object.namespace}/${object.name}`) || ips.has(key))
      .map(({ node, realised }) => ({ node, text: `${node}: ${realised.text}`, at })),
  );
}
