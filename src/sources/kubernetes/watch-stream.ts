import type { ApiClient } from './api-client.ts';
import { ApiProblem, connectionProblem } from './api-problem.ts';
import { createLineSplitter } from './lines.ts';

/** How a watch ended without trouble. */
export type StreamEnd =
  /** The server ended it, as servers do after some minutes. */
  | 'closed'
  /** Nothing was heard for so long that it is not believed any more, although the server answers. */
  | 'silent'
  /** It was asked into a connection that was lost: the server answers again, but not this. */
  | 'unanswered'
  /** Somebody asked for a new list. */
  | 'relist';

export type StreamOptions = {
  client: ApiClient & Resting;
  resource: string;
  path: string;
  query: Readonly<Record<string, string>>;
  accept?: string;
  /** Nothing heard for this long: ask the server whether it is there, ms. */
  silenceMs: number;
  /** True while the watch still owes its initial events: then silence means that they will not come. */
  owesInitialEvents?(): boolean;
  onOpen?(): void;
  onBytes(): void;
  onLine(line: string): void;
  /** A new list is wanted when this aborts. */
  relist: AbortSignal;
  signal: AbortSignal;
};

/** While nobody looks, a silent watch is not asked after: its bookmarks tell, or its renewal does. */
export type Resting = { resting?(): boolean };

/** Bookmarks come about once a minute; a watch silent for this many times `silenceMs` is no longer believed. */
const silencesBeforeRenewal = 7.5;
const initialEventsMs = 5_000;

/** The server took the watch but does not send what it was asked to begin with. */
export class NoInitialEvents extends Error {}

/**
 * One watch request, read to its end. Throws ApiProblem. A connection that died without a word (half-open: nothing
 * heard, and a small request is not answered either) is dropped and thrown as `unreachable`.
 */
export async function readWatch(options: StreamOptions): Promise<StreamEnd> {
  const { client, silenceMs, signal } = options;
  const cut = new AbortController();
  const { server } = client.credentials.session().cluster;
  const returned = client.returned();
  let heard = Date.now();
  let reason: StreamEnd | ApiProblem | NoInitialEvents | undefined;
  let opened = false;
  let probing = false;

  const end = (why: NonNullable<typeof reason>) => {
    reason ??= why;
    cut.abort();
  };
  const relist = () => end('relist');
  options.relist.addEventListener('abort', relist, { once: true });

  async function probe(): Promise<void> {
    const started = Date.now();
    probing = true;
    try {
      if (!opened || client.probed() < started - silenceMs) await client.probe();
    } catch (error) {
      if (heard < started) end(connectionProblem(error, server));
    } finally {
      probing = false;
    }
  }

  function listen(): void {
    // A clock that was set back; one that stood still with the machine asleep is to tell, so no other clock will do.
    heard = Math.min(heard, Date.now());
    const silent = Date.now() - heard;
    if (opened) {
      if (options.owesInitialEvents?.() && silent >= Math.min(initialEventsMs, silenceMs)) end(new NoInitialEvents());
      else if (silent >= silenceMs * silencesBeforeRenewal) end('silent');
      else if (silent >= silenceMs && !probing && !client.resting?.()) void probe();
      return;
    }
    // A head that does not come may never come: the way may have been lost before, or while, it was asked for.
    if (returned.aborted) end('unanswered');
    else if (silent >= silenceMs / 4 && client.probed() < Math.max(heard, Date.now() - silenceMs) && !probing)
      void probe();
  }

  const watchdog = setInterval(listen, Math.max(50, silenceMs / 20));
  try {
    const answer = await client.open({
      verb: 'WATCH',
      resource: options.resource,
      path: options.path,
      query: { ...options.query, watch: '1' },
      ...(options.accept === undefined ? {} : { accept: options.accept }),
      signal: AbortSignal.any([signal, cut.signal]),
    });
    heard = Date.now();
    opened = true;
    options.onOpen?.();
    const split = createLineSplitter(options.onLine);
    for await (const chunk of answer.body) {
      heard = Date.now();
      options.onBytes();
      split(chunk);
    }
    return 'closed';
  } catch (error) {
    if (typeof reason === 'string') return reason;
    if (reason !== undefined) throw reason;
    if (signal.aborted || error instanceof ApiProblem) throw error;
    throw connectionProblem(error, server);
  } finally {
    clearInterval(watchdog);
    options.relist.removeEventListener('abort', relist);
    cut.abort();
  }
}
