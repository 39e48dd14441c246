import { type AskedPort, portsNamedBy } from './asked-ports.ts';
import type { NamedEnd } from './named-ends.ts';
import type { NamedQuestion } from './policy-asks.ts';
import type { PolicyIndex } from './policy-index.ts';
import { portBehind } from './service-backends.ts';
import type { Side } from './sides.ts';

/** A port as it is asked of a side, and what a reader should know of how it came about. */
export type PairPort = { port: AskedPort; note: string };

/**
 * The ports of a target to ask about: the one that is given, else those of its service, those its pods declare, or those
 * that a rule about either end names. A service's port is followed to the port of the pod (domain §7.1.3).
 */
export function pairPorts(
  index: PolicyIndex,
  from: Side,
  to: Side,
  target: Pick<NamedEnd, 'service'>,
  { port, protocol }: Pick<NamedQuestion, 'port' | 'protocol'>,
): readonly PairPort[] {
  if (protocol === 'ICMP') return [{ port: { port: port === 0 ? ECHO : port, protocol, other: false }, note: '' }];
  const { service } = target;
  if (port === 0) {
    if (service?.named) return service.of.ports.flatMap((one) => behind(service.of, one.port, one.protocol, to) ?? []);
    return ownPorts(index, from, to).map((one) => ({ port: one, note: '' }));
  }
  const asked = { port: { port, protocol, other: false }, note: '' };
  if (!service) return [asked];
  const { of, named } = service;
  const known = of.ports.some((one) => one.port === port && one.protocol === protocol);
  const declared = to.group?.declared.some((one) => one.port === port && one.protocol === protocol) === true;
  if (known && (named || !declared)) return behind(of, port, protocol, to) ?? [];
  if (!named) return [asked];
  const ports = of.ports.map((one) => `${one.port}/${one.protocol}`).join(', ');
  const has = ports === '' ? 'no ports' : `only ${ports}`;
  return [{ ...asked, note: `service ${of.namespace}/${of.name} has ${has}: asked of the pods behind it` }];
}

/** ICMPv4's echo request. */
const ECHO = 8;

type Service = NonNullable<NamedEnd['service']>['of'];

function behind(service: Service, port: number, protocol: AskedPort['protocol'], to: Side): PairPort[] | undefined {
  const found = portBehind(service, port, protocol, to.group);
  if (found === undefined) return undefined;
  const note =
    found === port ? '' : `port ${port} of service ${service.namespace}/${service.name} is port ${found} of its pods`;
  return [{ port: { port: found, protocol, other: false }, note }];
}

function ownPorts(index: PolicyIndex, from: Side, to: Side): readonly AskedPort[] {
  const declared = to.group?.declared ?? [];
  if (declared.length > 0) return declared.map((one) => ({ ...one, other: false }));
  const about = (side: Side, direction: 'ingress' | 'egress') => {
    if (!side.group) return [];
    const { allow, deny } = index.applied(side.group.class, direction);
    return [...allow, ...deny].map(({ rule }) => rule);
  };
  return portsNamedBy([...about(from, 'egress'), ...about(to, 'ingress')]);
}
