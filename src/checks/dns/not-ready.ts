import { dns } from '../../model/dns.ts';
import { brokenSince, loopingContainer } from '../../model/looping.ts';
import type { PodRow } from '../../model/objects/pod.ts';
import { lastWords, podLines, scaledAt } from '../agents/workload-lines.ts';
import { heldUpOn } from '../backends/held-up-on.ts';
import type { Check, Suspect } from '../check.ts';
import { system, systemPod } from '../installation.ts';
import { count } from '../words.ts';

type Unready = Suspect & { pod?: PodRow };

/** With others answering, a DNS pod that moves to another node is no trouble; one that stays away is. */
const someMs = 10 * 60_000;

export const notReady: Check<Unready> = {
  id: 'dns/not-ready',
  title: 'Cluster DNS not ready',
  why: 'Pods find services by name. Without CoreDNS every new connection by name fails within seconds, and policies by name learn no addresses.',
  severity: 'error',
  needs: ['deployments', 'systemPods'],
  uses: ['nodes'],
  anyNetwork: true,
  clock: true,
  graceMs: 60_000,
  look(snapshot, now) {
    const { workload, desired, ready } = dns(snapshot, now);
    if (!workload) return [];
    const object = { kind: 'Deployment', namespace: system, name: workload.name };
    if (desired === 0) {
      const since = scaledAt(workload.row);
      return [{ object, since, reread: [{ kind: 'deployments', namespace: system, name: workload.name }] }];
    }
    const sick = workload.pods.filter(
      (pod) => pod.deleting === 0 && pod.phase !== 'Failed' && (!pod.ready || loopingContainer(pod, now) !== undefined),
    );
    if (ready === 0 && sick.length === 0) {
      return [{ object, reread: [{ kind: 'deployments', namespace: system, name: workload.name }] }];
    }
    return sick
      .map((pod) => ({
        object: systemPod(pod.name),
        // No DNS at all is told on its own, whatever node explains it.
        ...(ready > 0 ? heldUpOn([pod], snapshot) : {}),
        since: brokenSince(pod, now) || pod.created,
        pod,
      }))
      .filter(({ since }) => ready === 0 || now - since >= someMs);
  },
  tell(suspects, snapshot, now) {
    const { workload, desired, ready, readyAddresses, service } = dns(snapshot, now);
    const since = suspects.flatMap(({ since }) => since || []);
    return [
      {
        severity: ready === 0 ? 'error' : 'warning',
        title:
          desired === 0
            ? `no cluster DNS: ${workload?.name} scaled to 0`
            : ready === 0
              ? `no cluster DNS: 0 of ${desired} ${workload?.name} ready`
              : `cluster DNS short: ${ready} of ${desired} ${workload?.name} ready`,
        objects: suspects.map(({ object }) => object),
        // Without any, every pod of the cluster looks names up in vain.
        ...(ready === 0 && {
          impact: { nodes: snapshot.tables.nodes.rows.size, pods: snapshot.tables.pods.rows.size, drops: 0 },
        }),
        evidence: [
          ...podLines(
            suspects.flatMap(({ pod }) => pod ?? []),
            now,
          ),
          ...(readyAddresses === undefined
            ? []
            : [
                `Service kube-system/kube-dns${service && ` ${service}`}: ${count(readyAddresses, 'ready address', 'ready addresses')}`,
              ]),
        ],
        ...(since.length > 0 ? { since: Math.min(...since) } : {}),
        reach: ready === 0 ? 'every pod' : 'DNS',
        next:
          desired === 0
            ? `Scale it up: kubectl -n kube-system scale deploy ${workload?.name} --replicas=2`
            : nextStep(suspects.flatMap(({ pod }) => (pod ? [lastWords(pod)] : []))),
      },
    ];
  },
};

/** AKS lets one change nothing of CoreDNS but the ConfigMap coredns-custom, which is mounted at /etc/coredns/custom. */
function nextStep(words: readonly string[]): string {
  const text = words.join('\n');
  const [, key = '', line = ''] = /\/etc\/coredns\/custom\/([\w.-]+)(?::(\d+))?/.exec(text) ?? [];
  if (key !== '') {
    const where = line === '' ? key : `line ${line} of ${key}`;
    return `Correct ${where}: kubectl -n kube-system edit configmap coredns-custom, then kubectl -n kube-system rollout restart deploy coredns.`;
  }
  if (/Corefile|Error during parsing|Unknown directive|plugin\/\w+:/.test(text))
    return 'Correct what the last words name: kubectl -n kube-system edit configmap coredns-custom; in the Corefile of coredns itself where the cluster is self-managed.';
  if (/nodes? are available|didn't (match|have)|Insufficient/.test(text))
    return 'Give it nodes it may run on, with room: the last words say what they lack.';
  return text.trim() !== ''
    ? 'Mend what the last words name, then kubectl -n kube-system rollout restart deploy coredns.'
    : 'Read why: kubectl -n kube-system describe pod -l k8s-app=kube-dns, then its log.';
}
