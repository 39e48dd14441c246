import { stringify } from 'yaml';
import { ApiError, badRequest, notFound } from '../api-error.ts';
import type { KubeObject } from '../cluster.ts';
import { versionOf } from '../serialise.ts';
import type { Stored } from '../shelf.ts';
import { type Form, formOf } from './accept.ts';
import { type Continue, continueExpired, readContinue, tellContinue } from './continue-token.ts';
import { answerText, type Exchange } from './exchange.ts';
import { writeGzip } from './outlet.ts';
import { fieldMatch, labelMatch, type Match } from './selectors.ts';
import { columnDefinitions, type IncludeObject, partialMetadata, table, tableRow } from './table.ts';
import type { View } from './view.ts';

export async function answerGet(exchange: Exchange, view: View): Promise<void> {
  const { namespace, name } = exchange.request;
  const stored = exchange.cluster.store.shelf(view.stored).get(`${view.resource.namespaced ? namespace : ''}/${name}`);
  if (stored === undefined) throw notFound(view.resource, name);
  await answerObject(exchange, 200, view, stored.text);
}

/** One object, in the form the client prefers. */
export async function answerObject(exchange: Exchange, status: number, view: View, storedText: string): Promise<void> {
  const form = formOf(exchange.incoming.headers.accept ?? '', exchange.lacks);
  const rewrite = rewriteOf(exchange);
  if (form.as === 'object' && form.encoding === 'json' && rewrite === undefined) {
    await answerText(exchange, status, `${view.text(storedText)}\n`, 'application/json');
    return;
  }
  const object = (rewrite ?? same)(view.object(JSON.parse(storedText) as KubeObject));
  const body =
    form.as === 'Table'
      ? table(columnDefinitions(view.resource), [row(exchange, view, object)], {
          resourceVersion: object.metadata.resourceVersion,
        })
      : form.as === 'object'
        ? object
        : partialMetadata(object);
  await answerEncoded(exchange, status, form, body);
}

async function answerEncoded(exchange: Exchange, status: number, form: Form, body: unknown): Promise<void> {
  if (form.encoding === 'yaml') await answerText(exchange, status, stringify(body), 'application/yaml');
  else await answerText(exchange, status, `${JSON.stringify(body)}\n`, 'application/json');
}

export type Listed = {
  items: Stored[];
  version: number;
  continue?: string;
  remaining?: number;
};

/** Throws ApiError: 400 for selectors, versions and tokens that mean nothing, 410 for the forgotten, 504 for the future. */
export function listObjects(exchange: Exchange, view: View): Listed {
  const { query, namespace } = exchange.request;
  const { store } = exchange.cluster;
  const shelf = store.shelf(view.stored);
  const labels = labelMatch(query.get('labelSelector') ?? '');
  const fields = fieldMatch(view.resource, query.get('fieldSelector') ?? '');
  const inNamespace = view.resource.namespaced ? namespace || fields.namespace || '' : '';
  const prefix = view.resource.namespaced ? (inNamespace === '' ? '' : `${inNamespace}/`) : '/';
  const match = both(labels, fields.match);
  const start = startOf(query, store.version, prefix);
  const limit = start.ignoreLimit ? 0 : Number(query.get('limit') ?? 0);
  const items: Stored[] = [];
  let after = start.after;
  for (;;) {
    // With a selector a page may come out short: read on until it is full, as the storage does.
    const page = shelf.page({
      prefix,
      after,
      limit: limit > 0 ? limit - items.length : Number.POSITIVE_INFINITY,
      version: start.version,
    });
    if (page === undefined) throw start.continued ? continueExpired(start, prefix) : versionForgotten();
    for (const stored of page.items) if (match === undefined || match(stored)) items.push(stored);
    after = page.items[page.items.length - 1]?.key ?? after;
    if (page.remaining === 0) return { items, version: start.version };
    if (items.length >= limit) {
      return {
        items,
        version: start.version,
        continue: tellContinue({ version: start.version, after }, prefix),
        // What is left of a selection nobody has counted.
        ...(match === undefined ? { remaining: page.remaining } : {}),
      };
    }
  }
}

export async function answerList(exchange: Exchange, view: View): Promise<void> {
  const form = formOf(exchange.incoming.headers.accept ?? '', exchange.lacks);
  if (exchange.request.query.has('sendInitialEvents')) throw initialEventsForList();
  const listed = listObjects(exchange, view);
  const metadata = {
    resourceVersion: String(listed.version),
    ...(listed.continue === undefined ? {} : { continue: listed.continue }),
    ...(listed.remaining === undefined ? {} : { remainingItemCount: listed.remaining }),
  };
  const rewrite = rewriteOf(exchange);
  if (form.encoding === 'yaml' || form.as !== 'object') {
    await answerEncoded(exchange, 200, form, wholeList(exchange, view, form, listed, metadata));
    return;
  }
  const item =
    rewrite === undefined
      ? (stored: Stored) => view.item(stored.text)
      : (stored: Stored) => JSON.stringify(rewrite(view.object(JSON.parse(stored.text) as KubeObject)));
  const kind = `"kind":"${view.resource.kind}List"`;
  const version = `"apiVersion":"${versionOf(view.resource)}"`;
  // A custom resource's list is written by another encoder, with its keys sorted.
  const [open, close] = view.resource.custom
    ? [`{${version},"items":[`, `],${kind},"metadata":${JSON.stringify(metadata)}}\n`]
    : [`{${kind},${version},"metadata":${JSON.stringify(metadata)},"items":[`, ']}\n'];
  await answerStream(exchange, chunksOf(open, listed.items, item, close));
}

