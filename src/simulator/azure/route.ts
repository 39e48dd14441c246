// What the simulator's Azure is asked and answers, whichever of its services it is. The listener has already read the
// body and looked at the token: a route is asked only by somebody who may ask this service.
import type { IncomingHttpHeaders } from 'node:http';

export type AzureRequest = {
  method: string;
  /** Without the query, percent-decoding done. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** UTF-8. */
  body: string;
  /** Who asks, by the token: upn or appid. */
  caller: string;
  /** Aborted when the client is gone or the server stops. */
  signal: AbortSignal;
};

/** A body in pieces is written as they come, so that a large answer is never held whole. Absent: no body. */
export type AzureAnswer = {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: string | AsyncIterable<string>;
};

/** Undefined: the path is not this route's. */
export type Route = (request: AzureRequest) => Promise<AzureAnswer | undefined>;
