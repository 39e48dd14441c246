import type { LogQuery, LogTail, QueryEvent } from './log-query.ts';

/** What is asked of Azure on demand. All only read; all reject with a UserError-shaped message; all stop with `signal`. */
export type AzureAsks = {
  /**
   * Signs in with a device code; what to type where is the fact `azureLogin` meanwhile. Resolves when signed in, rejects
   * when the code ran out or was refused. With `signal` aborted nothing goes on.
   */
  signIn(signal: AbortSignal): Promise<void>;
  /** Tokens are forgotten; ARM and the workspace are not asked until the next sign-in. */
  signOut(): Promise<void>;
  /** Asks all of ARM's facts again now. */
  refresh(signal: AbortSignal): Promise<void>;
  /** One question. Events cross in batches; who reads slowly slows the reading of the answer. */
  query(query: LogQuery, signal: AbortSignal): AsyncIterable<readonly QueryEvent[]>;
  /** The same question again and again, each row once (domain §8.4 "live tail"). Ends with `signal` only, or when it may not be asked. */
  tail(tail: LogTail, signal: AbortSignal): AsyncIterable<readonly QueryEvent[]>;
};

/** What KQL means, by Microsoft's own language service, in a thread of its own that starts with the first question. */
export type KqlAsks = {
  /** Tables with their columns that names are looked up in; asked once for each new schema. */
  schema(tables: readonly { name: string; columns: readonly { name: string; type: string }[] }[]): Promise<void>;
  analyse(text: string, signal: AbortSignal): Promise<KqlAnalysis>;
  /** What could stand at this offset: best first, at most 50. */
  complete(text: string, offset: number, signal: AbortSignal): Promise<KqlCompletions>;
};

/** Offsets count UTF-16 units of the text as given. */
export type KqlAnalysis = {
  tokens: readonly { kind: KqlTokenKind; start: number; length: number }[];
  problems: readonly {
    code: string;
    severity: 'error' | 'warning' | 'suggestion';
    start: number;
    length: number;
    message: string;
  }[];
};
export type KqlTokenKind =
  | 'plain'
  | 'comment'
  | 'table'
  | 'column'
  | 'operator'
  | 'function'
  | 'string'
  | 'number'
  | 'keyword'
  | 'type'
  | 'parameter';
export type KqlCompletions = {
  /** What is replaced. */
  start: number;
  length: number;
  items: readonly { kind: string; text: string; before: string; after: string }[];
};
