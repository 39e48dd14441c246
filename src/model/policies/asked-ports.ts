import type { DeclaredPort } from './facts.ts';
import type { Policy, Rule } from './rule.ts';

/** A port to ask about; `other` where it stands for every port of its protocol that no policy names. */
export type AskedPort = DeclaredPort & { other: boolean };

/**
 * Which ports to ask about where none are given: those a pod declares. One that declares none may listen anywhere: then
 * every port that a policy names, and one that stands for all the others.
 */
export function portsToAsk(policies: readonly Policy[]): (declared: readonly DeclaredPort[]) => readonly AskedPort[] {
  const all = portsNamedBy(policies.flatMap(({ specs }) => specs.flatMap(({ rules }) => rules)));
  return (declared) => {
    if (declared.length === 0) return all;
    const unique = new Map(declared.map((one) => [`${one.port}/${one.protocol}`, { ...one, other: false }]));
    return [...unique.values()];
  };
}

/** Every port that these rules name, and of each protocol one that stands for all the others. */
export function portsNamedBy(rules: readonly Rule[]): readonly AskedPort[] {
  const named = new Map<string, AskedPort>();
  const transports = rules
    .flatMap(({ ports }) => (ports === 'all' ? [] : ports))
    .filter((one) => one.type === 'transport');
  for (const { port, endPort, protocols } of transports) {
    for (const protocol of protocols)
      for (const one of [port, endPort])
        if (one > 0) named.set(`${one}/${protocol}`, { port: one, protocol, other: false });
  }
  const protocols = new Set(['TCP' as const, ...[...named.values()].map(({ protocol }) => protocol)]);
  const free = (port: number) => !transports.some((one) => one.port > 0 && one.port <= port && port <= one.endPort);
  const other = LAST_PORTS.find(free);
  const others = other === undefined ? [] : [...protocols].map((protocol) => ({ port: other, protocol, other: true }));
  return [...named.values(), ...others];
}

/** Nobody names these, as a rule. */
const LAST_PORTS: readonly number[] = Array.from({ length: 65_535 }, (_, index) => 65_535 - index);
