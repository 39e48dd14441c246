// Where faults meet the API server: before each request is answered, somebody may say what shall go wrong with it.

/** A request as the server understood it, before any answer. */
export type ApiRequest = {
  /** The verb of authorization: get, list, watch, create, update, patch, delete, deletecollection (exec by WebSocket is a get); '' for paths that are no resource. */
  verb: string;
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  group: string;
  version: string;
  /** Plural, '' where the path names no resource. */
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
  user: string;
  userAgent: string;
  /** How many requests came before this one since the server started. */
  index: number;
};

/** One line of a watch, before it is written. */
export type WatchLine = { type: string; object: { [field: string]: unknown } };

/** What some servers lack: older ones, or those whose administrator switched it off. */
export type Feature = 'watch-list' | 'aggregated-discovery' | 'bookmarks' | 'gzip' | 'table';

/** What can be wrong with a command that runs; see faults/commands.ts. */
export type ExecTrouble =
  | 'dropped'
  | 'silent'
  | 'late-output'
  | 'odd-frames'
  | 'old-protocol'
  | 'no-protocol'
  | 'unknown-form';

export type FaultAction =
  /** A command in a container runs so. */
  | { kind: 'exec'; trouble: ExecTrouble }
  /** The request is carried out as usual after this many milliseconds. */
  | { kind: 'delay'; milliseconds: number }
  /** The connection is closed without a byte of answer. */
  | { kind: 'hang-up' }
  /** The request is read and never answered; the connection stays open until the client leaves. */
  | { kind: 'black-hole' }
  /** A Status instead of the answer. */
  | { kind: 'status'; code: number; reason: string; message: string; retryAfterSeconds?: number; details?: object }
  /** The answer is cut by a TCP reset after this many bytes of its body (a watch: mid-line). */
  | { kind: 'reset'; afterBytes: number }
  /** The body drips. */
  | { kind: 'slow'; bytesPerSecond: number }
  /** The request is carried out; the client never learns (the connection is reset instead of an answer). */
  | { kind: 'lose-answer' }
  /** The watch ends cleanly after this many events. */
  | { kind: 'watch-end'; afterEvents: number }
  /** The watch sends an ERROR line after this many events and ends. The usual one is code 410, reason Expired. */
  | { kind: 'watch-error'; afterEvents: number; code: number; reason: string; message: string }
  /** The watch falls silent after this many events: no event, no bookmark, no end. */
  | { kind: 'watch-silent'; afterEvents: number }
  /** Each line of the watch goes through this: drop it, double it, reorder it, damage it. `index` counts from 0. */
  | { kind: 'watch-rewrite'; rewrite(line: WatchLine, index: number): readonly WatchLine[] }
  /** Each object of a get or list goes through this. */
  | { kind: 'rewrite'; rewrite(object: { [field: string]: unknown }): { [field: string]: unknown } }
  /** The server's clock, as the Date of its answer tells it, is ahead by so much. */
  | { kind: 'clock'; aheadMs: number }
  /** For this request the server is one that lacks these. */
  | { kind: 'without'; features: readonly Feature[] };

/** Called once for each request after authentication. Undefined or [] = answer as usual. Several actions combine. */
export type Intercept = (request: ApiRequest) => FaultAction | readonly FaultAction[] | undefined;

/** One line of the request log. Written when the answer ended; a watch when it started (`status`), with `ms` 0. */
export type RequestEntry = {
  /** RFC 3339 with milliseconds, of the real clock. */
  at: string;
  verb: string;
  method: string;
  /** With the query. */
  path: string;
  /** 0: no answer was given. */
  status: number;
  user: string;
  userAgent: string;
  ms: number;
  bytes: number;
};
