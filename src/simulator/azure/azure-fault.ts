import type { FaultAction } from '../api/intercept.ts';
import type { Service } from './audiences.ts';

/** A request to Azure as the listener understood it, before any answer. */
export type AzureAsked = {
  service: Service;
  /** Lower case: get, put, post … */
  verb: string;
  path: string;
  /** What it is about, lower case: `managedclusters`, `token`, `query` … */
  kind: string;
  /** As a role would name it: `Microsoft.ContainerService/managedClusters/read`; '' but at ARM. */
  action: string;
  /** Who asks, and their object ID; '' at the authority. */
  caller: string;
  callerId: string;
};

/** Like the API server's: undefined or [] = answer as usual. Of the actions those count that are no watch's. */
export type AzureIntercept = (asked: AzureAsked) => FaultAction | readonly FaultAction[] | undefined;
