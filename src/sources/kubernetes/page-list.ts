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
  reader: ListReader;
  /** After each page: rows so far and, where the server says, how many it has. */
  onPage(loaded: number, expected: number | undefined): void;
  signal: AbortSignal;
};

/** Takes in a list; one that begins anew forgets what it had. */
export type ListReader = Pick<RowReader, 'begin' | 'trim' | 'item' | 'finish' | 'listed'>;

type Page = { items: RawObject[]; token: string; resume: string; left: number | undefined };

type RawPage = {
  items?: unknown;
  metadata?: { continue?: string; resourceVersion?: string; remainingItemCount?: number };
};

/** Small enough that parsing one page does not hold up everything else (6 ms for endpoints). */
const pageSize = '500';
const roundsInPages = 2;

/** A whole list, page by page. Where a continue token runs out half-way it begins anew, at last in one piece. */
export async function listInPages(list: PageList): Promise<void> {
  const { reader } = list;
  for (let round = 1; ; round++) {
    reader.begin();
    const pages = readPages(list, round <= roundsInPages ? pageSize : '');
    try {
      for await (const { last, resume, left } of pages) {
        const loaded = reader.listed() ?? 0;
        list.onPage(loaded, left === undefined ? undefined : loaded + left);
        if (last) reader.finish(resume);
      }
      return;
    } catch (error) {
      const ranOut = error instanceof ApiProblem && error.kind === 'expired' && (reader.listed() ?? 0) > 0;
      if (!ranOut || round > roundsInPages) throw error;
    }
  }
}

/** What a selection of the list has, put before the list itself: what it lacks is not gone by that. */
export async function listAhead(list: PageList): Promise<void> {
  for await (const _ of readPages(list, pageSize)) list.onPage(0, undefined);
}

/** `resume`: where a watch goes on after the last page. `left`: rows after this page, where the server says. */
async function* readPages(
  { client, resource, path, query, reader, signal }: PageList,
  limit: string,
): AsyncGenerator<{ last: boolean; resume: string; left: number | undefined }> {
  const read = async (token: string) => {
    const paging = { ...(limit && { limit }), ...(token && { continue: token }) };
    const text = await client.text({ verb: 'LIST', resource, path, query: { ...query, ...paging }, signal });
    return parsePage(reader.trim(text));
  };
  let page: Page | undefined = await read('');
  while (page !== undefined) {
    const { items, token, resume, left }: Page = page;
    // The server collects the next page while we look at this one.
    const next: Promise<Page> | undefined = token === '' || signal.aborted ? undefined : read(token);
    // Met where it is waited for.
    next?.catch(() => {});
    for (const item of items) reader.item(item);
    yield { last: token === '', resume, left };
    await nextTurn();
    page = await next;
  }
}

function parsePage(text: string): Page {
  let page: RawPage | undefined;
  try {
    page = JSON.parse(text) as RawPage;
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
