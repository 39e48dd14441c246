import type { ApiResource, ServerRow, ServerTable } from '../../model/asks.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { ApiClient } from './api-client.ts';
import { ApiProblem, watchProblem } from './api-problem.ts';
import { createMailbox } from './mailbox.ts';
import { listPath } from './sources.ts';
import { backoff, pause } from './waiting.ts';
import { readWatch } from './watch-stream.ts';

export type TableRequest = {
  client: ApiClient;
  resource: ApiResource;
  scope: { namespace?: string; labelSelector?: string; fieldSelector?: string };
  silenceMs: number;
  signal: AbortSignal;
};

const asTable = ['v1', 'v1beta1'].map((version) => `application/json;as=Table;v=${version};g=meta.k8s.io`);
const accept = [...asTable, 'application/json'].join(',');

/** A live table of any kind by the server's own columns, or by name and age where it has none to offer. */
export async function* followTable(request: TableRequest): AsyncGenerator<ServerTable> {
  const stop = new AbortController();
  const signal = AbortSignal.any([request.signal, stop.signal]);
  const mailbox = createMailbox<ServerTable>(signal, joinRows);
  void keepTable({ ...request, signal }, mailbox.put).finally(() => mailbox.close());
  try {
    yield* mailbox.items();
  } finally {
    stop.abort();
  }
}

/** Changes that nobody has fetched yet travel together. */
function joinRows(last: ServerTable, item: ServerTable): ServerTable | undefined {
  if (last.type !== 'put' || item.type !== 'put' || last.rows.length >= 1_000) return undefined;
  return { type: 'put', rows: [...last.rows, ...item.rows] };
}

async function keepTable(request: TableRequest, put: (item: ServerTable) => void): Promise<void> {
  const { client, resource, signal } = request;
  const held = new Set<string>();
  let resume = '';
  let failures = 0;
  let heard = 0;
  const hear = () => {
    heard = client.now();
  };
  const tell = (phase: Extract<ServerTable, { type: 'phase' }>['phase'], problem?: string) =>
    put({ type: 'phase', phase, heard, ...(problem !== undefined && { problem }) });

  async function attempt(): Promise<void> {
    const path = listPath(resource, resource.version, resource.namespaced ? (request.scope.namespace ?? '') : '');
    const query = selectors(request.scope);
    if (resume === '') {
      if (held.size === 0) tell('loading');
      resume = await list(client, resource, path, query, held, put, hear, signal);
    }
    if (!resource.verbs.includes('watch')) {
      tell('live');
      await pause(15_000, signal);
      resume = '';
      return;
    }
    const opened = Date.now();
    await readWatch({
      client,
      resource: resource.plural,
      path,
      query: { ...query, allowWatchBookmarks: 'true', timeoutSeconds: '300', resourceVersion: resume },
      accept,
      silenceMs: request.silenceMs,
      onOpen() {
        hear();
        tell('live');
      },
      onBytes: hear,
      onLine(line) {
        resume = event(line, resource, held, put) || resume;
      },
      relist: signal,
      signal,
    });
    failures = Date.now() - opened > 1_000 ? 0 : failures + 1;
    await pause(Math.min(200 * failures, 5_000), signal);
  }

  while (!signal.aborted) {
    try {
      await attempt();
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      const problem = error instanceof ApiProblem ? error : new ApiProblem('server', sanitiseLine(String(error), 200));
      if (problem.kind === 'expired' || problem.kind === 'too-new' || problem.kind === 'refused') resume = '';
      if (problem.kind === 'expired' && failures === 1) continue;
      const words = `${problem.what} ${problem.hint}`.trim();
      if (problem.kind === 'forbidden' || problem.kind === 'missing') {
        put({ type: 'remove', uids: [...held] });
        held.clear();
        resume = '';
        tell(problem.kind, words);
      } else tell(held.size > 0 ? 'stale' : 'failed', words);
      await pause(Math.max(backoff(failures), problem.retryAfterMs), signal);
    }
  }
}

function selectors(scope: TableRequest['scope']): Record<string, string> {
  return {
    ...(scope.labelSelector ? { labelSelector: scope.labelSelector } : {}),
    ...(scope.fieldSelector ? { fieldSelector: scope.fieldSelector } : {}),
  };
}

