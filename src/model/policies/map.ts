import { type AskedPort, portsToAsk } from './asked-ports.ts';
import type { Verdict } from './direction-verdict.ts';
import { type Group, groupPods, isFree, isOnePod, pairVerdict } from './groups.ts';
import type { PolicyIndex } from './policy-index.ts';
import type { Turns } from './turns.ts';

/** Can any workload of a namespace reach any declared port of any workload of another? `partly` = some can. */
export type Cell = { from: string; to: string; verdict: Verdict | 'partly' };

/**
 * Namespace by namespace, those that have pods which policies hold for; where there is no pair of pods there is no cell.
 * Of a namespace in which nobody declares a port every port is asked that a policy names, and one for the others.
 */
export function* mapNamespaces(index: PolicyIndex, only = ''): Turns<readonly Cell[]> {
  const groups = Map.groupBy(groupPods(index), ({ namespace }) => namespace);
  const asked = portsToAsk(index.facts.policies);
  const names = [...groups.keys()].sort();
  const targets = new Map(names.map((name) => [name, targetsOf(index, groups.get(name) ?? [], asked)]));
  const cells: Cell[] = [];
  for (const from of names) {
    for (const to of names) {
      if (only !== '' && only !== from && only !== to) continue;
      const verdict = cellOf(index, groups.get(from) ?? [], targets.get(to) ?? []);
      if (verdict) cells.push({ from, to, verdict });
    }
    yield;
  }
  return cells;
}

type Target = { group: Group; ports: readonly AskedPort[] };

function targetsOf(
  index: PolicyIndex,
  groups: readonly Group[],
  asked: ReturnType<typeof portsToAsk>,
): readonly Target[] {
  const declaring = groups.filter(({ declared }) => declared.length > 0);
  const known = declaring.length > 0 ? declaring : groups;
  // Those that take anybody come first: where one is allowed, the first that is denied settles the cell.
  const guarded = (group: Group) => Number(!isFree(index, group.class, 'ingress'));
  return known.toSorted((a, b) => guarded(a) - guarded(b)).map((group) => ({ group, ports: asked(group.declared) }));
}

function cellOf(
  index: PolicyIndex,
  sources: readonly Group[],
  targets: readonly Target[],
): Cell['verdict'] | undefined {
  const seen = new Set<Verdict>();
  for (const { group: to, ports } of targets) {
    for (const from of sources) {
      if (isOnePod(from, to)) continue;
      for (const port of ports) {
        seen.add(pairVerdict(index, from, to, port));
        if (seen.has('allow') && seen.has('deny')) return 'partly';
      }
    }
  }
  if (seen.has('unknown')) return 'unknown';
  return seen.has('allow') ? 'allow' : seen.has('deny') ? 'deny' : undefined;
}
