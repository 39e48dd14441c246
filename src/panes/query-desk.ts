import type { KqlAsks } from '../model/azure/azure-asks.ts';
import type { RunbookResult } from '../model/runbook-result.ts';
import type { Store } from '../ui/store.ts';

/** A query as it was asked: of the saved ones with their parameters, of a person's own its text. */
export type AskedQuery = Readonly<{
  /** Of a saved query; '' = typed by hand. */
  id: string;
  parameters: Readonly<Record<string, string>>;
  text: string;
  timespan: string;
  at: number;
}>;

export type HeldResult = {
  empty(): void;
  /** Its question and its first rows as text; undefined while nothing was asked. */
  head?(rows: number): QueryHead | undefined;
};

/** A question with the beginning of its answer. Its texts are sanitised. */
export type QueryHead = Readonly<{
  title: string;
  text: string;
  timespan: string;
  at: number;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  /** Rows that came. */
  total: number;
  /** Why there is no whole answer; ''. */
  problem: string;
}>;

/** `epoch`: of the snapshot it looked at, for another cluster has another story. */
export type RanRunbook = Readonly<{ at: number; epoch: number; title: string; result: RunbookResult }>;

/** What questions need besides their answers, and what was asked: stable for the session, shared by all screens. */
export type QueryDesk = Readonly<{
  kql: KqlAsks;
  /** What was asked, newest first; the next session begins with it. */
  history: Store<readonly AskedQuery[]>;
  /** Nobody has pressed a key for long: nothing is asked again and again meanwhile. */
  resting: Store<boolean>;
  /** A result that was asked for: the rows of those asked longest ago are let go, so that a night's work fits into memory. */
  hold(result: HeldResult): void;
  /** Of the results that are held, what a report shows; the newest first. */
  heads(): readonly QueryHead[];
  /** The runbooks of this session, each as it ended the last time, the newest last. */
  ran: Store<readonly RanRunbook[]>;
  /**
   * Writes the pieces into a new file of the person's alone (0600), beside where the program was started unless `path` is
   * absolute; `~/` is their home. Resolves with the path and the bytes written; rejects with a UserError, also where there
   * is such a file already. What was begun and failed is taken away again.
   */
  write(path: string, pieces: Iterable<string>): Promise<{ path: string; bytes: number }>;
}>;
