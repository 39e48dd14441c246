import type { ObjectRef } from './ref.ts';
import type { Right } from './right.ts';

/** What is being changed, was changed, can be taken back, and whether anything may be: the same for every pane. */
export type Jobs = {
  /**
   * Until when changes may be made, ms by this machine's own clock: it is a timer of ours; and what one may not do all
   * the same. Undefined = read-only.
   */
  window: { until: number; missing: readonly Right[] } | undefined;
  running: readonly Job[];
  /** What this session did, the newest last; at most 50. */
  done: readonly DoneJob[];
  /** What can be taken back on this cluster, the latest first. */
  undo: readonly UndoEntry[];
};

export type Job = {
  id: number;
  title: string;
  object: ObjectRef;
  since: number;
  /** How far it is, where it takes several steps. */
  progress?: string;
  /** It goes on in Azure without us, and whoever leaves need not wait. */
  inAzure?: boolean;
  /** Somebody asked it to stop after the step under way. */
  stopping?: boolean;
};

export type DoneJob = {
  id: number;
  title: string;
  object: ObjectRef;
  /** When it ended, by the server's clock. */
  at: number;
  outcome: JobOutcome;
  /** What happened, in a sentence. */
  text: string;
};

/** `written`: done, not yet seen. `partly`: some steps were done and stay, others were not; or all were, and it has not helped. */
export type JobOutcome = 'verified' | 'written' | 'partly' | 'refused' | 'unknown';

/** The state of an object before we changed it is kept on disk under `id`; this is what it says of itself. */
export type UndoEntry = {
  id: string;
  /** What was done: `edit CNP shop/db`. */
  title: string;
  /** What taking it back does. */
  verb: 'restore' | 'delete' | 'create';
  object: ObjectRef;
  at: number;
  user: string;
};

export const NO_JOBS: Jobs = { window: undefined, running: [], done: [], undo: [] };

/** How long the write window stays open yet, ms; 0 = closed. `now` is this machine's own clock. */
export function windowLeft({ window }: Jobs, now: number): number {
  return window === undefined ? 0 : Math.max(0, window.until - now);
}
