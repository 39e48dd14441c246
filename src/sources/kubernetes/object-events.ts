import type { Asks } from '../../model/asks.ts';
import { createIntern } from '../../model/intern.ts';
import { kinds } from '../../model/kinds.ts';
import type { RawObject } from '../../model/objects/row.ts';
import type { ObjectRef } from '../../model/ref.ts';
import type { ApiClient } from './api-client.ts';

/** What the cluster's components reported about one object, newest last. */
export async function readEvents(
  client: ApiClient,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<Awaited<ReturnType<Asks['events']>>> {
  // Events about objects without a namespace are kept in whichever namespace their writer chose.
  const path = ref.namespace ? `/api/v1/namespaces/${encodeURIComponent(ref.namespace)}/events` : '/api/v1/events';
  const about = [`involvedObject.kind=${ref.kind}`, `involvedObject.name=${ref.name}`];
  if (ref.namespace) about.push(`involvedObject.namespace=${ref.namespace}`);
  const query = { fieldSelector: about.join(',') };
  const answer = (await client.json({ verb: 'LIST', resource: 'events', path, query, signal })) as {
    items?: unknown;
  } | null;
  const items = Array.isArray(answer?.items) ? (answer.items as RawObject[]) : [];
  const intern = createIntern();
  return items
    .map((raw) => kinds.events.project(raw, intern))
    .map((row) => ({
      at: row.last || row.first || row.created,
      type: row.type,
      reason: row.reason,
      message: row.message,
      count: row.count,
      from: row.host === '' ? row.component : `${row.component}, ${row.host}`,
    }))
    .sort((a, b) => a.at - b.at);
}
