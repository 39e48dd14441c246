/**
 * A question worth keeping. Its text never says from when to when: that is the request's timespan, the only way the
 * Basic plan takes, and so the same text serves both plans.
 */
export type SavedQuery = {
  /** Kebab-case; its file is named after it. */
  id: string;
  title: string;
  /** What it answers, in one sentence. */
  why: string;
  /** What it reads. The first must be there; the others are read where they are and named where they are not. */
  reads: readonly [LogKind, ...LogKind[]];
  parameters: readonly QueryParameter[];
  /** ISO 8601, when none is given. */
  timespan: string;
  text(context: QueryContext): string;
  /** Row by row, so that it can be followed; others summarise. */
  canFollow: boolean;
  /** A binned result that is a picture rather than a table: time on x, one line for each of `by`. */
  chart?: { x: string; y: string; by: string };
};

/** Kinds of logs; which table holds them depends on the workspace. */
export type LogKind =
  | 'flows'
  | 'containers'
  | 'pods'
  | 'events'
  | 'audit'
  | 'requests'
  | 'control-plane'
  | 'operation'
  | 'heartbeat'
  | 'activity';

export type QueryParameter = {
  name: string;
  /** What to give, in a few words. */
  title: string;
  /** When nothing is given; '' = anything. */
  fallback: string;
  /** What of the person's selection it can be filled from. */
  from: 'namespace' | 'pod' | 'node' | 'workload' | 'container' | '';
  /** Nothing is asked without it. */
  isNeeded?: boolean;
};

export type QueryContext = {
  /** The name of the table that holds them here; undefined = not here, or on a plan that this question cannot read. */
  tables: Readonly<Partial<Record<LogKind, string>>>;
  /** What was given or the fallback; every parameter is there. Raw: only `kqlString` makes it part of a query. */
  parameters: Readonly<Record<string, string>>;
};
