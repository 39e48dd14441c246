import type { AskedPort } from './asked-ports.ts';
import type { PodFacts } from './facts.ts';
import { type Group, pairVerdict } from './groups.ts';
import type { EndpointClass } from './identities.ts';
import type { PolicyIndex } from './policy-index.ts';
import type { Direction } from './rule.ts';
import type { Turns } from './turns.ts';

/** Pairs of workloads that may talk on a port after a change and may not before, and the other way round. */
export type OpenedPairs = { opened: ReadonlySet<string>; closed: ReadonlySet<string> };

/** Only of the pods that the change is about in a direction: no other pair's verdict can differ. */
export function* openedPairs(
  before: PolicyIndex,
  after: PolicyIndex,
  touched: readonly { class: EndpointClass; direction: Direction }[],
  port: AskedPort,
): Turns<OpenedPairs> {
  const opened = new Set<string>();
  const closed = new Set<string>();
  let asked = 0;
  const all = after.identities.classes.flatMap(standIn);
  for (const { class: subject, direction } of touched) {
    for (const own of standIn(subject)) {
      for (const other of all) {
        if (own.class === other.class && !isSeveral(subject)) continue;
        const [from, to] = direction === 'ingress' ? [other, own] : [own, other];
        asked += 1;
        if (asked % A_TURN === 0) yield;
        const was = pairVerdict(before, from, to, port);
        const is = pairVerdict(after, from, to, port);
        if (was === is) continue;
        const into = is === 'allow' ? opened : was === 'allow' ? closed : undefined;
        if (into) for (const name of pairNames(from.class, to.class)) into.add(name);
      }
    }
  }
  return { opened, closed };
}

/** Pairs between two turns: about a millisecond's. */
const A_TURN = 100;

/** One pod for all of its class: that is all that a verdict asks of. */
function standIn(found: EndpointClass): readonly Group[] {
  const first = found.pods.find(({ ended }) => !ended);
  if (!first) return [];
  return [{ namespace: found.namespace, kind: '', name: '', class: found, pods: [first], declared: [] }];
}

function isSeveral({ pods }: EndpointClass): boolean {
  return pods.filter(({ ended }) => !ended).length > 1;
}

function pairNames(from: EndpointClass, to: EndpointClass): readonly string[] {
  const names = ({ pods }: EndpointClass) => workloadNames(pods.filter(({ ended }) => !ended));
  return names(from).flatMap((one) => names(to).map((two) => `${one} → ${two}`));
}

/** `shop/front`, each once. */
export function workloadNames(pods: Iterable<PodFacts>): readonly string[] {
  return [...new Set([...pods].map(({ namespace, workload }) => `${namespace}/${workload.name}`))];
}
