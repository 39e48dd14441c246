import type { PairChange } from '../../model/policies/policy-asks.ts';
import { portName } from '../verdict-words.ts';

/** Pairs of the same two ends and the same change, whatever the port. */
export type PairRow = Readonly<{ pair: PairChange; ports: readonly PairChange['port'][] }>;

export function pairRows(changes: readonly PairChange[]): readonly PairRow[] {
  const rows = Map.groupBy(changes, ({ from, to, before, after, pods }) =>
    [from, to, before, after, ...pods].join('\0'),
  );
  return [...rows.values()].flatMap((same) => {
    const [pair] = same;
    return pair === undefined ? [] : [{ pair, ports: same.map(({ port }) => port) }];
  });
}

/** `8080/TCP`, `53 5432/TCP` (53 by every protocol), `other`: what nobody names. */
export function portsText(ports: readonly PairChange['port'][]): string {
  const numbers = Map.groupBy(ports, ({ port, other, protocol }) =>
    other ? 'other' : protocol === 'ICMP' ? portName({ port, other, protocol }) : String(port),
  );
  return [...numbers]
    .map(([name, same]) => {
      const protocols = new Set(same.map(({ protocol }) => protocol));
      if (protocols.has('ICMP') || (protocols.size === 3 && !protocols.has('ICMP'))) return name;
      return name === 'other' ? `other ${[...protocols].join('+')}` : `${name}/${[...protocols].join('+')}`;
    })
    .join(', ');
}
