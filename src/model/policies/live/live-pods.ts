import type { CiliumEndpointRow } from '../../objects/cilium-endpoint.ts';
import type { PodRow } from '../../objects/pod.ts';
import type { Labels } from '../../objects/row.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { PodFacts } from '../facts.ts';
import { createSorter, type Identities } from '../identities.ts';
import type { Modes } from '../modes.ts';
import { createPodReader, podIdentity } from '../row-facts.ts';
import { createFollower, touchedRows } from './changed-rows.ts';

/** The pods of a cluster in their classes, brought up to date by what changed. */
export type LivePods = {
  /** Before any pod is looked at. */
  awaited(): PodsNow;
  /** `moved` = namespaces whose labels are others now. */
  follow(snapshot: Snapshot, namespaces: ReadonlyMap<string, Labels>, moved: ReadonlySet<string>): PodsNow;
};

export type PodsNow = {
  pods: readonly PodFacts[];
  identities: Identities;
  /** Pods of the hosts' network, which are in no class, by what policies could tell them by: others than before? */
  hosts: number;
  /** Namespaces in which pods came, went or changed since the last time. */
  touched: ReadonlySet<string>;
};

export function createLivePods(modes: Modes): LivePods {
  const read = createPodReader();
  const follower = createFollower();
  const sorter = createSorter(modes);
  const known = new Map<string, PodFacts>();
  const hostKinds = new Map<string, number>();
  let pods: readonly PodFacts[] = [];
  let hosts = 0;

  function place(uid: string, next: PodFacts | undefined, namespace: Labels | undefined): void {
    const before = known.get(uid);
    if (before) {
      sorter.take(before);
      countHost(before, -1);
    }
    if (!next) {
      known.delete(uid);
      return;
    }
    known.set(uid, next);
    sorter.put(next, namespace);
    countHost(next, 1);
  }

  /** The kinds of host pods change with deployments, not with each pod. */
  function countHost(pod: PodFacts, by: 1 | -1): void {
    if (!pod.hostNetwork) return;
    const key = `${pod.namespace}/${pod.workload.kind}/${pod.workload.name}`;
    const count = (hostKinds.get(key) ?? 0) + by;
    if (count === 0) hostKinds.delete(key);
    else hostKinds.set(key, count);
    if (count === 0 || (by === 1 && count === 1)) hosts += 1;
  }

  return {
    awaited: () => ({ pods, identities: sorter.sorted(), hosts, touched: new Set() }),
    follow(snapshot, namespaces, moved) {
      const { tables } = snapshot;
      const rows = new Map(touchedRows(tables.pods, follower.read(tables.pods), known.keys()));
      const add = (row: PodRow | undefined) => row && rows.set(row.uid, row);
      for (const row of endpointsTouched(snapshot, follower)) add(tables.pods.named(row.namespace, row.name));
      for (const namespace of moved) for (const row of tables.pods.by('namespace', namespace)) add(row);
      const touched = new Set<string>();
      for (const [uid, row] of rows) {
        const before = known.get(uid);
        const next = row && read(row, identityOf(snapshot, row));
        const isSame = before !== undefined && next !== undefined && isEqual(before, next);
        if (isSame && !(moved.has(next.namespace) && !next.identity)) continue;
        if (!before && !next) continue;
        place(uid, next, next && namespaces.get(next.namespace));
        for (const one of [before, next]) if (one) touched.add(one.namespace);
      }
      if (touched.size > 0) pods = [...known.values()];
      return { pods, identities: sorter.sorted(), hosts, touched };
    },
  };
}

/** Endpoints by which a pod may have another identity than before. Most changes of an endpoint are of its state. */
function endpointsTouched(
  { tables }: Snapshot,
  follower: ReturnType<typeof createFollower>,
): readonly CiliumEndpointRow[] {
  const { ciliumEndpoints, ciliumIdentities } = tables;
  const endpoints = follower.read(ciliumEndpoints).changes;
  const identities = follower.read(ciliumIdentities).changes;
  if (!endpoints || !identities) return [...ciliumEndpoints.rows.values()];
  const changed = endpoints.filter(
    ({ before, after }) =>
      before?.identity !== after?.identity ||
      before?.identityLabels !== after?.identityLabels ||
      before?.name !== after?.name,
  );
  const numbers = identities
    .filter(({ before, after }) => before?.securityLabels !== after?.securityLabels)
    .flatMap(({ before, after }) => [before?.id ?? 0, after?.id ?? 0]);
  const having = [...new Set(numbers)].filter((id) => id > 0).map((id) => ciliumEndpoints.by('identity', String(id)));
  return [...changed.flatMap(({ before, after }) => [before ?? [], after ?? []].flat()), ...having.flat()];
}

function identityOf({ tables }: Snapshot, { namespace, name }: PodRow): Labels | undefined {
  return podIdentity(tables.ciliumEndpoints.named(namespace, name), (id) =>
    id === 0 ? undefined : tables.ciliumIdentities.named('', String(id))?.securityLabels,
  );
}

function isEqual(a: PodFacts, b: PodFacts): boolean {
  return (
    a.labels === b.labels &&
    a.identity === b.identity &&
    a.ports === b.ports &&
    a.declared === b.declared &&
    a.node === b.node &&
    a.ended === b.ended &&
    a.hostNetwork === b.hostNetwork &&
    a.serviceAccount === b.serviceAccount &&
    a.name === b.name &&
    a.namespace === b.namespace &&
    a.workload.kind === b.workload.kind &&
    a.workload.name === b.workload.name &&
    a.ips.length === b.ips.length &&
    a.ips.every((ip, index) => ip === b.ips[index])
  );
}
