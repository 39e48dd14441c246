import type { Asks } from '../../model/asks.ts';
import { list, record, text } from '../../model/objects/raw.ts';
import type { ApiClient } from './api-client.ts';
import { ApiProblem } from './api-problem.ts';

type Resource = Parameters<Asks['objects']>[0];
type Scope = Parameters<Asks['objects']>[1];

/**
 * A whole list, once: nobody watches what comes of it. The objects of a list say neither their kind nor its version.
 * Throws ApiProblem.
 */
export async function listObjects(
  client: Pick<ApiClient, 'json'>,
  { group, version, plural }: Resource,
  { namespace = '', labelSelector = '', fieldSelector = '' }: Scope,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const path = `${root}${namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${plural}`;
  const chosen = { ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) };

  async function pages(limit: string): Promise<readonly unknown[]> {
    const items: unknown[] = [];
    let token = '';
    do {
      const query = { ...chosen, ...(limit && { limit }), ...(token && { continue: token }) };
      const page = record(await client.json({ verb: 'LIST', resource: plural, path, query, signal }));
      items.push(...list(page['items'], Number.POSITIVE_INFINITY));
      token = text(record(page['metadata'])['continue'], 100_000);
    } while (token !== '');
    return items;
  }

  try {
    return await pages('500');
  } catch (error) {
    if (!(error instanceof ApiProblem && error.kind === 'expired')) throw error;
    // The token of a next page ran out: all in one piece.
    return pages('');
  }
}
