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
  /** What it may cost, a sentence. */
  risk: string;
  /** Undefined: it only looks, or there is nothing here that it could be about (`offer.refusal` says why not otherwise). */
  offer: Offer | undefined;
  /** Why it is not its turn: the rung before is not exhausted. '' = it is. Whoever chooses it outright may all the same. */
  first: string;
};

export type Ladder = { drifts: readonly Drift[]; rungs: readonly Rung[] };

/** What heals by itself does so in this time; and so long a rung that was tried has to show what it did. */
const patienceMs = 60_000;
/** What was tried before that says nothing of what is there now. */
const rememberedMs = 3_600_000;

/** The ladder for one slice, or for one endpoint (CiliumEndpoint or Pod, which share a name). */
export function resyncLadder(snapshot: Snapshot, about: ObjectRef, now: number): Ladder {
  const drifts = sliceDrift(snapshot, now).filter((drift) => isAbout(drift, about));
  const seen = isTold(snapshot, drifts) ? 0 : Math.min(now, ...drifts.map((drift) => drift.seen));
  const rungs = rungsOf(snapshot, about, drifts);
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

function rungsOf(snapshot: Snapshot, about: ObjectRef, drifts: readonly Drift[]): readonly Bare[] {
  return [
    {
      id: 'observe',
      title: 'observe: the entries, the operator’s leader, its failed writes',
      risk: 'None.',
      offer: undefined,
    },
    podRung(snapshot, about, drifts),
    {
      id: 'restart-leader',
      title: 'restart the operator’s leader',
      risk: 'No slice, identity or taint is written until the next one leads; traffic is not touched.',
      offer: offerOn(snapshot, restartOperator, { which: 'leader' }, "restart the operator's leader"),
    },
    sliceRung(snapshot, about, drifts),
    agentRung(snapshot, about, drifts),
  ];
}

function podRung(snapshot: Snapshot, about: ObjectRef, drifts: readonly Drift[]): Bare {
  const own = about.kind.startsWith('CiliumEndpointSlice')
    ? undefined
    : { namespace: about.namespace ?? '', name: about.name };
  const named =
    own ?? drifts.find((drift) => drift.what !== 'stale' && snapshot.tables.pods.named(drift.namespace, drift.name));
  const pod = named && snapshot.tables.pods.named(named.namespace, named.name);
  const what = pod === undefined ? 'recreate one pod' : `recreate pod ${pod.namespace}/${pod.name}`;
  return {
    id: 'recreate-pod',
    title: what,
    risk: 'Its connections end; it gets a new endpoint and a new entry.',
    offer: pod && offerOn(snapshot, recreatePod, { namespace: pod.namespace, name: pod.name }, what),
  };
}

function sliceRung(snapshot: Snapshot, about: ObjectRef, drifts: readonly Drift[]): Bare {
  const name = about.kind.startsWith('CiliumEndpointSlice')
    ? about.name
    : drifts.find(({ what }) => what === 'stale')?.slices[0];
  const title = name === undefined ? 'delete a slice of stale entries' : `delete slice ${name}`;
  return {
    id: 'delete-slice',
    title,
    risk: 'Refused with any live entry: agents would forget those pods, and policies drop their connections.',
    offer: name === undefined ? undefined : offerOn(snapshot, deleteStaleSlice, { name }, title),
  };
}

/** Which agent disagrees only agents can tell; its own is the one that reads its pods' endpoints anew. */
function agentRung(snapshot: Snapshot, about: ObjectRef, drifts: readonly Drift[]): Bare {
  const [drift] = drifts;
  const pod = snapshot.tables.pods.named(
    about.namespace ?? drift?.namespace ?? '',
    about.namespace ? about.name : (drift?.name ?? ''),
  );
  const node = pod?.node ?? '';
  const title = node === '' ? 'restart one agent that disagrees (:restart-agent NODE)' : `restart the agent on ${node}`;
  return {
    id: 'restart-agent',
    title,
    risk: 'Connections go on; new pods on its node wait, proxied flows pause.',
    offer: node === '' ? undefined : offerOn(snapshot, restartAgent, { node }, title),
  };
}
