import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, UserError } from '../../errors.ts';
import type { BundleSession, ReadAgain } from '../../model/bundle/bundle-content.ts';
import type { BundleGap } from '../../model/bundle/bundle-plan.ts';
import { kinds } from '../../model/kinds.ts';
import type { Link, SourceId } from '../../model/link.ts';
import type { RawObject } from '../../model/objects/row.ts';
import type { Redactor } from '../../model/redaction/redactor.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { ApiClient } from '../kubernetes/api-client.ts';
import { ApiProblem } from '../kubernetes/api-problem.ts';
import { createServed, type Served } from '../kubernetes/served.ts';
import { listPath, sources, type WatchSource } from '../kubernetes/sources.ts';
import type { BundleArchive } from './bundle-archive.ts';
import type { BundleRows, Judge, Reread } from './bundle-rows.ts';
import { listRaw } from './raw-list.ts';

export type BundleObjects = {
  client: ApiClient;
  archive: BundleArchive;
  redactor: Redactor;
  rows: BundleRows;
  gaps: BundleGap[];
  stop: AbortSignal;
  links: Snapshot['links'];
};

export type Judging = {
  settleMs: number;
  measured(): Pick<BundleSession, 'churn' | 'timeline'>;
  say(text: string): void;
};

/** A file of a list holds about so much, characters: never a whole list is held. */
const fileLength = 4_000_000;
const mostReread = 500;
const rereadAtOnce = 4;

/**
 * Lists what the console watches, and judges it as `check` does: what only seems wrong for a moment is watched and read
 * once more, and what that read is kept as well, so that a reader comes to the same findings. Resolves with the moments
 * at which it was judged.
 */
export async function readObjects(given: BundleObjects, judge: Judge, judging: Judging): Promise<readonly number[]> {
  const { client, rows, stop, links } = given;
  const served = createServed(client);
  let read = 0;
  for (const source of inOrder(sources)) {
    judging.say(`objects: ${read} of ${sources.length} kinds`);
    rows.tell([
      { type: 'link', source: source.id, link: await readSource(given, served, source, links.get(source.id)) },
    ]);
    read += 1;
  }
  const first = client.now();
  judge.judge(rows.snapshot(judging.measured()), first);
  const suspects = judge.unvouched().length;
  if (suspects === 0 || stop.aborted) return [first];
  judging.say(`watching ${suspects} suspects for ${judging.settleMs / 1_000}s`);
  await sleep(judging.settleMs, undefined, { signal: stop }).catch(() => {});
  const second = Math.max(client.now(), first + judging.settleMs);
  judge.judge(rows.snapshot(judging.measured()), second);
  const wanted = judge
    .unvouched()
    .filter(({ ripe }) => ripe)
    .flatMap(({ suspect }) => suspect.reread ?? [])
    .slice(0, mostReread);
  if (wanted.length === 0 || stop.aborted) return [first, second];
  judging.say(`reading ${wanted.length} suspects once more`);
  await readAgain(given, served, distinct(wanted));
  return [first, second, Math.max(client.now(), second)];
}

/** What holds settings comes first: what is secret in those is not told by what comes after them. */
function inOrder(all: readonly WatchSource[]): readonly WatchSource[] {
  const first = ['configMaps', 'daemonSets', 'deployments', 'statefulSets', 'systemPods', 'pods'];
  return all.toSorted((a, b) => placeIn(first, a.id) - placeIn(first, b.id));
}

function placeIn(first: readonly string[], id: string): number {
  const at = first.indexOf(id);
  return at < 0 ? first.length : at;
}

