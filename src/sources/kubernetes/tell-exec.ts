/** Tells the audit of a command before it is run, and how it ended. Rejects with a UserError where it cannot be told: then it is not run. */
export type TellExec = (
  target: { namespace: string; pod: string; container: string },
  command: readonly string[],
) => Promise<(end: ExecEnding) => void>;

/** `done`: it ran, to its end or until we left it. */
export type ExecEnding = { outcome: 'done' | 'refused' | 'unknown'; said: string };
