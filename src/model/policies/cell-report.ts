import { portsToAsk } from './asked-ports.ts';
import { groupPods, isOnePod, pairVerdict } from './groups.ts';
import type { KnownPolicies } from './known-policies.ts';
import type { CellReport } from './policy-asks.ts';
import type { Turns } from './turns.ts';

/**
 * The pairs of workloads behind one cell of the map, on the ports that the map asks about; those that are not allowed
 * first.
 */
export function* cellReport(
  { engine: { index } }: Pick<KnownPolicies, 'engine'>,
  from: string,
  to: string,
  now: number,
): Turns<CellReport> {
  const inside = (namespace: string) => index.facts.pods.filter((pod) => pod.namespace === namespace);
  const sources = groupPods(index, false, inside(from));
  const targets = groupPods(index, false, inside(to));
  const asked = portsToAsk(index.facts.policies);
  const declaring = targets.filter(({ declared }) => declared.length > 0);
  const found = new Map<string, { pair: CellReport['pairs'][number]; from: Set<unknown>; to: Set<unknown> }>();
  for (const target of declaring.length > 0 ? declaring : targets) {
    for (const source of sources) {
      if (isOnePod(source, target)) continue;
      for (const port of asked(target.declared)) {
        const verdict = pairVerdict(index, source, target, port);
        const ends = { from: `${from}/${source.name}`, to: `${to}/${target.name}` };
        const key = JSON.stringify([ends, port, verdict]);
        const known = found.get(key) ?? {
          pair: { ...ends, pods: [0, 0], port, verdict },
          from: new Set(),
          to: new Set(),
        };
        for (const pod of source.pods) known.from.add(pod);
        for (const pod of target.pods) known.to.add(pod);
        found.set(key, known);
      }
      yield;
    }
  }
  const pairs = [...found.values()].map((one) => ({ ...one.pair, pods: [one.from.size, one.to.size] as const }));
  const order = ({ verdict, ...pair }: CellReport['pairs'][number]) =>
    `${RANK[verdict]}${pair.from} ${pair.to} ${String(pair.port.port).padStart(5, '0')}`;
  return { from, to, pairs: pairs.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)), at: now };
}

const RANK = { deny: 0, unknown: 1, allow: 2 } as const;
