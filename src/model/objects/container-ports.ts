import type { Intern } from '../intern.ts';
import { count, list, record, text } from './raw.ts';
import type { RawObject } from './row.ts';

/** A container port as it is declared; of a sidecar, too. `name` in lower case, '' where it has none. */
export type PodPort = { name: string; port: number; protocol: 'TCP' | 'UDP' | 'SCTP' };

/** What a pod's containers declare. Equal lists are one. */
export function containerPorts(spec: RawObject, intern: Intern): readonly PodPort[] {
  // A sidecar is an init container that stays.
  const sidecars = list(spec.initContainers).filter((one) => record(one).restartPolicy === 'Always');
  const ports = [...list(spec.containers), ...sidecars]
    .flatMap((container) => list(record(container).ports))
    .map(record)
    .map(({ name, containerPort, protocol }) => ({
      name: intern.line(text(name, 63).toLowerCase()),
      port: count(containerPort),
      protocol: transport(protocol),
    }))
    .filter(({ port }) => port > 0);
  return intern.same(ports.map(({ name, port, protocol }) => `${name}:${port}/${protocol}`).join(), ports);
}

/** What a port without a protocol, or with one nobody knows, is of. */
export function transport(value: unknown): PodPort['protocol'] {
  return value === 'UDP' || value === 'SCTP' ? value : 'TCP';
}
