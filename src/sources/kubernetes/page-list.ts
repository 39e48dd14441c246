import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RawObject } from '../../model/objects/row.ts';
import type { ApiClient } from './api-client.ts';
import { ApiProblem } from './api-problem.ts';
import type { RowReader } from './row-reader.ts';

export type PageList = {
  client: ApiClient;
  resource: string;
  path: string;
  query: Readonly<Record<string, string>>;
  reader: RowReader;
  /** After each page: rows so far and, where the server says, how many it has. */
  onPage(loaded: number, expected: number | undefined): void;
  signal: AbortSignal;
};

type Page = {
  items?: unknown;
  metadata?: { continue?: string; resourceVersion?: string; remainingItemCount?: number };
};

/** Small enough that parsing one page does not hold up everything else (6 ms for endpoints). */
const pageSize = '500';
const roundsInPages = 2;

/** A whole list, page by page. Where a continue token runs out half-way it begins anew, at last in one piece. */
export async function listInPages(list: PageList): Promise<void> {
  const { client, resource, path, reader, signal } = list;
  for (let round = 1; ; round++) {
    reader.begin();
    let token = '';
    try {
      do {
        const paging = { ...(round <= roundsInPages && { limit: pageSize }), ...(token && { continue: token }) };
        const text = await client.text({ verb: 'LIST', resource, path, query: { ...list.query, ...paging }, signal });
        const page = parsePage(reader.trim(text));
        for (const item of page.items) reader.item(item);
        token = page.token;
        const loaded = reader.listed() ?? 0;
        list.onPage(loaded, page.left === undefined ? undefined : loaded + page.left);
        if (token === '') reader.finish(page.resume);
        await nextTurn();
      } while (token !== '' && !signal.aborted);
      return;
    } catch (error) {
      const ranOut = error instanceof ApiProblem && error.kind === 'expired' && token !== '';
      if (!ranOut || round > roundsInPages) throw error;
    }
  }
}

function parsePage(text: string): { items: RawObject[]; token: string; resume: string; left: number | undefined } {
  let page: Page | undefined;
  try {
    page = JSON.parse(text) as Page;
  } catch {
    // Told below.
  }
  if (typeof page !== 'object' || page === null || !('items' in page)) {
    throw new ApiProblem('server', 'The server sent a list that is none.', 'It is asked again.');
  }
  // An empty list may be null.
  const items = Array.isArray(page.items) ? page.items : [];
  return {
    items: items.filter((item) => typeof item === 'object' && item !== null),
    token: page.metadata?.continue ?? '',
    resume: String(page.metadata?.resourceVersion ?? ''),
    left: page.metadata?.remainingItemCount,
  };
}
