// Which flows are logged when: what the ContainerNetworkLogs include, those that are there and, through the journal, those
// that were.
import type { KubeObject } from '../cluster.ts';
import { listOf } from '../voices/scene.ts';
import type { Conversation } from './conversations.ts';
import type { Observed } from './observed.ts';

type Ends = { namespacedPod?: readonly string[]; labelSelector?: { matchLabels?: Readonly<Record<string, string>> } };
type Filter = { from?: Ends; to?: Ends; protocol?: readonly string[]; verdict?: readonly string[] };
type FlowLog = KubeObject & { spec?: { includefilters?: readonly Filter[] }; status?: { timestamp?: string } };
type Logged = { from: number; to: number; filters: readonly Filter[] };

/** Whether a conversation's flows of half a minute that ended then are logged. */
export type FlowFilter = (one: Conversation, end: number) => boolean;

export function flowFilter({ scene, journal }: Observed): FlowFilter {
  const present = listOf<FlowLog>(scene, 'ContainerNetworkLog').map((log) => loggedBy(log, Number.POSITIVE_INFINITY));
  const past = journal.entries
    .filter(({ kind, before }) => kind === 'ContainerNetworkLog' && before !== undefined)
    .map(({ before, at }) => loggedBy(before as FlowLog, at));
  const all = [...present, ...past];
  return (one, end) =>
    all.some(({ from, to, filters }) => from <= end && end <= to && filters.some((filter) => matches(filter, one)));
}

/** It has to reach the nodes before anything is logged by it. */
function loggedBy({ metadata, status, spec }: FlowLog, to: number): Logged {
  const from = Date.parse(status?.timestamp ?? '') || Number.POSITIVE_INFINITY;
  const made = Date.parse(metadata.creationTimestamp ?? '') || 0;
  return { from: Math.max(made, from), to, filters: spec?.includefilters ?? [] };
}

/** Of labels only the namespace's is known here; others, and addresses, narrow nothing. */
function matches({ from, to, protocol, verdict }: Filter, one: Conversation): boolean {
  const { ends } = one;
  return (
    isEnd(from, ends['SourceNamespace'], ends['SourcePodName']) &&
    isEnd(to, ends['DestinationNamespace'], ends['DestinationPodName']) &&
    isAmong(one.verdict, verdict) &&
    (isAmong(one.protocol, protocol) || (one.port === 53 && isAmong('dns', protocol)))
  );
}

/** A pod is `namespace/name`, where the name may be only its beginning, or nothing. */
function isEnd(wanted: Ends | undefined, namespace: unknown, pod: unknown): boolean {
  const names = wanted?.namespacedPod ?? [];
  const home = wanted?.labelSelector?.matchLabels?.['k8s.io/namespace'];
  if (home !== undefined && home !== namespace) return false;
  return names.length === 0 || names.some((name) => `${String(namespace)}/${String(pod)}`.startsWith(name));
}

function isAmong(value: string, wanted: readonly string[] = []): boolean {
  return wanted.length === 0 || wanted.includes(value.toLowerCase());
}
