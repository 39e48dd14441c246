import type { Finding } from '../model/finding.ts';
import { type ObjectRef, refKey } from '../model/ref.ts';
import type { TimelineEntry } from '../model/timeline.ts';
import { versionOfImage } from '../model/versions.ts';
import { age } from '../ui/text.ts';
import { shortObjects } from './short-kind.ts';

/** How long before a trouble a change is still worth naming with it. */
const windowMs = 10 * 60_000;

/** What somebody does, as against what follows by itself. */
const deeds = new Set(['edited', 'rollout', 'scaled', 'image', 'deleted', 'upgraded', 'created', 'cordoned']);
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
  const isAboutDns = finding.id.startsWith('dns/');
  const victims = new Set(finding.objects.map(refKey));
  const fits = entries.filter(
    (entry) =>
      entry.at <= since &&
      entry.at >= since - windowMs &&
      deeds.has(entry.what) &&
      !isItself(finding, entry) &&
      kinds.includes(entry.object.kind) &&
      (isAboutDns || !isDnsSetting(entry.object)) &&
      isOurs(entry.object),
  );
  // Newest first, so the first that fits is the nearest; what was done to the sick thing itself comes before all else.
  return (
    fits.find(({ object }) => finding.objects.some((sick) => isOwner(object, sick))) ??
    fits.find(({ object }) => !victims.has(refKey(object)))
  );
}

/**
 * The workload itself, or whose pod or lease the sick thing is, by its name. A node does not count as its own: what is
 * written to it are mostly the marks of its trouble.
 */
export function isOwner({ kind, namespace, name }: ObjectRef, sick: ObjectRef): boolean {
  if ((kind !== 'DaemonSet' && kind !== 'Deployment') || namespace !== sick.namespace) return false;
  if (sick.kind === kind) return sick.name === name;
  if (!sick.name.startsWith(`${name}-`)) return false;
  const rest = sick.name.slice(name.length + 1);
  if (sick.kind === 'Lease') return kind === 'Deployment';
  if (sick.kind !== 'Pod') return false;
  return kind === 'DaemonSet' ? /^[a-z0-9]+$/.test(rest) : /^[a-z0-9]+-[a-z0-9]+$/.test(rest);
}

/** A rollout that stands still did not come from that rollout, nor from what else is brought up with it. */
function isItself({ id }: Finding, { what }: TimelineEntry): boolean {
  return id === 'cluster/rollout-stuck' && ['rollout', 'image', 'upgraded', 'created'].includes(what);
}

/** What CoreDNS reads makes nothing else sick. */
function isDnsSetting({ kind, name }: ObjectRef): boolean {
  return kind === 'ConfigMap' && name.startsWith('coredns');
}

/** An application's own rollout is no suspect; what runs the network lives in kube-system. */
function isOurs({ kind, namespace }: ObjectRef): boolean {
  return !['ConfigMap', 'DaemonSet', 'Deployment'].includes(kind) || namespace === 'kube-system';
}

/** `14s before: edited CNP pay/deny-all spec.egress by jane@contoso`, `3m before: rollout cilium 1.18.6 → 1.18.9`. */
export function beforeText(entry: TimelineEntry, since: number): string {
  const who = entry.who === '' ? '' : ` by ${entry.who}`;
  const what = rolloutText(entry) ?? plainText(entry);
  const gap = since - entry.at;
  return `${gap < 1_000 ? 'in the same second' : `${age(gap)} before`}: ${what}${who}`;
}

function plainText({ what, object, others = [], detail }: TimelineEntry): string {
  return `${what} ${shortObjects([object, ...others])}${detail === '' ? '' : ` ${detail}`}`;
}

/** By the versions of the agent or operator; another container is named where only that one changed. */
function rolloutText({ what, object, detail }: TimelineEntry): string | undefined {
  const [, container = '', from = '', to = ''] = /, (\S+) (\S+) → (\S+)$/.exec(detail) ?? [];
  if (what !== 'rollout' || container === '') return undefined;
  if (container !== 'cilium-agent' && container !== object.name)
    return `rollout ${object.name}, ${container} ${from} → ${to}`;
  const [older, newer] = [from, to].map((tag) => versionOfImage(`cilium:${tag}`)?.version ?? tag);
  return older === newer ? `rollout ${object.name} ${from} → ${to}` : `rollout ${object.name} ${older} → ${newer}`;
}
