import type { Snapshot } from '../../model/snapshot.ts';

/** What a file about this cluster is called when nobody says: `ciliscope-bundle-aks-prod-20261122-0305.tar.gz`, in UTC. */
export function bundleName(snapshot: Snapshot, now: number): string {
  return `${fileStem('bundle', snapshot, now)}.tar.gz`;
}

/** Names of contexts may be anything; a file's name is letters, digits and hyphens. */
export function fileStem(what: string, { cluster }: Snapshot, now: number): string {
  const name = (cluster.context || 'cluster')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-|-$/g, '');
  const time = new Date(now).toISOString().slice(0, 16).replaceAll(/[-:]/g, '').replace('T', '-');
  return `ciliscope-${what}-${name || 'cluster'}-${time}`;
}
