import type { Snapshot } from './snapshot.ts';
import { type SystemWorkload, steadyReady, systemDeployment } from './system-workload.ts';

/** CoreDNS as the cluster's resolver. */
export type Dns = {
  workload: SystemWorkload | undefined;
  desired: number;
  /** Ready to stay: one that crash-loops does not count while it is up for a moment. */
  ready: number;
  /** Addresses behind Service kube-system/kube-dns that are ready; undefined where its slices are not read. */
  readyAddresses: number | undefined;
  service: string;
};

export function dns(snapshot: Snapshot, now: number): Dns {
  const found = systemDeployment(snapshot, 'coredns', 'k8s-app=kube-dns');
  const slices = snapshot.tables.endpointSlices.by('owner', 'kube-system/kube-dns');
  const ready = new Set(slices.flatMap((slice) => slice.endpoints.filter((one) => one.ready).map((one) => one.ip)));
  return {
    workload: found,
    desired: found?.desired ?? 0,
    ready: found ? steadyReady(found, now) : 0,
    readyAddresses: slices.length === 0 ? undefined : ready.size,
    service: snapshot.tables.services.named('kube-system', 'kube-dns')?.clusterIP ?? '',
  };
}
