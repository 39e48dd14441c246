import { setTimeout as sleep } from 'node:timers/promises';
import { type BundledFact, type BundleSession, bundleFormat, factChange } from '../../model/bundle/bundle-content.ts';
import type { BundleGap } from '../../model/bundle/bundle-plan.ts';
import type { BundleEvent, BundleRequest } from '../../model/bundle/bundle-request.ts';
import type { FactId } from '../../model/facts.ts';
import { createRedactor, type Redactor } from '../../model/redaction/redactor.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { inTurns } from '../in-turns.ts';
import type { ApiClient } from '../kubernetes/api-client.ts';
import type { Commands } from '../kubernetes/commands.ts';
import { type BundleArchive, openArchive } from './bundle-archive.ts';
import { createBundleRows, type Judge } from './bundle-rows.ts';
import { nameIndex } from './name-index.ts';
import { ordered } from './ordered.ts';
import { patientClient } from './patient-client.ts';
import { type PodText, textsOf } from './pod-texts.ts';
import { asJson, type BundleObjects, readObjects, reasonOf } from './read-objects.ts';

export type TakeOptions = {
  request: BundleRequest;
  client: ApiClient;
  exec: Commands['exec'];
  /** What is watched, as it is then. */
  known(): Snapshot;
  judge: Judge;
  /** Aborted: nothing more is read, what there is is kept. */
  stop: AbortSignal;
};

/** What is asked at the same time: others need the API server, too. */
const atOnce = 4;
const tellMs = 200;

/** Takes a bundle. Whoever ends the iteration ends it. */
export async function* takeBundle(options: TakeOptions): AsyncGenerator<BundleEvent> {
  const { request } = options;
  const left = new AbortController();
  const stop = AbortSignal.any([options.stop, left.signal]);
  const progress: Progress = { text: 'beginning', requests: 0 };
  const archive = await openArchive(request.path, options.client.now());
  let ended: Extract<BundleEvent, { type: 'end' }> | undefined;
  const taking = take({ ...options, stop }, archive, progress).then(
    (end) => {
      ended = end;
    },
    async (error: unknown) => {
      await archive.discard();
      throw error;
    },
  );
  taking.catch(() => {});
  try {
    while (ended === undefined) {
      yield { type: 'progress', ...progress, bytes: archive.bytes() };
      await Promise.race([taking, sleep(tellMs)]);
    }
    yield ended;
  } finally {
    left.abort();
  }
}

type Progress = { text: string; requests: number };

async function take(
  { request, client, exec, judge, stop, ...options }: TakeOptions,
  archive: BundleArchive,
  progress: Progress,
): Promise<Extract<BundleEvent, { type: 'end' }>> {
  const { plan } = request;
  const known = ofOneCluster(options.known);
  const gaps: BundleGap[] = [...plan.gaps];
  const takenAt = client.now();
  const redactor = createRedactor(nameIndex(known()));
  await knowOwnSecrets(client, redactor);
  const counted = patientClient(client, () => {
    progress.requests += 1;
  });
  const rows = createBundleRows(takenAt);
  rows.tell([{ type: 'cluster', cluster: known().cluster }, ...factsOf(known(), redactor).map(factChange)]);

  const objects: BundleObjects = { client: counted, archive, redactor, rows, gaps, stop, links: known().links };
  progress.text = 'reading objects';
  const judgedAt = await readObjects(objects, judge, {
    settleMs: request.settleMs,
    measured: () => ({ churn: known().churn, timeline: request.timeline }),
    say: (text) => {
      progress.text = text;
    },
  });

  const pods = plan.pods.map((pod) => textsOf(pod, plan.sinceMs, counted, exec));
  for (const part of ['logs', 'commands', 'metrics'] as const) {
    const texts = pods.flatMap((pod) => pod[part]);
    let read = 0;
    const results = ordered(texts, atOnce, (text) => {
      if (part === 'commands' && !stop.aborted) progress.requests += 1;
      return attempt(text, stop);
    });
    for await (const { path, what, text, why } of results) {
      read += 1;
      progress.text = `${part}: ${read} of ${texts.length}`;
      if (text !== undefined) await archive.add(path, await inTurns(redactor.longText(text)));
      if (why !== '') gaps.push({ what, why });
    }
  }
  for (const { path, text } of request.texts)
    await archive.add(`session/${path}`, await inTurns(redactor.longText(text)));

  progress.text = 'writing what was found';
  const measured = { churn: known().churn, timeline: request.timeline };
  const facts = factsOf(known(), redactor);
  rows.tell(facts.map(factChange));
  const session: BundleSession = {
    cluster: known().cluster,
    links: [...rows.snapshot().links],
    facts,
    ...measured,
    judgement: judge.judge(rows.snapshot(measured), judgedAt.at(-1) ?? takenAt),
    judgedAt,
    settleMs: request.settleMs,
  };
  await archive.add('session.json', asJson(await inTurns(redactor.longData(session))));
  const { context, server, kubernetesVersion } = known().cluster;
  const manifest = {
    ...{ format: bundleFormat, program: request.program, context, server, kubernetesVersion },
    takenAt: new Date(takenAt).toISOString(),
    endedAt: new Date(client.now()).toISOString(),
    since: new Date(takenAt - plan.sinceMs).toISOString(),
    nodes: plan.nodes,
    requests: progress.requests,
    files: archive.files().slice(),
    gaps: stop.aborted ? [...gaps, { what: 'the rest', why: stoppedWhy }] : gaps,
    redacted: redactor.count(),
  };
  await archive.add(
    'manifest.json',
    `${JSON.stringify({ ...(redactor.data({ ...manifest, files: [] }) as object), files: manifest.files }, null, 2)}\n`,
  );
  return {
    ...{ type: 'end', path: request.path, bytes: await archive.end(), files: archive.files().length },
    ...{ requests: progress.requests, gaps: manifest.gaps, redacted: redactor.count(), stopped: stop.aborted },
  };
}

/** Whoever leaves half way may choose another cluster before the archive of this one is closed. */
function ofOneCluster(known: () => Snapshot): () => Snapshot {
  let last = known();
  return () => {
    const now = known();
    if (now.epoch === last.epoch) last = now;
    return last;
  };
}

const stoppedWhy = 'It was stopped before its end.';

async function attempt({ path, what, read }: PodText, stop: AbortSignal) {
  if (stop.aborted) return { path, what, text: undefined, why: '' };
  try {
    const { text, lacks } = await read(stop);
    return { path, what, text, why: lacks };
  } catch (error) {
    return { path, what, text: undefined, why: stop.aborted ? stoppedWhy : reasonOf(error) };
  }
}

/** What we show ourselves with may stand in an audit or an agent's log. */
async function knowOwnSecrets(client: ApiClient, redactor: Redactor): Promise<void> {
  const identity = await client.credentials.identity().catch(() => undefined);
  for (const value of Object.values(identity?.headers ?? {}).flat()) {
    redactor.know(value);
    redactor.know(value.replace(/^\w+\s+/, ''));
  }
}

/** Facts are ours, made of what Azure and the agents said: what of it looks like a secret goes, too. */
function factsOf({ facts }: Snapshot, redactor: Redactor): readonly BundledFact[] {
  return (Object.keys(facts) as FactId[]).flatMap((fact) => {
    const held = facts[fact];
    if (held === undefined) return [];
    const { link, value, at } = held;
    return [redactor.data({ fact, link, ...(value === undefined ? {} : { value }), at }) as BundledFact];
  });
}