async function readSource(
  { client, archive, redactor, rows, gaps, stop }: BundleObjects,
  served: Served,
  source: WatchSource,
  link: Link | undefined,
): Promise<Link> {
  const known = link?.phase;
  if (link !== undefined && (known === 'missing' || known === 'forbidden')) {
    if (known === 'forbidden') gaps.push({ what: source.id, why: link.problem ?? 'It may not be listed.' });
    return link;
  }
  let lines: string[] = [];
  let length = 0;
  let file = 1;
  let round = 1;
  const write = async () => {
    const path = `objects/${source.id}/${round}-${String(file).padStart(5, '0')}.ndjson`;
    file += 1;
    await archive.add(path, lines.join(''));
    lines = [];
    length = 0;
  };
  try {
    for await (const page of listRaw({ client, served, source, link, signal: stop })) {
      if (page.anew) {
        // What was written of it stays in the archive; its readers go by the later round.
        rows.clear(source.id);
        round += 1;
        file = 1;
        lines = [];
        length = 0;
      }
      const kept = page.objects.map((raw) => redactor.data(raw) as RawObject);
      rows.put(source.id, kept);
      for (const raw of kept) {
        const line = asJson(raw);
        lines.push(line);
        length += line.length;
        if (length >= fileLength) await write();
      }
    }
    // Also of a kind of which there is none: that is known, then.
    await write();
    return { phase: 'live', heard: client.now(), ...onlyOf(link) };
  } catch (error) {
    if (!(error instanceof UserError) && !stop.aborted) throw error;
    if (lines.length > 0) await write();
    const why = stop.aborted ? 'It was stopped before its end.' : reasonOf(error);
    if (error instanceof ApiProblem && error.kind === 'missing') return { phase: 'missing', heard: 0, problem: why };
    gaps.push({ what: source.id, why });
    const phase = error instanceof ApiProblem && error.kind === 'forbidden' ? 'forbidden' : 'failed';
    return { phase, heard: 0, problem: why };
  }
}

function onlyOf(link: Link | undefined): Pick<Link, 'only' | 'problem'> {
  if (link?.only === undefined) return {};
  return { only: link.only, ...(link.problem === undefined ? {} : { problem: link.problem }) };
}

async function readAgain(given: BundleObjects, served: Served, wanted: readonly Reread[]): Promise<void> {
  const { archive, redactor, rows, stop } = given;
  const lines: string[] = [];
  for (let at = 0; at < wanted.length && !stop.aborted; at += rereadAtOnce) {
    const some = wanted.slice(at, at + rereadAtOnce);
    for (const again of await Promise.all(some.map((one) => readOne(given, served, one)))) {
      if (again === undefined) continue;
      const kept = redactor.data(again) as ReadAgain;
      rows.again(kept);
      lines.push(asJson(kept));
    }
  }
  await archive.add('objects-again/suspects.ndjson', lines.join(''));
}

async function readOne(
  { client, gaps, stop }: BundleObjects,
  served: Served,
  { kind: id, namespace, name }: Reread,
): Promise<ReadAgain | undefined> {
  const kind = kinds[id];
  const source: SourceId = id === 'pods' && namespace === 'kube-system' ? 'systemPods' : id;
  try {
    const version = await served.version(kind.group, kind.plural, kind.versions, stop);
    const path = `${listPath(kind, version, kind.namespaced ? namespace : '')}/${encodeURIComponent(name)}`;
    const object = (await client.json({ verb: 'GET', resource: kind.plural, path, signal: stop })) as RawObject;
    return { source, namespace, name, object };
  } catch (error) {
    if (error instanceof ApiProblem && error.kind === 'missing') return { source, namespace, name, object: null };
    if (!stop.aborted) gaps.push({ what: `${kind.kind} ${name}, read again`, why: reasonOf(error) });
    return undefined;
  }
}

function distinct(wanted: readonly Reread[]): readonly Reread[] {
  return [...new Map(wanted.map((one) => [`${one.kind}/${one.namespace}/${one.name}`, one])).values()];
}

/** What happened, without what a watch would do about it. */
export function reasonOf(error: unknown): string {
  return sanitiseLine(error instanceof UserError ? error.what : messageOf(error), 500);
}

/** A line of JSON in ASCII: whatever letters names are made of, `cat` shows text. */
export function asJson(value: unknown): string {
  const text = JSON.stringify(value);
  return `${text.replace(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}