function wholeList(exchange: Exchange, view: View, form: Form, listed: Listed, metadata: object): unknown {
  const rewrite = rewriteOf(exchange) ?? same;
  const objects = listed.items.map((stored) => rewrite(view.object(JSON.parse(stored.text) as KubeObject)));
  if (form.as === 'Table') {
    const rows = objects.map((object) => row(exchange, view, object));
    return table(columnDefinitions(view.resource), rows, metadata);
  }
  if (form.as === 'object') {
    return { apiVersion: versionOf(view.resource), kind: `${view.resource.kind}List`, metadata, items: objects };
  }
  const items = objects.map(partialMetadata);
  return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items };
}

function* chunksOf(
  open: string,
  items: readonly Stored[],
  item: (stored: Stored) => string,
  close: string,
): Iterable<string> {
  let chunk = open;
  for (const [index, stored] of items.entries()) {
    chunk += index === 0 ? item(stored) : `,${item(stored)}`;
    if (chunk.length > 256 * 1024) {
      yield chunk;
      chunk = '';
    }
  }
  yield chunk + close;
}

/** A real server compresses from 128 KiB on. */
const worthCompressing = 128 * 1024;

async function answerStream(exchange: Exchange, chunks: Iterable<string>): Promise<void> {
  const parts = [...chunks];
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const wanted = /\bgzip\b/.test(String(exchange.incoming.headers['accept-encoding'] ?? ''));
  const gzip = wanted && size > worthCompressing && !exchange.lacks('gzip');
  exchange.head(200, {
    'content-type': 'application/json',
    ...(gzip ? { 'content-encoding': 'gzip', vary: 'Accept-Encoding' } : {}),
  });
  if (gzip) await writeGzip(exchange.outlet, parts);
  else for (const part of parts) if (!(await exchange.outlet.write(part))) break;
  await exchange.outlet.end();
}

type Start = Continue & { continued: boolean; ignoreLimit: boolean };

function startOf(query: URLSearchParams, current: number, prefix: string): Start {
  const asked = query.get('resourceVersion') ?? '';
  const matching = query.get('resourceVersionMatch') ?? '';
  const token = query.get('continue') ?? '';
  if (matching !== '' && asked === '')
    throw invalidOption(
      'resourceVersionMatch',
      'Forbidden',
      'resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
  if (matching === 'Exact' && asked === '0') {
    throw invalidOption(
      'resourceVersionMatch',
      'Forbidden',
      'resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    );
  }
  if (token !== '') {
    if (asked !== '' && asked !== '0')
      throw badRequest('specifying resource version is not allowed when using continue');
    const start = readContinue(token, prefix);
    return { ...start, version: start.version < 0 ? current : start.version, continued: true, ignoreLimit: false };
  }
  const version = parseVersion(asked, (why) => badRequest(`invalid resource version: ${why}`));
  if (version > current) throw tooLarge(version, current);
  // Without a match rule a limited list at a version means exactly that version.
  const exact = version > 0 && (matching === 'Exact' || (matching === '' && query.has('limit')));
  // Version 0 is answered from the cache, which knows no pages.
  return { version: exact ? version : current, after: '', continued: false, ignoreLimit: asked === '0' };
}

/** Throws what `refuse` makes of Go's words for a number that is none. */
export function parseVersion(text: string, refuse: (why: string) => ApiError): number {
  if (text === '') return 0;
  if (!/^\d+$/.test(text)) {
    const value = JSON.stringify(text);
    throw refuse(`resourceVersion: Invalid value: ${value}: strconv.ParseUint: parsing ${value}: invalid syntax`);
  }
  return Number(text);
}

function tooLarge(asked: number, current: number): ApiError {
  const details = {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  };
  const message = `Timeout: Too large resource version: ${asked}, current: ${current}`;
  return new ApiError(504, 'Timeout', message, details);
}

function versionForgotten(): ApiError {
  return new ApiError(410, 'Expired', 'The resourceVersion for the provided list is too old.');
}

export function invalidOption(field: string, kind: 'Forbidden' | 'Required value', why: string): ApiError {
  const cause = {
    reason: kind === 'Forbidden' ? 'FieldValueForbidden' : 'FieldValueRequired',
    message: `${kind}: ${why}`,
    field,
  };
  const message = `ListOptions.meta.k8s.io "" is invalid: ${field}: ${cause.message}`;
  return new ApiError(422, 'Invalid', message, { group: 'meta.k8s.io', kind: 'ListOptions', causes: [cause] });
}

function initialEventsForList(): ApiError {
  return invalidOption('sendInitialEvents', 'Forbidden', 'sendInitialEvents is forbidden for list');
}

function both(labels: Match | undefined, fields: Match | undefined): ((stored: Stored) => boolean) | undefined {
  if (labels === undefined && fields === undefined) return undefined;
  return (stored) => {
    const object = JSON.parse(stored.text) as KubeObject;
    return (labels === undefined || labels(object)) && (fields === undefined || fields(object));
  };
}

export function row(exchange: Exchange, view: View, object: KubeObject): object {
  const include = (exchange.request.query.get('includeObject') ?? 'Metadata') as IncludeObject;
  return tableRow(view.resource, object, exchange.cluster.now(), include);
}

function rewriteOf(exchange: Exchange): ((object: KubeObject) => KubeObject) | undefined {
  const fault = exchange.faults.find((one) => one.kind === 'rewrite');
  return fault === undefined ? undefined : (object) => fault.rewrite(object) as KubeObject;
}

function same<T>(value: T): T {
  return value;
}
