import type { DoneJob, UndoEntry } from './jobs.ts';
import type { RawObject } from './objects/row.ts';
import type { Deployments } from './plans/deployments.ts';
import type { ObjectRef } from './ref.ts';
import type { UndoRecord } from './undo-record.ts';
import type { ApiKind, WriteAnswer, WriteRequest, Writes } from './writes.ts';

/** Changes as the side that holds the connections has them: gated by the write window, kept for undo, audited. */
export type WriteJobs = Pick<Writes, 'rehearse'> &
  Deployments & {
    /**
     * Opens the write window for so many milliseconds, anew where it is open. Resolves with what we have no right to
     * (`create/delete networkpolicies`); rejects with a UserError where we may change nothing at all.
     */
    openWrites(ms: number, signal: AbortSignal): Promise<readonly string[]>;
    closeWrites(): Promise<void>;
    /**
     * Begins a change: keeps what was there before and says so in the snapshot. Rejects with a UserError of kind 'closed'
     * where the window is closed or what was there cannot be kept. Once begun it goes on when the window closes.
     */
    beginJob(job: NewJob): Promise<number>;
    sendWrite(job: number, request: WriteRequest): Promise<WriteAnswer>;
    /** Resolves with what takes it back; undefined where nothing was changed. */
    endJob(job: number, outcome: DoneJob['outcome'], text: string): Promise<UndoEntry | undefined>;
    undoRecord(id: string): Promise<UndoRecord>;
  };

export type NewJob = {
  /** Id of the action. */
  action: string;
  title: string;
  object: ObjectRef;
  resource: ApiKind;
  /** null = it was not there. */
  before: RawObject | null;
  verb: WriteRequest['verb'];
  /** Id of the record that it uses up; ''. */
  uses: string;
};
