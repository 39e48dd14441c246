import type { JobOutcome, UndoEntry } from './jobs.ts';
import type { RawObject } from './objects/row.ts';
import type { Deployments } from './plans/deployments.ts';
import type { ObjectRef } from './ref.ts';
import type { Right } from './right.ts';
import type { UndoRecord } from './undo-record.ts';
import type { WriteAnswer, WriteRequest, Writes } from './writes.ts';

/** Changes as the side that holds the connections has them: gated by the write window, kept for undo, audited. */
export type WriteJobs = Pick<Writes, 'rehearse'> &
  Deployments & {
    /**
     * Opens the write window for so many milliseconds, anew where it is open. Resolves with those of `rights` that we do
     * not have; rejects with a UserError where we have none of them.
     */
    openWrites(ms: number, rights: readonly Right[], signal: AbortSignal): Promise<readonly Right[]>;
    closeWrites(): Promise<void>;
    /**
     * Begins a change: keeps what was there before and says so in the snapshot. Rejects with a UserError of kind 'closed'
     * where the window is closed or what was there cannot be kept. Once begun it goes on when the window closes.
     */
    beginJob(job: NewJob): Promise<number>;
    /** Sends one of the requests that the job was begun with. One that was refused may be sent again, no other. */
    sendWrite(job: number, request: WriteRequest): Promise<WriteAnswer>;
    /** How far it is, for the header. `stopping`: somebody asked it to stop. */
    tellJob(job: number, progress: string, stopping: boolean): Promise<void>;
    /** Resolves with what takes it back; undefined where nothing was changed. */
    endJob(job: number, outcome: JobOutcome, text: string): Promise<UndoEntry | undefined>;
    undoRecord(id: string): Promise<UndoRecord>;
  };

export type NewJob = {
  /** Id of the action. */
  action: string;
  title: string;
  object: ObjectRef;
  /** All that will be sent for it, in order. The first is what an undo takes back. */
  requests: readonly [WriteRequest, ...WriteRequest[]];
  /** What the first request is about, before it; null = it was not there. */
  before: RawObject | null;
  /** It cannot be taken back: nothing is kept. */
  noUndo: boolean;
  /** What differs, by the names of fields only, for the audit: `+1 -0 spec.unschedulable`. */
  difference: string;
  /** Id of the record that it uses up; ''. */
  uses: string;
};
