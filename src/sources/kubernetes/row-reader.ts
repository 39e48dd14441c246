import type { Intern } from '../../model/intern.ts';
import type { RawObject, Row } from '../../model/objects/row.ts';
import { ApiProblem, watchProblem } from './api-problem.ts';
import type { ChangeSink } from './change-batch.ts';
import { withoutManagedFields } from './lines.ts';
import type { WatchedKind, WatchSource } from './sources.ts';

/** What has been handed out of one source, and where to go on. */
export type Holding = {
  /** uid → resourceVersion of every row handed out and not taken back. */
  rows: Map<string, string>;
  /** Where the next watch begins; '' = with a list. */
  resume: string;
};

/** Turns what the server sends into rows, and counts what is held. */
export type RowReader = {
  /** A list begins: what it does not bring is gone at its end. */
  begin(): void;
  item(raw: RawObject): void;
  /** The list is complete; a watch goes on from `resume`. */
  finish(resume: string): void;
  /** One line of a watch. Throws ApiProblem for an ERROR line and for what is no event. */
  line(text: string): void;
  /** The text without what is not looked at, where that is cheap to know. */
  trim(text: string): string;
  /**
   * One object as a GET of its own brought it: what the list or the watch still bring of an older version is passed over.
   * `known` = the row it had when it was asked for; where the watch was faster, the GET is what is passed over.
   */
  reread(raw: RawObject, known?: string): void;
  /** A GET found it gone. */
  gone(uid: string): void;
  /** Rows of the list so far, undefined while none is under way. */
  listed(): number | undefined;
};

export function createRowReader(
  kind: WatchedKind,
  { trim: trims, named }: Pick<WatchSource, 'trim' | 'named'>,
  intern: Intern,
  sink: ChangeSink,
  holding: Holding,
): RowReader {
  let listed: Map<string, string> | undefined;
  /** Rows that only a later list brought, until its end: one of them may have the name of what is gone by then. */
  let fresh: Map<string, Row> | undefined;
  /** uid → version of what was read ahead of the watch. */
  const ahead = new Map<string, string>();

  function put(raw: RawObject): string {
    const row = kind.project(raw, intern);
    const { uid } = row;
    if (named?.test(row.name) === false) return uid;
    listed?.set(uid, row.version);
    if (row.version !== '' && holding.rows.get(uid) === row.version) return uid;
    const read = ahead.get(uid);
    if (read !== undefined) {
      if (isOlder(row.version, read)) return uid;
      ahead.delete(uid);
    }
    if (fresh !== undefined && (fresh.has(uid) || !holding.rows.has(uid))) fresh.set(uid, row);
    holding.rows.set(uid, row.version);
    sink.put(kind.id, row);
    return uid;
  }

  function remove(uids: readonly string[]): void {
    if (ahead.size > 0) for (const uid of uids) ahead.delete(uid);
    for (const uid of uids) fresh?.delete(uid);
    const known = uids.filter((uid) => holding.rows.delete(uid));
    if (known.length > 0) sink.remove(kind.id, known);
  }

  function finish(resume: string): void {
    const complete = listed;
    listed = undefined;
    if (complete !== undefined) {
      const gone = [...holding.rows.keys()].filter((uid) => !complete.has(uid));
      remove(gone);
      // Of two with one name the table believed the younger: where time was set back that is the one that is gone.
      if (gone.length > 0 && fresh !== undefined) for (const row of fresh.values()) sink.put(kind.id, row);
      fresh = undefined;
    }
    holding.resume = resume;
  }

  function event(type: string, object: RawObject): void {
    const metadata = object.metadata as { resourceVersion?: unknown; annotations?: object } | null | undefined;
    const version = typeof metadata?.resourceVersion === 'string' ? metadata.resourceVersion : '';
    if (type === 'ADDED' || type === 'MODIFIED') put(object);
    else if (type === 'DELETED') {
      const { uid } = kind.project(object, intern);
      listed?.delete(uid);
      remove([uid]);
    } else if (type === 'ERROR') throw watchProblem(object, `watch ${kind.plural}`);
    else if (type !== 'BOOKMARK') return;
    if (listed === undefined) {
      if (version !== '') holding.resume = version;
    } else if (type === 'BOOKMARK' && metadata?.annotations && 'k8s.io/initial-events-end' in metadata.annotations) {
      // Before this the versions come in no order: none of them is a place to go on from.
      finish(version);
    }
  }

  const trim = (text: string) => (trims ? withoutManagedFields(text) : text);
  return {
    begin() {
      listed = new Map();
      // Those of a list that broke off are held by now, and will be passed over as known.
      fresh = holding.rows.size > 0 ? (fresh ?? new Map()) : undefined;
      // Every list is newer than what was read before it, also where the server was set back and counts anew.
      ahead.clear();
    },
    item: put,
    reread(raw, known) {
      const { uid: own, version } = kind.project(raw, intern);
      const held = holding.rows.get(own);
      if (held === undefined ? own === known : isOlder(version, held)) return;
      const uid = put(raw);
      ahead.set(uid, holding.rows.get(uid) ?? '');
    },
    gone: (uid) => remove([uid]),
    finish,
    trim,
    listed: () => listed?.size,
    line(text) {
      const { type, object } = parseEvent(trim(text));
      event(type, object);
    },
  };
}

/** Versions are compared only within one kind and one server's life; any that are no numbers are not. */
function isOlder(version: string, than: string): boolean {
  if (!/^\d+$/.test(version) || !/^\d+$/.test(than)) return false;
  return version.length === than.length ? version < than : version.length < than.length;
}

function parseEvent(text: string): { type: string; object: RawObject } {
  try {
    const parsed = JSON.parse(text) as { type?: unknown; object?: unknown } | null;
    const object = parsed?.object;
    return {
      type: String(parsed?.type),
      object: typeof object === 'object' && object !== null ? (object as RawObject) : {},
    };
  } catch {
    throw new ApiProblem('server', 'The server sent a change that is no JSON.', 'The watch is opened again.');
  }
}
