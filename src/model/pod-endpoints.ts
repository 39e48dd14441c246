import { createIncremental } from './incremental.ts';
import type { CiliumEndpointRow } from './objects/cilium-endpoint.ts';
import type { PodRow } from './objects/pod.ts';
import type { Snapshot } from './snapshot.ts';

/** A pod that Cilium ought to manage and that has no CiliumEndpoint, or one with another address. */
export type PodEndpointDrift = {
  what: 'no-endpoint' | 'other-address';
  pod: PodRow;
  endpoint: CiliumEndpointRow | undefined;
  detail: string;
  /** Since when the pod has its address (it became ready), else its scheduling. */
  since: number;
  seen: number;
};

/** Costs O(changes) after the first look. Meaningless until pods and ciliumEndpoints are listed whole; `no-endpoint` also needs the nodes. */
export function podEndpointDrift(snapshot: Snapshot, now: number): readonly PodEndpointDrift[] {
  const watch = snapshot.memo.once('pod-endpoints', () =>
    createIncremental<PodEndpointDrift>({
      keys: {
        pods: (row: PodRow) => (row.hostNetwork ? [] : [`${row.namespace}/${row.name}`]),
        ciliumEndpoints: (row: CiliumEndpointRow) => [`${row.namespace}/${row.name}`],
      },
      touched: {
        pods: (before: PodRow, after: PodRow) => (isSamePod(before, after) ? [] : [`${after.namespace}/${after.name}`]),
        ciliumEndpoints: (before: CiliumEndpointRow, after: CiliumEndpointRow) =>
          before.ip === after.ip ? [] : [`${after.namespace}/${after.name}`],
      },
      judge,
    }),
  );
  // Nodes are few and come and go: they are looked at for what was found only, and where it depends on them.
  return [...watch.read(snapshot, now).values()].filter(
    (one) => one.what === 'other-address' || isLinux(snapshot, one.pod.node),
  );
}

function judge(
  snapshot: Snapshot,
  key: string,
  known: PodEndpointDrift | undefined,
  now: number,
): PodEndpointDrift | undefined {
  const slash = key.indexOf('/');
  const namespace = key.slice(0, slash);
  const name = key.slice(slash + 1);
  const pod = snapshot.tables.pods.named(namespace, name);
  // A pod that is over, or going, has given its address back; one without an address is not that far.
  if (!pod || pod.hostNetwork || pod.phase !== 'Running' || pod.ip === '' || pod.deleting > 0) return undefined;
  const endpoint = snapshot.tables.ciliumEndpoints.named(namespace, name);
  const since = pod.readySince || pod.scheduled || pod.created;
  if (endpoint === undefined) {
    return {
      what: 'no-endpoint',
      pod,
      endpoint,
      detail: `${pod.ip} on ${pod.node}`,
      since,
      seen: seenOf(known, 'no-endpoint', now),
    };
  }
  const agrees = endpoint.ip === '' || endpoint.ip === pod.ip || pod.ips.includes(endpoint.ip);
  if (agrees) return undefined;
  const detail = `pod has ${pod.ip}, endpoint says ${endpoint.ip}`;
  return { what: 'other-address', pod, endpoint, detail, since, seen: seenOf(known, 'other-address', now) };
}

function isSamePod(before: PodRow, after: PodRow): boolean {
  return (
    before.phase === after.phase &&
    before.ip === after.ip &&
    before.deleting === after.deleting &&
    before.hostNetwork === after.hostNetwork &&
    before.readySince === after.readySince
  );
}

function seenOf(known: PodEndpointDrift | undefined, what: PodEndpointDrift['what'], now: number): number {
  return known?.what === what ? known.seen : now;
}

function isLinux(snapshot: Snapshot, name: string): boolean {
  const node = snapshot.tables.nodes.named('', name);
  return node !== undefined && node.os !== 'windows' && node.labels.type !== 'virtual-kubelet';
}
