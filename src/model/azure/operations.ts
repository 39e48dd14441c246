import type { ActivityEntry } from './azure-facts.ts';
import { nameOfResource } from './resource-id.ts';

/** One operation as the activity log tells it: its entries (started, accepted, ended) as one. */
export type Operation = {
  /** Equal for the same operation, however much more is told of it later. */
  id: string;
  title: string;
  /** `Microsoft.ContainerService/managedClusters/write` */
  operation: string;
  resource: string;
  caller: string;
  began: number;
  /** 0 = nothing is known of its end. */
  ended: number;
  /** Started, Succeeded, Failed …: what was said last. */
  status: string;
};

/** Newest first. */
export function operationsOf(activity: readonly ActivityEntry[]): readonly Operation[] {
  const groups = Map.groupBy(activity, (entry) =>
    entry.correlation === '' ? entry.id : `${entry.correlation}|${entry.operation}`.toLowerCase(),
  );
  return [...groups].map(([id, entries]) => operationOf(id, entries)).sort((a, b) => b.began - a.began);
}

function operationOf(id: string, entries: readonly ActivityEntry[]): Operation {
  const ordered = entries.toSorted((a, b) => a.at - b.at || Number(isFinal(a.status)) - Number(isFinal(b.status)));
  const [first, last] = [ordered[0] as ActivityEntry, ordered.at(-1) as ActivityEntry];
  const said = (pick: (entry: ActivityEntry) => string) => ordered.map(pick).find((text) => text !== '') ?? '';
  return {
    id,
    title: said(({ title }) => title) || first.operation,
    operation: first.operation,
    resource: first.resource,
    caller: said(({ caller }) => caller),
    began: first.at,
    ended: isFinal(last.status) ? last.at : 0,
    status: last.status,
  };
}

function isFinal(status: string): boolean {
  return /^(succeeded|failed|cancell?ed|resolved)$/i.test(status);
}

/** Anything but these is an operation under way: new words come with every release (domain §1.1). */
export function isAtRest(provisioningState: string): boolean {
  return /^(|succeeded|failed|cancell?ed)$/i.test(provisioningState);
}

/** Those on the cluster itself and its pools: what goes on in the group of its nodes is Azure's own work. */
export function operationsOn(activity: readonly ActivityEntry[], clusterId: string): readonly Operation[] {
  const below = `${clusterId}/`.toLowerCase();
  return operationsOf(activity).filter(({ resource }) => `${resource}/`.toLowerCase().startsWith(below));
}

/** The one that changes it and has not ended. */
export function openOperation(activity: readonly ActivityEntry[], clusterId: string): Operation | undefined {
  return operationsOn(activity, clusterId).find(
    ({ ended, operation }) => ended === 0 && /\/(write|action|delete)$/i.test(operation),
  );
}

/** `ManagedCluster aks-prod`, `AgentPool np2`: the object an operation is about, by its resource ID. */
export function objectOf(resource: string): { kind: string; name: string } {
  const kind = /\/agentPools\//i.test(resource)
    ? 'AgentPool'
    : /\/managedClusters\//i.test(resource)
      ? 'ManagedCluster'
      : (/\/providers\/[^/]+\/([^/]+)\/[^/]+$/i.exec(resource)?.[1] ?? 'Resource');
  return { kind, name: nameOfResource(resource) };
}
