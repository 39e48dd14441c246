import { ApiError, failure } from '../api-error.ts';
import type { KubeObject, StoreEvent } from '../cluster.ts';
import type { StoredChange } from '../shelf.ts';
import type { Exchange } from './exchange.ts';
import { type Listed, listObjects } from './list.ts';
import { invalidOption, parseVersion } from './list-start.ts';
import { isTrue } from './request.ts';
import { isSelected, type Selection, selectionOf } from './selection.ts';
import type { View } from './view.ts';
import { bookmark, type LineWriter, lineWriter } from './watch-lines.ts';
import { createWatchStream, type Saying } from './watch-stream.ts';

/** Throws ApiError for options that cannot be; what is forgotten is told in the stream, as a real server does. */
export async function answerWatch(exchange: Exchange, view: View): Promise<void> {
  const { query } = exchange.request;
  const { store } = exchange.cluster;
  const initial = isTrue(query.get('sendInitialEvents'));
  checkOptions(exchange, initial);
  const from = parseVersion(query.get('resourceVersion') ?? '', (why) => new ApiError(500, '', why));
  const selection = selectionOf(exchange.request, view);
  const write = lineWriter(exchange, view);
  const bookmarks = isTrue(query.get('allowWatchBookmarks'));
  const listed =
    from === 0 || initial ? await listObjects(withoutOptions(exchange), view, exchange.turns.take()) : undefined;
  let bookmarkDue = false;

  function* sayings(): Generator<Saying | undefined, void> {
    if (listed !== undefined) yield* existing(listed);
    let seen = listed?.version ?? from;
    const shelf = store.shelf(view.stored);
    let changes = listed === undefined ? shelf.since(from) : shelf.after(seen);
    while (changes !== undefined) {
      for (const change of changes) {
        seen = change.stored.version;
        yield { event: lineOf(change, selection, write) };
      }
      if (changes.length === 0) {
        seen = Math.max(seen, store.version);
        if (bookmarkDue) yield { bookmark: bookmark(exchange, view, seen) };
        bookmarkDue = false;
        yield undefined;
      }
      changes = shelf.after(seen);
    }
    yield { error: failure(410, 'Expired', `too old resource version: ${seen} (${store.version})`) };
  }

  function* existing({ items, version }: Listed): Generator<Saying> {
    for (const stored of items) {
      const { text } = stored;
      yield { event: write('ADDED', text, () => JSON.parse(text) as KubeObject) };
    }
    if (initial && bookmarks) yield { bookmark: bookmark(exchange, view, version, true) };
  }

  const stream = createWatchStream(exchange, sayings());
  const unsubscribe = store.subscribe((event) => {
    if (event.resource === view.stored) stream.wake();
    else if (event.type === 'DELETED' && removesKind(event, view)) stream.close();
  });
  exchange.watches.set(stream.close, view.resource.plural);
  const regular = bookmarks && !exchange.lacks('bookmarks');
  const stopBookmarks = !regular
    ? () => {}
    : scheduleBookmarks(exchange, () => {
        bookmarkDue = store.version >= from;
        stream.wake();
      });
  try {
    await stream.ended;
  } finally {
    exchange.watches.delete(stream.close);
    unsubscribe();
    stopBookmarks();
  }
}

/** A change as a watcher of the selection sees it; '' where it does not. */
function lineOf({ type, stored, previous }: StoredChange, selection: Selection, write: LineWriter): string {
  const object = (text: string) => () => JSON.parse(text) as KubeObject;
  if (selection.objects === undefined) {
    if (!isSelected(selection, stored)) return '';
    const { text } = stored;
    return write(type, text, object(text));
  }
  const now = type !== 'DELETED' && isSelected(selection, stored);
  const was = previous !== undefined && isSelected(selection, previous);
  if (now) return write(was ? 'MODIFIED' : 'ADDED', stored.text, object(stored.text));
  if (!was) return '';
  // Whoever leaves the selection is told as deleted, as it last was, at the version of its leaving.
  const before = object(previous.text)();
  const last = { ...before, metadata: { ...before.metadata, resourceVersion: String(stored.version) } };
  return write('DELETED', undefined, () => last);
}

function checkOptions(exchange: Exchange, initial: boolean): void {
  const { query } = exchange.request;
  const matching = query.get('resourceVersionMatch') ?? '';
  if (query.has('sendInitialEvents')) {
    if (exchange.lacks('watch-list')) {
      throw invalidOption(
        'sendInitialEvents',
        'Forbidden',
        'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
      );
    }
    if (matching !== 'NotOlderThan') {
      throw invalidOption(
        'resourceVersionMatch',
        'Forbidden',
        'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      );
    }
  } else if (matching !== '' && !initial) {
    throw invalidOption(
      'resourceVersionMatch',
      'Forbidden',
      'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    );
  }
}

/** What exists is listed without the watch's own options. */
function withoutOptions(exchange: Exchange): Exchange {
  const query = new URLSearchParams();
  for (const name of ['labelSelector', 'fieldSelector']) {
    const value = exchange.request.query.get(name);
    if (value !== null) query.set(name, value);
  }
  return { ...exchange, request: { ...exchange.request, query } };
}

/** About every minute, and shortly before the watch is over. Returns how to stop. */
function scheduleBookmarks(exchange: Exchange, send: () => void): () => void {
  const regular = setInterval(send, exchange.bookmarkMs);
  const seconds = Number(exchange.request.query.get('timeoutSeconds') ?? 0);
  const last = seconds >= 10 ? setTimeout(send, (seconds - 2) * 1000) : undefined;
  return () => {
    clearInterval(regular);
    clearTimeout(last);
  };
}

/** The kind itself went: its watches end. */
function removesKind(event: StoreEvent, view: View): boolean {
  if (event.resource.kind !== 'CustomResourceDefinition') return false;
  return event.object.metadata.name === `${view.resource.plural}.${view.resource.group}`;
}
