import { agentContainer, agentPods } from '../../model/agents.ts';
import type { ClusterFacts } from '../../model/change.ts';
import { agentDaemonSet } from '../../model/cluster-mode.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { compareVersions, versionOfImage } from '../../model/versions.ts';
import type { HeaderFacts } from './header-line.ts';
import { linkSummary } from './link-summary.ts';

export function headerFacts(snapshot: Snapshot, scope: string, now: number): HeaderFacts {
  const { context, server, kubernetesVersion, insecure, skew = 0 } = snapshot.cluster;
  return {
    context: context === '' ? server || 'no cluster yet' : context,
    ...clusterOf(snapshot.cluster),
    scope,
    kubernetes: kubernetesVersion.replace(/^v/, ''),
    cilium: ciliumVersions(snapshot),
    links: linkSummary(snapshot, now),
    insecure,
    skew,
    now,
  };
}

/** A context may be called anything; who looks at the wrong cluster sees it by the cluster's own name or its server's. */
function clusterOf({ context, clusterName = '', server }: ClusterFacts): { cluster: string; host: string } {
  const isSaid = (name: string) => context.toLowerCase().includes(name.toLowerCase());
  const host = URL.canParse(server) ? new URL(server).hostname : '';
  const isName = /[a-z]/i.test(host) && !host.includes(':') && host !== 'localhost';
  return {
    cluster: context === '' || isSaid(clusterName) ? '' : clusterName,
    host: context === '' || !isName || isSaid(host) ? '' : host,
  };
}

/** What runs, not what should: `1.18.6`, and while agents differ `1.18.6+1.18.9`. */
function ciliumVersions(snapshot: Snapshot): string {
  const images = new Set<string>();
  for (const pod of agentPods(snapshot)) {
    const image = pod.containers.find((container) => container.name === agentContainer)?.image;
    if (image !== undefined) images.add(image);
  }
  if (images.size === 0) {
    const wanted = agentDaemonSet(snapshot)?.images.find((entry) => entry.startsWith(`${agentContainer}=`));
    if (wanted !== undefined) images.add(wanted.slice(agentContainer.length + 1));
  }
  const versions = new Set(
    [...images].map((image) => versionOfImage(image)?.version ?? '').filter((version) => version !== ''),
  );
  const sorted = [...versions].sort(compareVersions);
  return sorted.length <= 2 ? sorted.join('+') : `${sorted[0]}+${sorted.length - 1} others`;
}
