import type { RawObject } from '../objects/row.ts';
import type { PlanId, PlanTarget } from './deployment-plan.ts';

/** A plan that somebody said yes to: what is sent to ARM, and on what it rests. */
export type AgreedChange = {
  plan: PlanId;
  title: string;
  target: PlanTarget;
  /** The whole cluster, opaque. */
  body: RawObject;
  /** As ARM told it when the body was made; null = it must not be there yet. */
  before: RawObject | null;
  /** Of that answer; '' with null. */
  etag: string;
};

/** An operation of ours on a cluster, as it is kept on disk from before it is sent until its end is known. */
export type OperationRecord = AgreedChange & {
  /** The ARM it was sent to: another cloud is another cluster. */
  arm: string;
  /** When it was first sent, ms since 1970. */
  since: number;
  /** What Azure's client needs to go on asking how far it is; '' until the request was answered. */
  poller: string;
  /** The process that sends and follows it: while it lives nobody else takes it up. */
  owner?: { pid: number; host: string };
};

export type OperationStep = {
  /** What is done or waited for. */
  text: string;
  /** 0 to 100, where Azure says. */
  percent?: number;
  /** Since it was sent, ms. */
  elapsedMs: number;
  /** Azure has just taken it: the cluster is another from here on. */
  taken?: true;
};

export type OperationEnd =
  | { outcome: 'done'; text: string; object: RawObject | undefined }
  /** Nothing was changed. `kind`: why, for code. */
  | { outcome: 'refused'; kind: OperationRefusal; text: string; hint: string }
  /** Azure took it and did not bring it to its end. */
  | { outcome: 'failed'; text: string; hint: string }
  /** It goes on in Azure; we stopped asking. What is kept of it lets somebody go on later. */
  | { outcome: 'left'; text: string; hint: string };

export type OperationRefusal =
  /** It was changed since it was read (412), or is there already. */
  | 'changed'
  /** Another operation ran; it has ended by now. */
  | 'busy'
  /** No answer, and looking showed that nothing had happened. */
  | 'lost'
  /** Everything else: the request is wrong, a role is missing, nothing may be kept. */
  | 'refused';
