import type { RawObject } from '../objects/row.ts';
import type { DeploymentPlan } from './deployment-plan.ts';
import type { AgreedChange, OperationEnd, OperationStep } from './operation.ts';

/** What somebody may want of the managed cluster that is watched. */
export type DeploymentWish =
  | { id: 'enable-cilium' }
  | { id: 'enable-acns'; policies: '' | 'L7' }
  | { id: 'enable-monitoring'; workspace: string }
  | { id: 'enable-flow-logs' }
  | { id: 'upgrade'; version: string };

/** A plan on what ARM says now, and what would be sent. */
export type PlannedDeployment = { plan: DeploymentPlan; before: RawObject; change: AgreedChange };

export type OperationEvent = { type: 'step'; step: OperationStep } | { type: 'end'; end: OperationEnd };

/** Deployments as the side that holds the connections has them. */
export type Deployments = {
  /** Reads the cluster whole and plans; changes nothing. Rejects with a UserError where ARM cannot be read. */
  planDeployment(wish: DeploymentWish, signal: AbortSignal): Promise<PlannedDeployment>;
  /**
   * Sends it where the write window is open, and tells how far it is; the last event is its end. It goes on, and stays
   * on record, whoever stops listening.
   */
  operate(change: AgreedChange, signal: AbortSignal): AsyncIterable<OperationEvent>;
};
