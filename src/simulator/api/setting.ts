import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Cluster } from '../cluster.ts';
import type { Tokens } from './access.ts';
import type { Authority } from './certificates.ts';
import type { Feature, Intercept, RequestEntry } from './intercept.ts';
import type { Turns } from './turns.ts';

export type ApiServerOptions = {
  /** 0 or absent: any free port of 127.0.0.1. */
  port?: number;
  tokens: Tokens;
  /** Who issues the server's certificate; default: an authority of its own. */
  authority?: Authority;
  intercept?: Intercept;
  /** Called with each entry of the request log as it is written. */
  onRequest?(entry: RequestEntry): void;
  /** What this server lacks, for every request. */
  without?: readonly Feature[];
  /** gitVersion of /version; default v1.34.2. */
  gitVersion?: string;
  /** Milliseconds between bookmarks of a watch that asked for them; a real server's: one minute. */
  bookmarkMs?: number;
};

/** Commands in containers, as the server counts them. */
export type ExecCounts = {
  running: number;
  /** That ran at the same time, at most. */
  most: number;
  total: number;
  /** Whose client went away without ending them: they go on in their containers. */
  left: number;
};

/** What the answering side needs to know of the server it runs in. */
export type Setting = {
  cluster: Cluster;
  options: ApiServerOptions;
  /** Requests so far. */
  count(): number;
  log(entry: RequestEntry): void;
  /** How to end each open watch, and of what kind it is. */
  watches: Map<() => void, string>;
  turns: Turns;
  execs: ExecCounts;
  stopped: AbortSignal;
};

/** How the answer leaves: as a response, or on the bare connection of a client that wants to upgrade it. */
export type Way = { response: ServerResponse } | { socket: Duplex; first: Buffer };
