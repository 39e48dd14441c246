import type { Intern } from '../../model/intern.ts';
import type { ApiClient } from './api-client.ts';
import type { ChangeSink } from './change-batch.ts';
import type { LinkReport } from './link-report.ts';
import type { Holding } from './row-reader.ts';
import type { Served } from './served.ts';
import type { WatchedKind, WatchSource } from './sources.ts';

export type ListWatchOptions = {
  client: ApiClient;
  served: Served;
  source: WatchSource;
  sink: ChangeSink;
  intern: Intern;
  silenceMs: number;
  /** Shared by all sources of a server: it can stream lists, or it cannot. */
  abilities: { watchList: boolean };
  /** Listed instead where listing all namespaces is forbidden; '' = none. */
  namespace: string;
  /** Called once, when the first list is complete or is known not to come soon. */
  onSettled(): void;
  /** Called whenever a watch was opened anew. */
  onReopened(): void;
  signal: AbortSignal;
};

/** What the loop knows between two attempts. */
export type Progress = {
  kind: WatchedKind;
  link: LinkReport;
  holding: Holding;
  /** Served version of the kind that is tried. */
  version: string;
  /** The namespace that is listed. */
  namespace: string;
  /** The field selector it is listed by. */
  selector: string;
  /** Attempts that failed, in a row. */
  failures: number;
  /** The list was asked for as a stream. */
  streaming: boolean;
  /** What is held was once complete: what is not among it does not exist. */
  whole: boolean;
  settle(): void;
};

/** A break mended in this time is not worth a word. */
export const unnoticedMs = 1_000;
