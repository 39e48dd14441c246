import { messageOf, UserError } from '../../errors.ts';
import {
  type BundleManifest,
  type BundleSession,
  bundleFormat,
  factChange,
  type ReadAgain,
} from '../../model/bundle/bundle-content.ts';
import type { Judgement } from '../../model/finding.ts';
import type { Link, SourceId } from '../../model/link.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { sources } from '../kubernetes/sources.ts';
import { createBundleRows, type Judge } from './bundle-rows.ts';
import { readArchive } from './read-archive.ts';

/** What a bundle says, judged anew as of the time it was taken. */
export type ReadBundle = {
  manifest: BundleManifest;
  snapshot: Snapshot;
  judgement: Judgement;
  /** ms since 1970, by the server's clock. */
  takenAt: number;
};

const atOnce = 500;
/** No cluster has nearly as many; an archive that is made to fill the memory may. */
const mostObjects = 2_000_000;
const mostAgain = 5_000;
/** It is judged twice or three times. */
const mostJudged = 5;

/**
 * Reads a bundle without asking anybody, and judges it in as many steps as it was judged when it was taken. Nothing of it
 * is written anywhere. Throws a UserError of one sentence for whatever is no bundle, or tries to be more than one.
 */
export async function readBundle(path: string, judgeOf: (settleMs: number) => Judge): Promise<ReadBundle> {
  const name = sanitiseLine(path, 200);
  // The first rows must be dated by something; what counts is the moment at which they are judged.
  const rows = createBundleRows(Date.now());
  const rounds = new Map<SourceId, number>();
  const again: ReadAgain[] = [];
  const seen = new Set<string>();
  const foreign = new Set<string>();
  let objects = 0;
  // A table is brought up to date once for many rows.
  const pending: { source: SourceId; objects: RawObject[] } = { source: 'pods', objects: [] };
  const putPending = () => rows.put(pending.source, pending.objects.splice(0));
  const read: { session?: BundleSession; manifest?: BundleManifest } = {};

  await readArchive(path, (file) => {
    if (file.startsWith('objects')) seen.add(file);
    const list = /^objects\/(\w+)\/(\d{1,3})-\d{1,9}\.ndjson$/.exec(file);
    if (list !== null) return objectsOf(list[1] as SourceId, Number(list[2]), file);
    if (file === 'objects-again/suspects.ndjson') return { line: (text) => again.push(againOf(text, file)) };
    if (file === 'session.json')
      return { whole: (text) => (read.session = withoutControls(parsed(text, file)) as BundleSession) };
    if (file === 'manifest.json')
      return { whole: (text) => (read.manifest = withoutControls(parsed(text, file)) as BundleManifest) };
    return undefined;
  });
  putPending();
  const { session, manifest } = read;
  if (seen.size === 0 && session === undefined && manifest === undefined)
    throw new UserError(`${name} holds nothing of a bundle.`, 'Give a file that ciliscope bundle wrote.');
  if (manifest === undefined || session === undefined) {
    throw new UserError(`${name} broke off before its end: it has no manifest.`, 'Take it again, or copy it again.');
  }
  if (manifest.format !== bundleFormat) {
    throw new UserError(`${name} is of a format that this version does not read.`, 'Use the version that took it.');
  }
  const takenAt = Date.parse(manifest.takenAt);
  try {
    const lost = (manifest.files ?? []).map(({ path: file }) => file).filter((file) => isRead(file) && !seen.has(file));
    const isLost = (source: string) => lost.some((file) => file.startsWith(`objects/${source}/`));
    rows.tell([
      { type: 'cluster', cluster: { ...session.cluster, skew: 0, notice: '' } },
      ...session.links
        .filter(([source]) => isKnown(source))
        .map(([source, link]) => ({ type: 'link' as const, source, link: isLost(source) ? lostLink : link })),
      ...session.facts.map(factChange),
    ]);
    const judge = judgeOf(session.settleMs);
    const measured = { churn: session.churn, timeline: session.timeline };
    let judgement: Judgement | undefined;
    const moments = session.judgedAt.slice(0, mostJudged);
    for (const [step, at] of moments.entries()) {
      if (step === moments.length - 1) for (const one of again) rows.again(one);
      judgement = judge.judge(rows.snapshot(measured), at);
    }
    if (judgement === undefined || Number.isNaN(takenAt)) throw new Error('it says no time');
    const gaps = [
      ...(manifest.gaps ?? []),
      ...lost.map((file) => ({ what: file, why: 'It was taken out of the archive.' })),
      ...[...foreign].map((what) => ({ what, why: 'This version of ciliscope does not know such objects.' })),
    ];
    return { manifest: { ...manifest, gaps }, snapshot: { ...rows.snapshot(measured), judgement }, judgement, takenAt };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${name} makes no sense: ${sanitiseLine(messageOf(error), 200)}.`);
  }

  function objectsOf(source: SourceId, round: number, file: string): { line(text: string): void } | undefined {
    if (!isKnown(source)) {
      if (foreign.size < 100) foreign.add(source);
      return undefined;
    }
    const before = rounds.get(source) ?? 0;
    // A list that began again: only its last round counts, in whatever order they lie.
    if (round < before) return undefined;
    if (round > before && before > 0) {
      putPending();
      rows.clear(source);
    }
    rounds.set(source, round);
    return {
      line(text) {
        objects += 1;
        if (objects > mostObjects) throw new UserError(`${name} holds more objects than any cluster.`);
        if (pending.source !== source || pending.objects.length >= atOnce) putPending();
        pending.source = source;
        pending.objects.push(objectOf(parsed(text, file), file));
      },
    };
  }

  function againOf(text: string, file: string): ReadAgain {
    const value = objectOf(parsed(text, file), file) as Partial<ReadAgain>;
    const { source, namespace, name: called, object } = value;
    const makesSense =
      isKnown(source) && typeof namespace === 'string' && typeof called === 'string' && object !== undefined;
    if (!makesSense || again.length >= mostAgain) throw new UserError(`${name} makes no sense: ${file}.`);
    return value as ReadAgain;
  }

  function parsed(text: string, file: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw new UserError(`${name} holds what is no JSON: ${file}.`);
    }
  }

  function objectOf(value: unknown, file: string): RawObject {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as RawObject;
    throw new UserError(`${name} holds what is no object: ${file}.`);
  }
}

function isKnown(source: unknown): boolean {
  return sources.some(({ id }) => id === source);
}

/** Without it, what is judged would be judged wrongly. */
function isRead(file: string): boolean {
  const [, source] = /^objects\/(\w+)\//.exec(file) ?? [];
  return source === undefined ? file.startsWith('objects-again/') : isKnown(source);
}

const lostLink: Link = { phase: 'failed', heard: 0, problem: 'Not all of it is in the bundle any more.' };

const deepest = 60;

/** What was sanitised when the bundle was written may have been changed since: it enters again. */
function withoutControls(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return sanitiseLine(value, 8_192);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) return null;
  if (Array.isArray(value)) return value.map((one) => withoutControls(one, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [sanitiseLine(key, 300), withoutControls(one, depth + 1)]),
  );
}
