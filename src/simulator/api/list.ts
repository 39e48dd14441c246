import { versionOf } from '../serialise.ts';
import type { Stored } from '../stored.ts';
import { formOf } from './accept.ts';
import { continueExpired, tellContinue } from './continue-token.ts';
import type { Exchange } from './exchange.ts';
import { invalidOption, startOf, versionForgotten } from './list-start.ts';
import { writeGzip } from './outlet.ts';
import { answerEncoded, rewriteOf, row, shownOf } from './read.ts';
import { isSelected, selectionOf } from './selection.ts';
import { columnDefinitions, partialMetadata, table } from './table.ts';
import type { Turn } from './turns.ts';
import type { View } from './view.ts';

export type Listed = {
  items: readonly Stored[];
  version: number;
  continue?: string;
  remaining?: number;
};

/** Objects looked at for a page before more are fetched. */
const stride = 1_000;

/** Throws ApiError: 400 for selectors, versions and tokens that mean nothing, 410 for the forgotten, 504 for the future. */
export async function listObjects(exchange: Exchange, view: View, turn: Turn): Promise<Listed> {
  const { query } = exchange.request;
  const { store } = exchange.cluster;
  const shelf = store.shelf(view.stored);
  const selection = selectionOf(exchange.request, view);
  const { prefix } = selection;
  const start = startOf(query, store.version, prefix);
  const { version } = start;
  const asked = start.ignoreLimit ? 0 : Number(query.get('limit') ?? 0);
  const limit = asked > 0 ? asked : Number.POSITIVE_INFINITY;
  const whole = selection.keys === undefined && selection.objects === undefined;
  const pageFrom = (after: string) => {
    const page = shelf.page({ prefix, after, limit: whole ? limit : Math.max(limit, stride), version });
    if (page === undefined) throw start.continued ? continueExpired(start, prefix) : versionForgotten();
    return page;
  };
  const items: Stored[] = [];
  for (let after = start.after; ; ) {
    const page = pageFrom(after);
    let left = page.items.length + page.remaining;
    // With a selector a page may come out short: read on until it is full, as the storage does.
    for (const stored of page.items) {
      left--;
      after = stored.key;
      if (whole || isSelected(selection, stored)) items.push(stored);
      if (items.length >= limit && left > 0) {
        // What is left of a selection nobody has counted.
        const remaining = whole ? { remaining: left } : {};
        return { items, version, continue: tellContinue({ version, after }, prefix), ...remaining };
      }
      if (turn.over()) await turn.next();
    }
    if (left === 0) return { items, version };
  }
}

export async function answerList(exchange: Exchange, view: View): Promise<void> {
  const form = formOf(exchange.incoming.headers.accept ?? '', exchange.lacks);
  if (exchange.request.query.has('sendInitialEvents')) throw initialEventsForList();
  const turn = exchange.turns.take();
  const listed = await listObjects(exchange, view, turn);
  const metadata = {
    resourceVersion: String(listed.version),
    ...(listed.continue === undefined ? {} : { continue: listed.continue }),
    ...(listed.remaining === undefined ? {} : { remainingItemCount: listed.remaining }),
  };
  const { open, item, close } = shapeOf(exchange, view, form.as, metadata);
  const chunks = chunksOf(open, listed.items, item, close, turn);
  if (form.encoding === 'json') return answerChunks(exchange, chunks);
  let text = '';
  for await (const chunk of chunks) text += chunk;
  await answerEncoded(exchange, 200, form, JSON.parse(text));
}

/** A list as text: what stands before the items, each of them, and what stands behind. */
type Shape = { open: string; item(stored: Stored): string; close: string };

function shapeOf(exchange: Exchange, view: View, as: ReturnType<typeof formOf>['as'], metadata: object): Shape {
  if (as === 'Table') {
    const empty = JSON.stringify(table(columnDefinitions(view.resource), [], metadata));
    const item = (stored: Stored) => JSON.stringify(row(exchange, view, shownOf(exchange, view, stored.text)));
    return { open: empty.slice(0, -2), item, close: ']}\n' };
  }
  const told = JSON.stringify(metadata);
  if (as !== 'object') {
    const item = (stored: Stored) => JSON.stringify(partialMetadata(shownOf(exchange, view, stored.text)));
    const kind = '"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1"';
    return { open: `{${kind},"metadata":${told},"items":[`, item, close: ']}\n' };
  }
  const item =
    rewriteOf(exchange) === undefined
      ? (stored: Stored) => view.item(stored.text)
      : (stored: Stored) => JSON.stringify(shownOf(exchange, view, stored.text));
  const kind = `"kind":"${view.resource.kind}List"`;
  const version = `"apiVersion":"${versionOf(view.resource)}"`;
  // A custom resource's list is written by another encoder, with its keys sorted.
  return view.resource.custom
    ? { open: `{${version},"items":[`, item, close: `],${kind},"metadata":${told}}\n` }
    : { open: `{${kind},${version},"metadata":${told},"items":[`, item, close: ']}\n' };
}

/** A real server compresses from 128 KiB on; no chunk but the last is smaller. */
const worthCompressing = 128 * 1024;

async function* chunksOf(
  open: string,
  items: readonly Stored[],
  item: (stored: Stored) => string,
  close: string,
  turn: Turn,
): AsyncGenerator<string> {
  let chunk = open;
  for (const [index, stored] of items.entries()) {
    chunk += index === 0 ? item(stored) : `,${item(stored)}`;
    if (turn.over()) await turn.next();
    if (chunk.length <= worthCompressing) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk + close;
}

async function answerChunks(exchange: Exchange, chunks: AsyncGenerator<string>): Promise<void> {
  const first = (await chunks.next()).value as string;
  const wanted = /\bgzip\b/.test(String(exchange.incoming.headers['accept-encoding'] ?? ''));
  const gzip = wanted && first.length > worthCompressing && !exchange.lacks('gzip');
  exchange.head(200, {
    'content-type': 'application/json',
    ...(gzip ? { 'content-encoding': 'gzip', vary: 'Accept-Encoding' } : {}),
  });
  const all = startingWith(first, chunks);
  if (gzip) await writeGzip(exchange.outlet, all);
  else for await (const chunk of all) if (!(await exchange.outlet.write(chunk))) break;
  await exchange.outlet.end();
}

async function* startingWith(first: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

function initialEventsForList() {
  return invalidOption('sendInitialEvents', 'Forbidden', 'sendInitialEvents is forbidden for list');
}
