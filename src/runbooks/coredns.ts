// How CoreDNS itself is, and what it said.
import { lastWords } from '../checks/agents/workload-lines.ts';
import { count, names } from '../checks/words.ts';
import { dns } from '../model/dns.ts';
import type { PodRow } from '../model/objects/pod.ts';
import type { ObjectRef } from '../model/ref.ts';
import { readLog } from './agent-on-node.ts';
import { mustRead, seen, speaksAgainst, speaksFor } from './look.ts';
import type { Cause, LookAsks, Looked, RunState } from './runbook.ts';

export function corednsRef(name: string): ObjectRef {
  return { kind: 'Deployment', namespace: 'kube-system', name };
}

export function coredns({ snapshot, now }: RunState): Looked {
  const { workload, desired, ready } = dns(snapshot, now);
  if (workload === undefined) {
    const words = 'kube-system has no Deployment coredns: another program resolves names here, or none';
    return { evidence: [seen(words, 'deployments')], missed: words };
  }
  const ref = corednsRef(workload.name);
  const words = `${ready} of ${count(desired, `${workload.name} pod`)} ready`;
  if (desired > 0 && ready >= desired) return { evidence: [speaksAgainst(words, 'deployments', ref)] };
  const sick = workload.pods.filter((pod) => !pod.ready && pod.deleting === 0);
  const since = Math.min(...sick.map((pod) => pod.notReadySince || pod.created), now);
  const cause: Cause = {
    id: desired === 0 ? 'coredns-scaled-to-none' : ready === 0 ? 'coredns-down' : 'coredns-short',
    text:
      desired === 0
        ? `No names are resolved: ${workload.name} is scaled to 0.`
        : ready === 0
          ? `No names are resolved: none of ${count(desired, `${workload.name} pod`)} is ready.`
          : `Only ${words}: names resolve more slowly, and fail under load.`,
    confidence: ready === 0 ? 'likely' : 'possible',
    objects: [ref, ...sick.slice(0, 3).map(podRef)],
    next:
      desired === 0 ? 'Scale it up again: the autoscaler then keeps it.' : 'See what keeps its pods from being ready.',
  };
  const pods = sick
    .slice(0, 3)
    .map((pod) => speaksFor(`${pod.name}: ${pod.status}${wordsOf(pod)}`, 'pod status', podRef(pod)));
  return { evidence: [speaksFor(words, 'deployments', ref), ...pods], causes: [cause], value: since };
}

function wordsOf(pod: PodRow): string {
  const words = lastWords(pod);
  return words === '' ? '' : `: "${words}"`;
}

function podRef({ namespace, name }: PodRow): ObjectRef {
  return { kind: 'Pod', namespace, name };
}

/** A resolver asks others about names outside the cluster, and says when they do not answer. */
export async function corednsLog({ snapshot, now }: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  mustRead({ snapshot, now }, ['deployments', 'systemPods']);
  const all = dns(snapshot, now).workload?.pods.filter(({ deleting }) => deleting === 0) ?? [];
  if (all.length === 0) return { evidence: [seen('no pod of coredns is there', 'pods')] };
  const chosen = [...all].sort((a, b) => Number(a.ready) - Number(b.ready)).slice(0, 2);
  const evidence: Looked['evidence'][number][] = [];
  const errors: string[] = [];
  const broken: string[] = [];
  for (const pod of chosen) {
    const from = {
      namespace: pod.namespace,
      pod: pod.name,
      container: 'coredns',
      previous: !pod.ready && pod.restarts > 0,
    };
    const lines = await readLog(asks, { ...from, ...(pod.ready ? { sinceSeconds: 600 } : {}) }, signal);
    errors.push(...lines.filter((line) => /plugin\/errors: 2 /.test(line)));
    broken.push(
      ...lines.filter((line) =>
        /Error during parsing|plugin\/loop: Loop|plugin\/\w+: .*(no such|unknown)|panic:/i.test(line),
      ),
    );
    const last = lines.at(-1);
    if (!pod.ready && last !== undefined)
      evidence.push(
        speaksFor(`${pod.name}: "${last}"`, `log of coredns${from.previous ? ', the run before' : ''}`, podRef(pod)),
      );
  }
  const upstream = errors.filter((line) => /i\/o timeout|SERVFAIL|connection refused|no route/.test(line));
  const where = names(chosen.map(({ name }) => name));
  if (upstream.length >= 5) {
    const to = names(upstream.flatMap((line) => /->([\d.]+:\d+|\[[^\]]+\]:\d+)/.exec(line)?.[1] ?? []));
    const text = `Names outside the cluster fail: CoreDNS got no answer ×${upstream.length} in ten minutes${to === '' ? '' : ` from ${to}`}.`;
    evidence.push(speaksFor(`×${upstream.length} in ten minutes, last: ${upstream.at(-1)}`, `log of ${where}`));
    const next =
      'See whether that server answers: the VNet’s DNS servers, a firewall on port 53, or forward in coredns-custom.';
    return {
      evidence,
      causes: [{ id: 'upstream-silent', text, confidence: 'likely', objects: chosen.map(podRef), next }],
      value: broken,
    };
  }
  if (evidence.length === 0)
    evidence.push(
      speaksAgainst(`${where}: ${count(errors.length, 'failed question')} in ten minutes`, 'log of coredns'),
    );
  return { evidence, value: broken };
}
