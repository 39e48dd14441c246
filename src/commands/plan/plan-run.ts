import type { Config } from '../../config.ts';
import type { RawObject } from '../../model/objects/row.ts';
import type { DeploymentPlan } from '../../model/plans/deployment-plan.ts';
import type { AzureConnection } from '../../sources/azure/azure-connection.ts';
import type { Terminal } from '../command.ts';
import type { PlanOptions } from './plan-options.ts';

/** A plan on what is there now. `before` undefined = it is made anew; `etag` of that reading. */
export type Looked = { plan: DeploymentPlan; before: RawObject | undefined; etag: string };
export type Look = (connection: AzureConnection | undefined, signal: AbortSignal) => Promise<Looked>;

export type PlanRun = {
  options: PlanOptions;
  config: Config;
  terminal: Terminal;
  /** Reads anew whenever it is called: before it is applied, and again where somebody was faster. */
  look: Look;
  /** The plan cannot be made without Azure. */
  asksAzure: boolean;
};
