import type { Finding } from '../model/finding.ts';
import { type ObjectRef, refKey } from '../model/ref.ts';
import type { TimelineEntry } from '../model/timeline.ts';
import { age } from '../ui/text.ts';
import { shortObjects } from './short-kind.ts';

/** How long before a trouble a change is still worth naming with it. */
const windowMs = 10 * 60_000;

/** What somebody does, as against what follows by itself. */
const deeds = new Set(['edited', 'rollout', 'deleted', 'upgraded', 'created', 'cordoned']);
const policies = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'NetworkPolicy'];
const workings = ['ConfigMap', 'DaemonSet', 'Deployment', 'Node', 'CiliumNodeConfig'];

/** Which kinds of object can have to do with a check's subject; a policy does not make an agent crash. */
const suspects: Readonly<Record<string, readonly string[]>> = {
  agents: workings,
  nodes: workings,
  pods: workings,
  cluster: workings,
  endpoints: workings,
  dns: [...workings, ...policies],
  policies,
};

/** The last deed before a finding began: told beside it as a suspicion, never as the cause. */
export function shortlyBefore(finding: Finding, entries: readonly TimelineEntry[]): TimelineEntry | undefined {
  const { since } = finding;
  if (since === undefined || since <= 0) return undefined;
  const kinds = suspects[finding.id.split('/')[0] ?? ''] ?? [...workings, ...policies];
  const victims = new Set(finding.objects.map(refKey));
  // Newest first, so the first that fits is the nearest.
  return entries.find(
    (entry) =>
      entry.at <= since &&
      entry.at >= since - windowMs &&
      deeds.has(entry.what) &&
      kinds.includes(entry.object.kind) &&
      isOurs(entry.object) &&
      !victims.has(refKey(entry.object)),
  );
}

/** An application's own rollout is no suspect; what runs the network lives in kube-system. */
function isOurs({ kind, namespace }: ObjectRef): boolean {
  return !['ConfigMap', 'DaemonSet', 'Deployment'].includes(kind) || namespace === 'kube-system';
}

/** `14s before: edited CNP pay/deny-all spec.egress by jane@contoso`. */
export function beforeText(entry: TimelineEntry, since: number): string {
  const who = entry.who === '' ? '' : ` by ${entry.who}`;
  return `${age(since - entry.at)} before: ${entry.what} ${shortObjects([entry.object, ...(entry.others ?? [])])}${entry.detail === '' ? '' : ` ${entry.detail}`}${who}`;
}
