import { agentContainer, agentPods } from '../../model/agents.ts';
import type { ClusterFacts } from '../../model/change.ts';
import { agentDaemonSet } from '../../model/cluster-mode.ts';
import { windowLeft } from '../../model/jobs.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { compareVersions, versionOfImage } from '../../model/versions.ts';
import type { HeaderFacts } from './header-line.ts';
import { linkSummary } from './link-summary.ts';

export function headerFacts(snapshot: Snapshot, scope: string, now: number): HeaderFacts {
  const { context, server, kubernetesVersion, insecure, skew = 0 } = snapshot.cluster;
  return {
    context: context === '' ? server || 'no cluster yet' : context,
    ...clusterOf(snapshot.cluster, snapshot.facts.arm?.value?.name),
    scope,
    kubernetes: kubernetesVersion.replace(/^v/, ''),
    cilium: ciliumVersions(snapshot),
    links: linkSummary(snapshot, now),
    insecure,
    skew,
    // The window is a timer of ours, whatever the server's clock says.
    writeMs: windowLeft(snapshot.jobs, Date.now()),
    changing: snapshot.jobs.running.length > 0,
    operation: operationOf(snapshot.jobs),
    now,
  };
}

/** What is said beside the sign of a change: what it is about, and how far where Azure says that. */
function operationOf({ running }: Snapshot['jobs']): string {
  const operation = running.find(({ progress }) => progress !== undefined);
  if (operation === undefined) return '';
  return `${operation.title}${shortProgress(operation.progress ?? '')}`;
}

/** `40%`, or `11/14` of `11 of 14 pods evicted`. */
function shortProgress(progress: string): string {
  if (/^\d+%$/.test(progress)) return ` ${progress}`;
  const [, done, of] = /^(\d+) of (\d+)\b/.exec(progress) ?? [];
  return done === undefined ? '' : ` ${done}/${of}`;
}

/** A context may be called anything; who looks at the wrong cluster sees it by the cluster's own name or its server's. */
function clusterOf(
  { context, clusterName = '', server }: ClusterFacts,
  nameInAzure = '',
): { cluster: string; host: string } {
  const isSaid = (name: string) => context.toLowerCase().includes(name.toLowerCase());
  const host = URL.canParse(server) ? new URL(server).hostname : '';
  const isName = /[a-z]/i.test(host) && !host.includes(':') && host !== 'localhost';
  return {
    // Azure's own name for it cannot be misspelled in somebody's kubeconfig.
    cluster: context === '' || isSaid(nameInAzure || clusterName) ? '' : nameInAzure || clusterName,
    host: context === '' || !isName || isSaid(host) ? '' : host,
  };
}

/** What runs, not what should: `1.18.6`; while agents differ `1.18.6+1.18.9`, what most of them run first. */
function ciliumVersions(snapshot: Snapshot): string {
  const agents = new Map<string, number>();
  for (const pod of agentPods(snapshot)) {
    const image = pod.containers.find((container) => container.name === agentContainer)?.image;
    if (image !== undefined) agents.set(image, (agents.get(image) ?? 0) + 1);
  }
  if (agents.size === 0) {
    const wanted = agentDaemonSet(snapshot)?.images.find((entry) => entry.startsWith(`${agentContainer}=`));
    if (wanted !== undefined) agents.set(wanted.slice(agentContainer.length + 1), 0);
  }
  const counts = new Map<string, number>();
  for (const [image, count] of agents) {
    const version = versionOfImage(image)?.version ?? '';
    if (version !== '') counts.set(version, (counts.get(version) ?? 0) + count);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || compareVersions(a[0], b[0])).map(([version]) => version);
  return sorted.length <= 2 ? sorted.join('+') : `${sorted[0]}+${sorted.length - 1} others`;
}
