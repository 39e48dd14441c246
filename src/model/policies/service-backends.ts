import type { PodFacts, PolicyFacts, ServiceFacts } from './facts.ts';
import type { Group } from './groups.ts';
import type { Protocol } from './rule.ts';

/** Whom a service leads to: pods, and addresses that are no pod's. By its EndpointSlices, else by its selector. */
export function podsBehind(
  facts: PolicyFacts,
  { namespace, selector, backends }: ServiceFacts,
): { pods: readonly PodFacts[]; outside: readonly string[] } {
  const running = facts.pods.filter((pod) => !pod.ended);
  if (!backends) {
    const wanted = Object.entries(selector);
    const has = ({ labels }: PodFacts) => wanted.every(([key, value]) => labels[key] === value);
    return {
      pods: wanted.length === 0 ? [] : running.filter((pod) => pod.namespace === namespace && has(pod)),
      outside: [],
    };
  }
  const left = new Set(backends);
  // A node's address is that of all pods of its network: those of the service's own namespace are meant.
  const pods = running.filter(
    (pod) => pod.ips.some((ip) => left.has(ip)) && (!pod.hostNetwork || pod.namespace === namespace),
  );
  for (const ip of pods.flatMap(({ ips }) => ips)) left.delete(ip);
  return { pods, outside: [...left] };
}

/** The port at a pod that a service's port leads to: policy sees only that one (domain §7.1.3). */
export function portBehind(
  { ports }: ServiceFacts,
  port: number,
  protocol: Protocol,
  group: Group | undefined,
): number | undefined {
  const found = ports.find((one) => one.port === port && one.protocol === protocol);
  if (!found) return undefined;
  const { targetPort } = found;
  if (typeof targetPort === 'number') return targetPort;
  return group?.class.ports.find((one) => one.name === targetPort && one.protocol === protocol)?.port;
}
