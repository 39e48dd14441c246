import type { Snapshot } from '../snapshot.ts';
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

/** What ARM is doing to the cluster just now. */
export type RunningOperation = {
  /** Upgrading, Updating, Stopping …: the cluster's, or its first busy pool's. */
  state: string;
  /** Pools that are at work themselves. */
  pools: readonly string[];
  /** Who began it and when, by the activity log; '' and 0 where it says nothing (yet). */
  by: string;
  since: number;
  title: string;
  /** Of an upgrade: nodes whose kubelet has the version that is asked for. */
  progress: { done: number; of: number; version: string } | undefined;
};

/** Undefined where nothing is under way, or Azure was not asked. */
export function runningOperation(snapshot: Snapshot): RunningOperation | undefined {
  const cluster = snapshot.facts.arm?.value;
  if (cluster === undefined) return undefined;
  const busy = cluster.pools.filter(({ provisioningState }) => !isAtRest(provisioningState));
  const state = isAtRest(cluster.provisioningState) ? busy[0]?.provisioningState : cluster.provisioningState;
  if (state === undefined) return undefined;
  const operations = operationsOf(snapshot.facts.activity?.value ?? []);
  const found = operations.find(({ ended, operation }) => ended === 0 && /\/(write|action|delete)$/i.test(operation));
  return {
    state,
    pools: busy.map(({ name }) => name),
    by: found?.caller ?? '',
    since: found?.began ?? 0,
    title: found?.title ?? '',
    progress: upgradeProgress(snapshot),
  };
}

/** The kubelets tell what ARM does not: how many nodes have been replaced. */
function upgradeProgress(snapshot: Snapshot): RunningOperation['progress'] {
  const cluster = snapshot.facts.arm?.value;
  const versions = cluster?.pools.map(({ version }) => version).filter((version) => version !== '') ?? [];
  const version = versions.toSorted(byVersion).at(-1) ?? '';
  const nodes = [...snapshot.tables.nodes.rows.values()];
  const done = nodes.filter(({ kubelet }) => isOfVersion(kubelet, version)).length;
  return version === '' || nodes.length === 0 || done === nodes.length
    ? undefined
    : { done, of: nodes.length, version };
}

/** What is asked for may be a minor alone: `1.33` is any `v1.33.x`. */
function isOfVersion(kubelet: string, version: string): boolean {
  const own = kubelet.replace(/^v/, '');
  return own === version || own.startsWith(`${version}.`) || own.startsWith(`${version}-`);
}

function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
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
