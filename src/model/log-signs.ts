/**
 * What is known of logs because somebody read them: which, from when to when, and the known patterns that stood in them.
 * What nobody read is not among it, and that a pattern is missing says nothing of other logs or times.
 */
export type LogSigns = { readings: readonly LogReading[]; signs: readonly LogSign[] };

export type LogReading = {
  namespace: string;
  pod: string;
  container: string;
  /** Moments of the first and the last line that was read; between them there may be gaps. */
  from: number;
  to: number;
  lines: number;
  /** Somebody reads on: what is not told up to now was not said. */
  goesOn: boolean;
};

/** One pattern in one container's log. */
export type LogSign = {
  /** Id of a LogPattern. */
  pattern: string;
  namespace: string;
  pod: string;
  container: string;
  count: number;
  first: number;
  last: number;
  /** The newest of these lines, as it was written. */
  line: string;
  /** How many in which minute (since 1970) of the last three hours, oldest first. */
  minutes: readonly (readonly [minute: number, count: number])[];
};

export const NO_LOG_SIGNS: LogSigns = { readings: [], signs: [] };
