import type { Asks } from '../model/asks.ts';
import type { RawObject } from '../model/objects/row.ts';
import type { Deployments } from '../model/plans/deployments.ts';
import type { AgreedChange } from '../model/plans/operation.ts';
import type { PolicyAsks } from '../model/policies/policy-asks.ts';
import type { ObjectRef } from '../model/ref.ts';
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
  /**
   * Reads what is there, asks the server what it would make of the change (dry run), and says it all. Changes nothing.
   * Rejects with a UserError where it cannot be done; of kind 'conflict' where somebody changed the object meanwhile.
   */
  plan(target: T, world: PlanWorld, signal: AbortSignal): Promise<Plan>;
  /** Does what was planned, nothing else. Never rejects. */
  run(plan: Plan, world: RunWorld): Promise<WriteAnswer>;
};

/** All that a plan may look at. */
export type PlanWorld = Pick<Asks, 'object'> &
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
  /** Of a change of the managed cluster: what is sent to ARM, instead of `request`. */
  deployment?: AgreedChange;
};

export type DifferenceLine = { sign: '+' | '-' | ' ' | '@'; text: string };
