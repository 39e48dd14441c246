import type { KqlAsks } from '../model/azure/azure-asks.ts';
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

/** What queries need besides their answers: stable for the session, shared by all screens that ask or edit one. */
export type QueryDesk = Readonly<{
  kql: KqlAsks;
  /** What was asked, newest first; the next session begins with it. */
  history: Store<readonly AskedQuery[]>;
  /** Nobody has pressed a key for long: nothing is asked again and again meanwhile. */
  resting: Store<boolean>;
  /** A result that was asked for: the rows of those asked longest ago are let go, so that a night's work fits into memory. */
  hold(result: { empty(): void }): void;
  /**
   * Writes the pieces into a new file of the person's alone (0600), beside where the program was started unless `path` is
   * absolute; `~/` is their home. Resolves with the path and the bytes written; rejects with a UserError, also where there
   * is such a file already. What was begun and failed is taken away again.
   */
  write(path: string, pieces: Iterable<string>): Promise<{ path: string; bytes: number }>;
}>;
