import type { AskedPort } from './asked-ports.ts';
import type { Verdict } from './direction-verdict.ts';
import { type Group, pairVerdict } from './groups.ts';
import type { EndpointClass } from './identities.ts';
import type { PolicyIndex } from './policy-index.ts';
import type { Direction } from './rule.ts';

/** Pairs of workloads that may talk on a port after a change and may not before, and the other way round. */
export type OpenedPairs = { opened: ReadonlySet<string>; closed: ReadonlySet<string> };

/** Only of the pods that the change is about in a direction: no other pair's verdict can differ. */
export function openedPairs(
  before: PolicyIndex,
  after: PolicyIndex,
  touched: readonly { class: EndpointClass; direction: Direction }[],
  port: AskedPort,
): OpenedPairs {
  const opened = new Set<string>();
  const closed = new Set<string>();
  const all = after.identities.classes.flatMap(groupOf);
  for (const { class: subject, direction } of touched) {
    for (const own of groupOf(subject)) {
      for (const other of all) {
        const [from, to] = direction === 'ingress' ? [other, own] : [own, other];
        if (from.class === to.class && from.pods.length === 1) continue;
        const [was, is]: Verdict[] = [pairVerdict(before, from, to, port), pairVerdict(after, from, to, port)];
        if (was === is) continue;
        const into = is === 'allow' ? opened : was === 'allow' ? closed : undefined;
        for (const name of pairNames(from, to)) into?.add(name);
      }
    }
  }
  return { opened, closed };
}

/** Pods of a class, whatever they run. */
function groupOf(found: EndpointClass): readonly Group[] {
  const [first, ...more] = found.pods.filter(({ ended }) => !ended);
  if (!first) return [];
  return [{ namespace: found.namespace, kind: '', name: '', class: found, pods: [first, ...more], declared: [] }];
}

export function pairNames(from: Pick<Group, 'pods'>, to: Pick<Group, 'pods'>): readonly string[] {
  const names = ({ pods }: Pick<Group, 'pods'>) => [
    ...new Set(pods.map(({ namespace, workload }) => `${namespace}/${workload.name}`)),
  ];
  return names(from).flatMap((one) => names(to).map((two) => `${one} → ${two}`));
}
