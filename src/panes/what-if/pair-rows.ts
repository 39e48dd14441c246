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

/**
 * `8080/TCP`, `53` (by every protocol), `53/UDP+TCP`; `others` are the ports nobody names, and stand first: they are the
 * most there is to say.
 */
export function portsText(ports: readonly PairChange['port'][]): string {
  const named = Map.groupBy(ports, ({ port, other, protocol }) =>
    other ? OTHERS : protocol === 'ICMP' ? portName({ port, other, protocol }) : String(port),
  );
  return [...named]
    .toSorted(([a], [b]) => Number(b === OTHERS) - Number(a === OTHERS))
    .map(([name, same]) => {
      const protocols = [...new Set(same.map(({ protocol }) => protocol))];
      const whole = protocols.includes('ICMP') || protocols.length === EVERY;
      return whole ? name : `${name}${name === OTHERS ? ' by ' : '/'}${protocols.join('+')}`;
    })
    .join(', ');
}

const OTHERS = 'others';
/** TCP, UDP and SCTP. */
const EVERY = 3;
