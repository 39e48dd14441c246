// Packets a node has forwarded and dropped. What is dropped by policy follows from the policies: traffic that some
// destination's ingress rules were written to let in, and that the source's egress rules, or a deny, now stop.
import { chanceBetween } from './chance.ts';
import { type Entry, entriesFor, labelsOf, type PolicyView, policyView } from './policy-entries.ts';
import { listOf, type Scene } from './scene.ts';
import { namespaceKey } from './selectors.ts';
import { type Endpoint, type Pod, timeOf } from './shapes.ts';

export type Counter = { reason: string; direction: 'INGRESS' | 'EGRESS'; packets: number; bytes: number };

/** A connection attempted again and again and dropped each time. */
export type DeniedFlow = { source: Endpoint; identity: number; port: number; protocol: string; denied: boolean };

/** Counters since the agent started, as `cilium_drop_count_total` and `cilium_forward_count_total` have them. */
export function dropCounters(scene: Scene, pod: Pod): Counter[] {
  const key = pod.metadata.uid ?? pod.metadata.name;
  const seconds = Math.max(0, (scene.now() - agentStart(pod)) / 1000);
  const counter = (reason: string, direction: Counter['direction'], perSecond: number, size: number): Counter => {
    const packets = Math.floor(seconds * perSecond);
    return { reason, direction, packets, bytes: packets * size };
  };
  const load = scene.endpointsOn(pod).length;
  const counters = [
    counter('Success', 'EGRESS', load * chanceBetween(`${key} out`, 20, 60), 402),
    counter('Success', 'INGRESS', load * chanceBetween(`${key} in`, 20, 60), 377),
    // Every node has a few of these: they are no sign of trouble.
    counter('Unsupported L3 protocol', 'EGRESS', 0.02, 70),
    counter('Stale or unroutable IP', 'EGRESS', 0.001, 74),
  ];
  const flows = deniedFlows(scene, pod);
  for (const denied of [false, true]) {
    const packets = flows
      .filter((flow) => flow.denied === denied)
      .reduce((sum) => sum + Math.floor(sinceLastPolicy(scene) * attemptsPerSecond), 0);
    if (packets > 0)
      counters.push({
        reason: denied ? 'Policy denied by denylist' : 'Policy denied',
        direction: 'EGRESS',
        packets,
        bytes: packets * 74,
      });
  }
  return counters;
}

/** A client that cannot connect sends SYN, and again after 1, 2 and 4 seconds. */
export const attemptsPerSecond = 0.5;

export function deniedFlows(scene: Scene, pod: Pod): DeniedFlow[] {
  const view = policyView(scene);
  if (view.subjects.length === 0) return [];
  const wanted = new Map<string, { id: number; port: number; protocol: string }[]>();
  return scene.endpointsOn(pod).flatMap((source) => {
    const labels = labelsOf(source);
    const egress = entriesFor(view, labels).filter((entry) => entry.direction === 'Egress');
    if (
      egress.some((entry) => entry.identity === 0 && entry.port === 0 && !entry.deny) &&
      !egress.some((entry) => entry.deny)
    )
      return [];
    const own = source.status?.identity?.id ?? 0;
    const namespace = labels[namespaceKey] ?? '';
    const key = `${namespace} ${own}`;
    const destinations = wanted.get(key) ?? destinationsOf(view, namespace, own);
    wanted.set(key, destinations);
    return destinations.flatMap(({ id, port, protocol }) => {
      const denied = egress.some((entry) => entry.deny && covers(entry, id, port, protocol));
      const allowed = egress.some((entry) => !entry.deny && covers(entry, id, port, protocol));
      return denied || !allowed ? [{ source, identity: id, port, protocol, denied }] : [];
    });
  });
}

/** Whom an identity was meant to reach: those of its namespace whose ingress rules name it with a port. */
function destinationsOf(
  view: PolicyView,
  namespace: string,
  own: number,
): { id: number; port: number; protocol: string }[] {
  return view.identities
    .filter(({ id, labels }) => id !== own && labels[namespaceKey] === namespace)
    .flatMap(({ id, labels }) =>
      entriesFor(view, labels)
        .filter((entry) => entry.direction === 'Ingress' && entry.identity === own && !entry.deny && entry.port !== 0)
        .map(({ port, protocol }) => ({ id, port, protocol })),
    );
}

function covers(entry: Entry, identity: number, port: number, protocol: string): boolean {
  const ported = entry.port === 0 || (entry.port === port && (entry.protocol === 'ANY' || entry.protocol === protocol));
  return (entry.identity === 0 || entry.identity === identity) && ported;
}

function sinceLastPolicy(scene: Scene): number {
  const kinds = ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'];
  const times = kinds.flatMap((kind) => listOf(scene, kind)).map((policy) => timeOf(policy.metadata.creationTimestamp));
  return Math.max(0, (scene.now() - Math.max(0, ...times)) / 1000);
}

function agentStart(pod: Pod): number {
  return timeOf(pod.status?.containerStatuses?.find((each) => each.name === 'cilium-agent')?.state?.running?.startedAt);
}
