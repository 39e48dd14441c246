import type { LogEvent } from '../../model/asks.ts';

/** Whose log a line is of. */
export type LogSource = { namespace: string; pod: string; container: string; node: string };

/** A line; or with a `mark` the place where lines are missing, or where a log ends. */
export type LogRow = {
  id: number;
  /** Place in LogBook.sources. */
  source: number;
  /** When the node wrote it, ms; 0 = not said. */
  at: number;
  /** Where it stands among the others: no line of one log goes before an earlier line of the same log. */
  order: number;
  text: string;
  /** Id of a known pattern, '' = an ordinary line. */
  known: string;
  mark: '' | 'gap' | 'end' | 'failed';
};

/** Logs as they are kept: merged by time, bounded. Rows change in place, which `version` and `reordered` tell. */
export type LogBook = Readonly<{
  sources: readonly LogSource[];
  rows: readonly LogRow[];
  /** Of these rows the known ones and the marks. */
  known: readonly LogRow[];
  version: number;
  reordered: number;
  newest: number;
  received: number;
  /** Lines that fell out at the old end. */
  dropped: number;
  /** Characters kept. */
  size: number;
  /** Sources of which anything came. */
  heard: ReadonlySet<number>;
  /** How the logs that are not read any longer ended, by source. */
  ended: ReadonlyMap<number, { failed: boolean; text: string }>;
  /** Times a pattern was seen, also in lines no longer kept. */
  seen: ReadonlyMap<string, { count: number; last: number }>;
}>;

export type LogItem = { source: number; event: LogEvent | { type: 'failed'; text: string } };

export function emptyBook(): LogBook {
  return {
    sources: [],
    rows: [],
    known: [],
    version: 0,
    reordered: 0,
    newest: -1,
    received: 0,
    dropped: 0,
    size: 0,
    heard: new Set(),
    ended: new Map(),
    seen: new Map(),
  };
}

/** Lines are a day of a quiet container and some seconds of a loud one; characters, because a line may have 8,192 of them. */
const mostLines = 20_000;
const mostSize = 24_000_000;

/** The book with what came. The one given is used up. */
export function foldBook(before: LogBook, items: readonly LogItem[], most = mostLines): LogBook {
  const book = {
    ...before,
    rows: before.rows as LogRow[],
    known: before.known as LogRow[],
    version: before.version + 1,
    ended: new Map(before.ended),
    seen: new Map(before.seen),
  };
  const heard = new Set(before.heard);
  const fresh: LogRow[] = [];
  const lastOf = new Map<number, number>();
  const add = (source: number, at: number, text: string, known: string, mark: LogRow['mark']) => {
    const last = lastOf.get(source) ?? lastOrder(book.rows, source);
    const order = Math.max(last, at === 0 ? last : at);
    lastOf.set(source, order);
    book.newest += 1;
    book.size += text.length;
    fresh.push({ id: book.newest, source, at, order, text, known, mark });
  };
  for (const { source, event } of items) {
    heard.add(source);
    if (event.type !== 'lines') {
      add(source, 0, event.text, '', event.type);
      if (event.type !== 'gap') book.ended.set(source, { failed: event.type === 'failed', text: event.text });
      continue;
    }
    book.ended.delete(source);
    book.received += event.lines.length;
    const known = new Map(event.known?.map(({ place, pattern }) => [place, pattern]));
    for (const [place, text] of event.lines.entries()) {
      const pattern = known.get(place) ?? '';
      const at = event.at?.[place] ?? 0;
      if (pattern !== '') {
        const seen = book.seen.get(pattern);
        book.seen.set(pattern, { count: (seen?.count ?? 0) + 1, last: Math.max(seen?.last ?? 0, at) });
      }
      add(source, at, text, pattern, '');
    }
  }
  // Lines of one log are in order; those of several come as they come. The sort is stable.
  fresh.sort((a, b) => a.order - b.order);
  const moved = merge(book.rows, fresh);
  merge(book.known, fresh.filter(isKnown));
  const fallen = dropOldest(book, most);
  return { ...book, heard, reordered: book.reordered + (moved || fallen ? 1 : 0) };
}

export function isKnown({ known, mark }: LogRow): boolean {
  return known !== '' || mark !== '';
}

function lastOrder(rows: readonly LogRow[], source: number): number {
  return rows.findLast((row) => row.source === source)?.order ?? 0;
}

/** Puts what came where it belongs; true when something stands above what was there before. */
function merge(rows: LogRow[], fresh: readonly LogRow[]): boolean {
  const [first] = fresh;
  if (first === undefined) return false;
  const from = rows.findLastIndex(({ order }) => order <= first.order) + 1;
  const later = rows.splice(from);
  let next = 0;
  for (const row of fresh) {
    for (let old = later[next]; old !== undefined && old.order <= row.order; old = later[next]) {
      rows.push(old);
      next += 1;
    }
    rows.push(row);
  }
  for (const row of later.slice(next)) rows.push(row);
  return later.length > 0;
}

type Open = { -readonly [K in keyof LogBook]: LogBook[K] } & { rows: LogRow[]; known: LogRow[] };

/** A tenth more than is kept may stand there, so that not every line that comes moves all the others. */
function dropOldest(book: Open, most: number): boolean {
  const { rows } = book;
  if (rows.length <= most * 1.1 && book.size <= mostSize) return false;
  let over = 0;
  for (; over < rows.length - 1 && (rows.length - over > most || book.size > mostSize * 0.9); over += 1) {
    book.size -= rows[over]?.text.length ?? 0;
    if (rows[over]?.mark === '') book.dropped += 1;
  }
  const gone = new Set(rows.splice(0, over));
  book.known.splice(0, book.known.filter((row) => gone.has(row)).length);
  return true;
}