async function list(
  client: ApiClient,
  resource: ApiResource,
  path: string,
  query: Record<string, string>,
  held: Set<string>,
  put: (item: ServerTable) => void,
  hear: () => void,
  signal: AbortSignal,
): Promise<string> {
  const seen = new Set<string>();
  let token = '';
  let resume = '';
  do {
    const paging = { limit: '500', ...(token && { continue: token }) };
    const page = (await client.json({
      verb: 'LIST',
      resource: resource.plural,
      path,
      query: { ...query, ...paging },
      accept,
      signal,
    })) as Answer;
    hear();
    const { columns, rows } = readAnswer(page);
    if (token === '') put({ type: 'columns', columns });
    for (const row of rows) {
      seen.add(row.uid);
      held.add(row.uid);
    }
    if (rows.length > 0) put({ type: 'put', rows });
    token = page?.metadata?.continue ?? '';
    resume = page?.metadata?.resourceVersion ?? '';
  } while (token !== '' && !signal.aborted);
  const gone = [...held].filter((uid) => !seen.has(uid));
  for (const uid of gone) held.delete(uid);
  if (gone.length > 0) put({ type: 'remove', uids: gone });
  return resume;
}

/** Returns the version to go on from, '' when the event has none. */
function event(line: string, resource: ApiResource, held: Set<string>, put: (item: ServerTable) => void): string {
  const { type, object } = JSON.parse(line) as { type: string; object: Answer };
  if (type === 'ERROR') throw watchProblem(object, `watch ${resource.plural}`);
  const whole = object?.kind === 'Table' ? undefined : (object as unknown as RawObject);
  const { rows } = whole === undefined ? readAnswer(object) : { rows: [plainRow(whole)] };
  const inner = object?.rows?.[0]?.object?.metadata?.resourceVersion;
  const version = object?.metadata?.resourceVersion || inner || '';
  if (type === 'DELETED') {
    const uids = rows.map((row) => row.uid).filter((uid) => held.delete(uid));
    if (uids.length > 0) put({ type: 'remove', uids });
  } else if (type === 'ADDED' || type === 'MODIFIED') {
    for (const row of rows) held.add(row.uid);
    put({ type: 'put', rows });
  }
  return version;
}

type Metadata = {
  uid?: string;
  name?: string;
  namespace?: string;
  creationTimestamp?: string;
  resourceVersion?: string;
  continue?: string;
};
type Answer = {
  kind?: string;
  metadata?: Metadata;
  columnDefinitions?: { name?: string; type?: string; priority?: number }[];
  rows?: { cells?: unknown[]; object?: { metadata?: Metadata } }[];
  items?: RawObject[];
} | null;

function readAnswer(answer: Answer): { columns: Columns; rows: ServerRow[] } {
  if (answer?.kind !== 'Table') {
    const items = Array.isArray(answer?.items) ? answer.items : [];
    return { columns: plainColumns, rows: items.map(plainRow) };
  }
  const columns = (answer.columnDefinitions ?? []).map((column) => ({
    name: sanitiseLine(column?.name, 60),
    wide: (column?.priority ?? 0) > 0,
    number: column?.type === 'integer' || column?.type === 'number',
  }));
  return { columns, rows: (answer.rows ?? []).map((row) => serverRow(row?.object?.metadata, row?.cells ?? [])) };
}

type Columns = Extract<ServerTable, { type: 'columns' }>['columns'];

const plainColumns: Columns = [
  { name: 'Name', wide: false, number: false },
  { name: 'Created', wide: false, number: false },
];

function plainRow(object: RawObject): ServerRow {
  const metadata = (object.metadata ?? {}) as Metadata;
  return serverRow(metadata, [metadata.name ?? '', metadata.creationTimestamp ?? '']);
}

function serverRow(metadata: Metadata | undefined, cells: readonly unknown[]): ServerRow {
  const namespace = sanitiseLine(metadata?.namespace, 63);
  const name = sanitiseLine(metadata?.name ?? cells[0], 253);
  return {
    uid: sanitiseLine(metadata?.uid, 100) || `${namespace}/${name}`,
    namespace,
    name,
    cells: cells.map((cell) =>
      sanitiseLine(typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : cell, 1_024),
    ),
    created: Date.parse(metadata?.creationTimestamp ?? '') || 0,
  };
}
