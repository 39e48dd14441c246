import type { Snapshot } from '../snapshot.ts';
import { isAtRest, openOperation } from './operations.ts';

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
  const found = openOperation(snapshot.facts.activity?.value ?? [], cluster.id);
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
