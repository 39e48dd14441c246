import { kinds } from '../../model/kinds.ts';
import type { RawObject } from '../../model/objects/row.ts';
import type { ApiClient } from './api-client.ts';
import { ApiProblem } from './api-problem.ts';
import { createLinkReport, type LinkReport } from './link-report.ts';
import { type ListWatchOptions, type Progress, unnoticedMs } from './list-watch-progress.ts';
import { reactTo, untilServed } from './list-watch-trouble.ts';
import { listAhead, listInPages } from './page-list.ts';
import { createRowReader, type Holding } from './row-reader.ts';
import { listPath, type WatchedKind } from './sources.ts';
import { pause } from './waiting.ts';
import { readWatch } from './watch-stream.ts';

export type ListWatch = {
  /** Reads what is worth something before the whole list is there. Never rejects: `run` meets the same trouble, and tells it. */
  ahead(): Promise<void>;
  run(): Promise<void>;
  /** Lists anew; rows stay meanwhile. */
  relist(): void;
  /** Reads one object of it by GET; `uid` = the row it has now, which goes when the object is gone. */
  reread(namespace: string, name: string, uid: string | undefined, asked: AbortSignal): Promise<void>;
};

/** After so long a watch was a good one, whatever ended it. */
const healthyMs = 30_000;

/**
 * Keeps the rows of one source in step with the server until `signal` aborts: list, watch from there, and after each
 * break go on from the last version seen. `run` never rejects; trouble is told by the source's link.
 */
export function createListWatch(options: ListWatchOptions): ListWatch {
  const { client, source, sink, signal, abilities } = options;
  const kind: WatchedKind = kinds[source.kind];
  const holding: Holding = { rows: new Map(), resume: '' };
  const reader = createRowReader(kind, source, options.intern, sink, holding);
  const link = createLinkReport(source.id, sink.change, client.now);
  let wanted = new AbortController();
  let early: Promise<void> = Promise.resolve();
  let settled = false;
  let openings = 0;
  const progress: Progress = {
    kind,
    link,
    holding,
    version: kind.versions[0] ?? 'v1',
    namespace: source.namespace,
    selector: source.fieldSelector,
    failures: 0,
    streaming: false,
    whole: false,
    settle() {
      if (!settled) options.onSettled();
      settled = true;
    },
  };
  const selectorNow = () => (progress.selector === '' ? {} : { fieldSelector: progress.selector });

  function loading(loaded: number, expected: number | undefined): void {
    link.hear();
    if (link.phase() !== 'stale') link.say('loading', { loaded, ...(expected !== undefined && { expected }) });
  }

  function live(): void {
    if (link.phase() === 'live') return;
    progress.whole = true;
    link.hear();
    link.say('live', progress.namespace === source.namespace ? {} : onlyIn(progress.namespace));
    progress.settle();
  }

  async function attempt(): Promise<void> {
    const path = listPath(kind, progress.version, progress.namespace);
    const selector = selectorNow();
    const streams = abilities.watchList && (source.small || client.near());
    let expected: number | undefined;
    progress.streaming = holding.resume === '' && streams;
    if (holding.resume === '' && !streams) {
      await listInPages({ client, resource: kind.plural, path, query: selector, reader, onPage: loading, signal });
      // Whoever asked for a list meanwhile has it now.
      wanted = new AbortController();
      live();
    }
    const streaming = holding.resume === '';
    if (streaming) {
      reader.begin();
      if (!source.small && link.phase() !== 'stale') {
        void countOf(client, kind.plural, path, selector, signal).then((count) => {
          expected = count;
        });
      }
    }
    const broken = setTimeout(() => sayBroken(link), unnoticedMs);
    let opened = Number.POSITIVE_INFINITY;
    try {
      await readWatch({
        client,
        resource: kind.plural,
        path,
        query: { ...selector, ...watchQuery(holding.resume) },
        silenceMs: options.silenceMs,
        owesInitialEvents: () => reader.listed() !== undefined,
        onOpen() {
          opened = Date.now();
          clearTimeout(broken);
          if (openings > 0) options.onReopened();
          openings += 1;
          if (!streaming) live();
        },
        onBytes: link.hear,
        onLine(line) {
          reader.line(line);
          const listed = reader.listed();
          if (listed === undefined) live();
          else loading(listed, expected);
        },
        relist: wanted.signal,
        signal,
      });
      progress.failures = Date.now() - opened >= unnoticedMs ? 0 : progress.failures + 1;
    } catch (error) {
      if (Date.now() - opened >= healthyMs) progress.failures = 0;
      throw error;
    } finally {
      clearTimeout(broken);
    }
  }

  return {
    async ahead() {
      const path = listPath(kind, progress.version, source.namespace);
      const query = { ...selectorNow(), labelSelector: source.ahead };
      const onPage = () => loading(0, undefined);
      early = listAhead({ client, resource: kind.plural, path, query, reader, onPage, signal }).catch(() => {});
      await early;
    },
    relist: () => wanted.abort(),
    async reread(namespace, name, uid, asked) {
      const path = listPath(kind, progress.version, kind.namespaced ? namespace : '');
      try {
        const raw = await client.json({
          verb: 'GET',
          resource: kind.plural,
          path: `${path}/${encodeURIComponent(name)}`,
          signal: asked,
        });
        reader.reread(raw as RawObject, uid);
      } catch (error) {
        if (!(error instanceof ApiProblem && error.kind === 'missing')) throw error;
        if (uid !== undefined) reader.gone(uid);
      }
    },
    async run() {
      // Its last pages are older than the list: after it they would bring back what has changed or gone since.
      await early;
      if (source.rare) await untilServed(options, progress);
      while (!signal.aborted) {
        try {
          await attempt();
          // Servers end watches by themselves; one that does so at once is not asked in a circle.
          await pause(Math.min(200 * progress.failures, 5_000), signal);
        } catch (error) {
          if (!signal.aborted) await reactTo(error, options, progress);
        }
        if (wanted.signal.aborted) {
          wanted = new AbortController();
          holding.resume = '';
          if (progress.whole) link.say('stale', { problem: 'Listed anew, as you asked.' });
        }
      }
    },
  };
}

function watchQuery(resume: string): Record<string, string> {
  return {
    allowWatchBookmarks: 'true',
    // The ends are spread over five minutes, so that not all watches are opened anew at once.
    timeoutSeconds: String(300 + Math.floor(Math.random() * 300)),
    ...(resume === ''
      ? { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' }
      : { resourceVersion: resume }),
  };
}

/** How many there are, so that a stream of initial events can say how far it is. Undefined where the server does not tell. */
async function countOf(
  client: ApiClient,
  resource: string,
  path: string,
  query: Record<string, string>,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    const page = await client.json({ verb: 'LIST', resource, path, query: { ...query, limit: '1' }, signal });
    const left = (page as { metadata?: { remainingItemCount?: number } }).metadata?.remainingItemCount;
    return left === undefined ? undefined : left + 1;
  } catch {
    return undefined;
  }
}

function sayBroken(link: LinkReport): void {
  if (link.phase() === 'live') link.say('stale', { problem: 'The connection was lost and is being opened again.' });
}

function onlyIn(namespace: string): { only: string; problem: string } {
  return { only: namespace, problem: `Only namespace ${namespace} was read: listing all namespaces is forbidden.` };
}
