import { ApiError, failure } from '../api-error.ts';
import type { KubeObject, StoreEvent } from '../cluster.ts';
import { versionOf } from '../serialise.ts';
import { formOf } from './accept.ts';
import type { Exchange } from './exchange.ts';
import { invalidOption, listObjects, parseVersion, row } from './read.ts';
import { isTrue } from './request.ts';
import { fieldMatch, labelMatch } from './selectors.ts';
import { columnDefinitions, partialMetadata, table } from './table.ts';
import type { View } from './view.ts';
import { createWatchStream, type WatchStream } from './watch-stream.ts';

type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** A change as a watcher looks at it; what is not asked for is not parsed. */
type Change = {
  type: ChangeType;
  key: string;
  version: number;
  text: string;
  object(): KubeObject;
  previous(): KubeObject | undefined;
};

/** Throws ApiError for options that cannot be; what is forgotten is told in the stream, as a real server does. */
export async function answerWatch(exchange: Exchange, view: View): Promise<void> {
  const { query, namespace } = exchange.request;
  const { store } = exchange.cluster;
  const shelf = store.shelf(view.stored);
  const initial = isTrue(query.get('sendInitialEvents'));
  checkOptions(exchange, initial);
  const from = parseVersion(query.get('resourceVersion') ?? '', (why) => new ApiError(500, '', why));
  const labels = labelMatch(query.get('labelSelector') ?? '');
  const fields = fieldMatch(view.resource, query.get('fieldSelector') ?? '');
  const inNamespace = view.resource.namespaced ? namespace || fields.namespace || '' : '';
  const prefix = view.resource.namespaced && inNamespace !== '' ? `${inNamespace}/` : '';
  const suffix = fields.name === undefined ? '' : `/${fields.name}`;
  const selects =
    labels === undefined && fields.match === undefined
      ? undefined
      : (object: KubeObject) => (labels?.(object) ?? true) && (fields.match?.(object) ?? true);
  const write = lineWriter(exchange, view);
  const stream = createWatchStream(exchange);

  const pass = (change: Change) => {
    if (!change.key.startsWith(prefix) || !change.key.endsWith(suffix)) return;
    if (selects === undefined) {
      stream.event(() => write(change.type, change.text, change.object));
      return;
    }
    const now = change.type !== 'DELETED' && selects(change.object());
    const before = change.type === 'ADDED' ? undefined : (change.previous() ?? change.object());
    const was = before !== undefined && selects(before);
    if (now) stream.event(() => write(was ? 'MODIFIED' : 'ADDED', change.text, change.object));
    else if (was) {
      // Whoever leaves the selection is told as deleted, as it last was, at the version of its leaving.
      const last = { ...before, metadata: { ...before.metadata, resourceVersion: String(change.version) } };
      stream.event(() => write('DELETED', undefined, () => last));
    }
  };

  if (from === 0 || initial) {
    for (const stored of listObjects(withoutOptions(exchange), view).items) {
      stream.initial(() => write('ADDED', stored.text, () => JSON.parse(stored.text) as KubeObject));
    }
    if (initial && isTrue(query.get('allowWatchBookmarks'))) {
      stream.bookmark(bookmark(exchange, view, store.version, true));
    }
  } else {
    const changes = shelf.since(from);
    if (changes === undefined) {
      stream.error(failure(410, 'Expired', `too old resource version: ${from} (${store.version})`));
      return stream.ended;
    }
    for (const change of changes) {
      pass({
        ...change,
        object: () => JSON.parse(change.text) as KubeObject,
        previous: () => (change.previous === undefined ? undefined : (JSON.parse(change.previous.text) as KubeObject)),
      });
    }
  }

  const unsubscribe = store.subscribe((event) => {
    if (event.resource !== view.stored || event.version <= from) {
      if (event.type === 'DELETED' && removesKind(event, view)) stream.close();
      return;
    }
    pass({
      type: event.type,
      key: `${view.resource.namespaced ? event.object.metadata.namespace : ''}/${event.object.metadata.name}`,
      version: event.version,
      text: event.text,
      object: () => event.object,
      previous: () => event.previous,
    });
  });
  exchange.watches.set(stream.close, view.resource.plural);
  const bookmarks = scheduleBookmarks(exchange, view, stream, from);
  try {
    await stream.ended;
  } finally {
    exchange.watches.delete(stream.close);
    unsubscribe();
    bookmarks();
  }
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

type LineWriter = (type: ChangeType, storedText: string | undefined, object: () => KubeObject) => string;

/** A change as one line, in the form the client prefers. */
function lineWriter(exchange: Exchange, view: View): LineWriter {
  const form = formOf(exchange.incoming.headers.accept ?? '', exchange.lacks);
  if (form.as === 'Table') {
    let columns: object[] | null = columnDefinitions(view.resource);
    return (type, _text, object) => {
      const shown = view.object(object());
      const metadata = { resourceVersion: shown.metadata.resourceVersion };
      const line = JSON.stringify({ type, object: table(columns, [row(exchange, view, shown)], metadata) });
      // Columns come with the first event only.
      columns = null;
      return line;
    };
  }
  if (form.as !== 'object') {
    return (type, _text, object) => JSON.stringify({ type, object: partialMetadata(view.object(object())) });
  }
  return (type, text, object) =>
    text === undefined
      ? JSON.stringify({ type, object: view.object(object()) })
      : `{"type":"${type}","object":${view.text(text)}}`;
}

function bookmark(exchange: Exchange, view: View, version: number, endOfInitial = false): string {
  const metadata = {
    resourceVersion: String(version),
    ...(view.resource.custom ? {} : { creationTimestamp: null }),
    ...(endOfInitial ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
  };
  const form = formOf(exchange.incoming.headers.accept ?? '', exchange.lacks);
  const object =
    form.as === 'Table'
      ? table(
          null,
          [
            {
              cells: [],
              object: partialMetadata({ apiVersion: '', kind: '', metadata: { ...metadata, name: '' } as never }),
            },
          ],
          {
            resourceVersion: String(version),
          },
        )
      : { kind: view.resource.kind, apiVersion: versionOf(view.resource), metadata };
  return JSON.stringify({ type: 'BOOKMARK', object });
}

/** About every minute, and shortly before the watch is over. Returns how to stop. */
function scheduleBookmarks(exchange: Exchange, view: View, stream: WatchStream, from: number): () => void {
  if (!isTrue(exchange.request.query.get('allowWatchBookmarks')) || exchange.lacks('bookmarks')) return () => {};
  const send = () => {
    const version = exchange.cluster.store.version;
    if (version >= from) stream.bookmark(bookmark(exchange, view, version));
  };
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
