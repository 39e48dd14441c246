import type { ApiRequest, FaultAction, Intercept } from '../api/intercept.ts';
import type { ApiServer } from '../api/server.ts';
import type { AzureIntercept } from '../azure/azure-fault.ts';
import type { Azure } from '../azure/start-azure.ts';
import type { Cluster, ObjectStore } from '../cluster.ts';
import type { LiveTroubles } from '../logs/log-troubles.ts';

/** A fault as it was asked for. Without `count` and `seconds` it lasts until faults are cleared. */
export type FaultOrder = {
  id: string;
  /** Only requests with this verb of authorization; default: those the fault is about. */
  verb?: string;
  /** Only requests for this kind, by its plural, or for a part of it (`pods/log`); in Azure one of its services (authority, arm, logs), or a type. */
  resource?: string;
  /** Only so many requests. */
  count?: number;
  /** Only so long. */
  seconds?: number;
};

/** What a fault may take hold of where it is about more than a request. */
export type Ground = {
  server: Pick<ApiServer, 'refuse' | 'accept' | 'dropConnections' | 'endWatches' | 'present'>;
  store: ObjectStore;
  /** Absent in a cluster without Azure. */
  azure?: Pick<Azure, 'refuse' | 'accept' | 'dropConnections' | 'present' | 'expireTokens'>;
  /** What goes wrong with the workspace; absent in a cluster without Azure. */
  logs?: LiveTroubles;
};

/** Something that goes wrong on a server. One entry of the catalogue. */
export type Fault = {
  id: string;
  /** One sentence. */
  title: string;
  /** Verbs it is about where the order names none. Absent: every request. */
  verbs?: readonly string[];
  /** Plural of the kind it is about where the order names none. Absent: every kind. */
  resource?: string;
  /** What happens to a request it is about; undefined: nothing after all. Made anew for each order, so that it may count. */
  intercept?(order: FaultOrder): (request: ApiRequest) => ReturnType<Intercept>;
  /** What happens to a request to Azure; such a fault is about no other. */
  azure?(order: FaultOrder): AzureIntercept;
  /** Faults of the server itself: begins, and returns how it ends. */
  begin?(ground: Ground, order: FaultOrder): () => void | Promise<void>;
  /** Stands in for a container's log. */
  log?(signal: AbortSignal): ReturnType<Cluster['log']>;
};

export function status(
  code: number,
  reason: string,
  message: string,
  more: { retryAfterSeconds?: number; details?: object } = {},
): FaultAction {
  return { kind: 'status', code, reason, message, ...more };
}

export const reads = ['get', 'list', 'watch'] as const;
export const writes = ['create', 'update', 'patch', 'delete', 'deletecollection'] as const;
