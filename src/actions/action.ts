import type { Asks } from '../model/asks.ts';
import type { RawObject } from '../model/objects/row.ts';
import type { Deployments } from '../model/plans/deployments.ts';
import type { AgreedChange } from '../model/plans/operation.ts';
import type { PolicyAsks } from '../model/policies/policy-asks.ts';
import type { ObjectRef } from '../model/ref.ts';
import type { Right } from '../model/right.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { UndoRecord } from '../model/undo-record.ts';
import type { WriteAnswer, WriteRequest, Writes } from '../model/writes.ts';

/** One kind of change we can make to the world: planned, shown, confirmed, run, seen in the watch, taken back. */
export type Action<T> = {
  /** Its file's name. */
  id: string;
  title: string;
  /** What it does and what to know before, for docs/actions.md. */
  says: string;
  /** Not only `y`: the cluster's name is typed. */
  dangerous: boolean;
  /** What one must be allowed to do for it: the write window asks when it opens, and keys say what is missing. */
  rights?: readonly Right[];
  /** Those of them that this target takes, where not all do. A key says which of these is missing. */
  needs?(target: T): readonly Right[];
  /**
   * Why it is not done on this cluster at all (AKS reverts or forbids it), and what is possible instead; undefined = it
   * may be planned. Asked before anything is read: keys and runbooks offer nothing that is refused here.
   */
  refuses?(target: T, snapshot: Snapshot): string | undefined;
  /**
   * Reads what is there, asks the server what it would make of the change (dry run), and says it all. Changes nothing.
   * Rejects with a UserError where it cannot be done; of kind 'conflict' where somebody changed the object meanwhile.
   */
  plan(target: T, world: PlanWorld, signal: AbortSignal): Promise<Plan>;
  /** Does what was planned, nothing else. Never rejects. */
  run(plan: Plan, world: RunWorld): Promise<RunAnswer>;
};

/** What became of a change. `partly`: of several steps some were done and stay; `what` says how many and what is left. */
export type RunAnswer = WriteAnswer | { outcome: 'partly'; what: string; hint: string };

/** All that a plan may look at. */
export type PlanWorld = Pick<Asks, 'object' | 'objects'> &
  Pick<Writes, 'rehearse'> &
  Pick<Deployments, 'planDeployment'> & {
    /** What the watches told, at key time. */
    snapshot(): Snapshot;
    /** What is kept of an earlier change. Rejects when it is not there any more. */
    undoRecord(id: string): Promise<UndoRecord>;
    /** What a draft of policies would do to connections; undefined where nobody can be asked. */
    whatIf: PolicyAsks['whatIf'] | undefined;
    /** By the server's clock. */
    now(): number;
  };

export type RunWorld = Pick<Asks, 'object'> &
  Pick<Writes, 'send'> & {
    /** What the watches tell meanwhile: a change of many steps waits for each to be seen. */
    snapshot(): Snapshot;
    /** Resolves when `holds` does, or after `limitMs` (false). Rejects never. */
    until(holds: (snapshot: Snapshot) => boolean, limitMs: number): Promise<boolean>;
    /**
     * How far it is, for whoever watches and for the header: `11 of 14 pods evicted, shop/db waits for its budget`. Where
     * it begins `n of m`, the header has room for that. `parts`: how each of many things is, instead of what was said before.
     */
    progress(text: string, parts?: readonly string[]): void;
    /** Aborted when somebody asked to stop: nothing more is sent, what was sent stays. */
    stop: AbortSignal;
    /** The same for ARM, where it takes long. Never rejects. */
    operate(change: AgreedChange): Promise<WriteAnswer>;
  };

/** What will be done, in every respect that somebody may want to know before. Its texts are sanitised, its objects opaque. */
export type Plan = {
  /** Id of the action. */
  action: string;
  /** `edit CNP shop/db`: for lists, the header and the audit. */
  title: string;
  /** One sentence: `Replaces CiliumNetworkPolicy shop/db as kubectl replace would.` */
  sentence: string;
  object: ObjectRef;
  request: WriteRequest;
  /** The call as it is sent: method and path. */
  call: string;
  /** The command that does the same, ready to be copied; a file it needs is called FILE. */
  kubectl: string;
  /** As the server has it now; undefined = it is not there. */
  before: RawObject | undefined;
  /** As the server would have it then, by its own dry run; undefined = it is gone. */
  after: RawObject | undefined;
  difference: readonly DifferenceLine[];
  /** How far it reaches, a sentence each: whom it selects, which pairs it newly allows and denies. */
  reach: readonly string[];
  /** What somebody should know before saying yes. */
  warnings: readonly string[];
  /** How it is taken back, how one sees that it is done: a sentence each. */
  undo: string;
  verify: string;
  /** Not only `y`: the cluster's name is typed. */
  dangerous: boolean;
  /** Of an undo: which record it uses up. */
  uses: string;
  /**
   * What is sent after `request`, in this order, where one change takes several: each is shown, audited and gated. What
   * is kept for an undo is what `request` changes.
   */
  then?: readonly WriteRequest[];
  /** The call and the command of each of those; the road adds them. */
  thenSaid?: readonly { call: string; kubectl: string }[];
  /** When it is done, where more than the written object must be seen; else the new version in the watch is enough. */
  done?(snapshot: Snapshot, now: number): Seen;
  /** How long the watch has to show it, ms; default 15 s. */
  doneMs?: number;
  /** It cannot be taken back, and nothing is kept for it; `undo` says so. */
  noUndo?: boolean;
  /** Of a change of the managed cluster: what is sent to ARM, instead of `request`. */
  deployment?: AgreedChange;
};

/**
 * Whether the watch shows what was done. `waits` says what is still waited for; `vain`: it was done and has not helped, which
 * waiting longer does not change.
 */
export type Seen = { seen: true; text: string } | { seen: false; waits: string; vain?: { text: string; hint: string } };

export type DifferenceLine = { sign: '+' | '-' | ' ' | '@'; text: string };
