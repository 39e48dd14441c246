// Packets a node has forwarded and dropped. What is dropped by policy follows from the policies: traffic that one
// side's rules were written to let through, and that a rule of the other side, or a deny, now stops (see policy-view.ts).
import type { DirectionVerdict } from '../../model/policies/direction-verdict.ts';
import { chanceBetween } from './chance.ts';
import { type DeadService, triedBy } from './dead-services.ts';
import { droppedForRoom } from './full-maps.ts';
import { agentStart, endpointWithoutMap } from './lies.ts';
import { lostPackets } from './lost-packets.ts';
import type { PolicyView } from './policy-view.ts';
import { policiesOf, type Scene } from './scene.ts';
import { type Endpoint, type Pod, timeOf } from './shapes.ts';

export type Counter = { reason: string; direction: 'INGRESS' | 'EGRESS'; packets: number; bytes: number };

/** A connection attempted again and again and dropped each time. */
export type DeniedFlow = {
  direction: 'INGRESS' | 'EGRESS';
  /** The one of this node. */
  endpoint: Endpoint;
  /** Of the other end. */
  identity: number;
  port: number;
  protocol: string;
  verdict: DirectionVerdict;
  /** By a deny rule. */
  denied: boolean;
};

/** Counters since the agent started, as `cilium_drop_count_total` and `cilium_forward_count_total` have them. */
export function dropCounters(scene: Scene, pod: Pod): Counter[] {
  const key = pod.metadata.uid ?? pod.metadata.name;
  const seconds = Math.max(0, (scene.now() - agentStart(pod)) / 1000);
  const counter = (reason: string, direction: Counter['direction'], perSecond: number, size: number): Counter => {
    const packets = Math.floor(seconds * perSecond);
    return { reason, direction, packets, bytes: packets * size };
  };
  // What a node has carried must not change with the pods that are on it now.
  const load = chanceBetween(`${key} load`, 10, 40);
  const counters = [
    counter('Success', 'EGRESS', load * chanceBetween(`${key} out`, 20, 60), 402),
    counter('Success', 'INGRESS', load * chanceBetween(`${key} in`, 20, 60), 377),
    // Every node has a few of these: they are no sign of trouble.
    counter('Unsupported L3 protocol', 'EGRESS', 0.02, 70),
    counter('Stale or unroutable IP', 'EGRESS', 0.001, 74),
  ];
  const full = Math.max(0, (scene.now() - Math.max(agentStart(pod), scene.causes.since('fullMaps'))) / 1000);
  for (const { reason, direction, perSecond } of droppedForRoom(scene, pod)) {
    const packets = Math.floor(full * perSecond);
    counters.push({ reason, direction, packets, bytes: packets * 74 });
  }
  const lostFor = Math.max(0, (scene.now() - Math.max(agentStart(pod), scene.causes.since('lostPackets'))) / 1000);
  for (const { reason, direction, perSecond } of lostPackets(scene, pod)) {
    const packets = Math.floor(lostFor * perSecond);
    if (packets > 0) counters.push({ reason, direction, packets, bytes: packets * 74 });
  }
  const since = Math.max(0, (scene.now() - scene.causes.since('emptyPolicyMaps')) / 1000);
  for (const { direction } of maplessFlows(scene, pod)) {
    const packets = Math.floor(since * attemptsPerSecond);
    if (packets > 0) counters.push({ reason: 'Policy denied', direction, packets, bytes: packets * 74 });
  }
  const flows = deniedFlows(scene, pod);
  for (const [denied, reason] of [
    [false, 'Policy denied'],
    [true, 'Policy denied by denylist'],
  ] as const) {
    for (const direction of ['INGRESS', 'EGRESS'] as const) {
      const count = flows.filter((flow) => flow.denied === denied && flow.direction === direction).length;
      const packets = count * Math.floor(sinceLastPolicy(scene) * attemptsPerSecond);
      if (packets > 0) counters.push({ reason, direction, packets, bytes: packets * 74 });
    }
  }
  const backendless = deadFlows(scene, pod).reduce(
    (sum, { service }) => sum + Math.floor(((scene.now() - service.since) / 1000) * attemptsPerSecond),
    0,
  );
  if (backendless > 0)
    counters.push({ ...{ reason: noBackend, direction: 'EGRESS', packets: backendless }, bytes: backendless * 74 });
  return counters;
}

export const noBackend = 'Service backend not found';

/** What endpoints of this node send to services that lead nowhere. */
export function deadFlows(scene: Scene, pod: Pod): { service: DeadService; endpoint: Endpoint }[] {
  const dead = scene.deadServices();
  if (dead.length === 0) return [];
  const endpoints = scene.endpointsOn(pod);
  return dead.flatMap((service) =>
    endpoints.filter((endpoint) => triedBy(service, endpoint)).map((endpoint) => ({ service, endpoint })),
  );
}

/** A client that cannot connect sends SYN, and again after 1, 2 and 4 seconds. */
export const attemptsPerSecond = 0.5;

/** Where an endpoint's map holds nothing, nothing gets in or out: its lookups of names, and what its node asks it. */
export function maplessFlows(scene: Scene, pod: Pod): Omit<DeniedFlow, 'verdict'>[] {
  const endpoint = endpointWithoutMap(scene, pod);
  if (endpoint === undefined) return [];
  return [
    { direction: 'EGRESS', endpoint, identity: 2, port: 53, protocol: 'UDP', denied: false },
    { direction: 'INGRESS', endpoint, identity: 1, port: 8080, protocol: 'TCP', denied: false },
  ];
}

/** On this node: what its endpoints may not send, and what they may not be sent. */
export function deniedFlows(scene: Scene, pod: Pod): DeniedFlow[] {
  const view = scene.policies();
  return scene.endpointsOn(pod).flatMap((endpoint) => deniedFlowsOf(view, endpoint));
}

/** What this endpoint may not send, and what it may not be sent. */
export function deniedFlowsOf(view: PolicyView, endpoint: Endpoint): DeniedFlow[] {
  const own = endpoint.status?.identity?.id ?? 0;
  return (['egress', 'ingress'] as const).flatMap((direction) =>
    view.denied(own, direction).map(({ source, destination, port, protocol, verdict }): DeniedFlow => {
      const egress = direction === 'egress';
      return {
        direction: egress ? 'EGRESS' : 'INGRESS',
        endpoint,
        identity: egress ? destination : source,
        port,
        protocol,
        verdict,
        denied: verdict.reason === 'explicit-deny',
      };
    }),
  );
}

/** Since somebody last made or edited one. */
function sinceLastPolicy(scene: Scene): number {
  const times = policiesOf(scene).flatMap(({ metadata }) => [
    timeOf(metadata.creationTimestamp),
    ...((metadata.managedFields ?? []) as { time?: string; subresource?: string }[])
      .filter(({ subresource }) => (subresource ?? '') === '')
      .map(({ time }) => timeOf(time)),
  ]);
  return Math.max(0, (scene.now() - Math.max(0, ...times)) / 1000);
}
