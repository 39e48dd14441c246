import { type AskedPort, portsToAsk } from '../../model/policies/asked-ports.ts';
import { type Group, isOnePod, pairVerdict } from '../../model/policies/groups.ts';
import type { EndpointClass } from '../../model/policies/identities.ts';
import type { PolicyIndex } from '../../model/policies/policy-index.ts';
import type { Policy } from '../../model/policies/rule.ts';
import type { Ground } from './ground.ts';

/** More would keep the watches waiting: of a change that is about everybody the first pairs are enough to be told. */
const mostAsked = 10_000;
const mostPairs = 100;

/**
 * Pairs of workloads that were allowed with the policy as it was `before` (undefined: without it) and are denied now, as
 * `shop/front → shop/db 5432/TCP`; `all` where none was left unasked.
 */
export function newlyDenied(
  before: Policy | undefined,
  now: Policy | undefined,
  ground: Ground,
): { pairs: readonly string[]; all: boolean } {
  const beside = ground.facts.policies.filter((policy) => policy !== now);
  const earlier = ground.withPolicies(before ? [...beside, before] : beside);
  const asked = portsToAsk([before, now].filter((policy) => policy !== undefined));
  const groups = ground.identities.classes.flatMap(groupOf);
  const pairs = new Set<string>();
  let left = mostAsked;

  function ask(from: Group, to: Group, port: AskedPort): void {
    left -= 1;
    if (pairVerdict(ground, from, to, port) !== 'deny' || pairVerdict(earlier, from, to, port) !== 'allow') return;
    pairs.add(`${nameOf(from)} → ${nameOf(to)} ${port.port}/${port.protocol}`);
  }

  for (const subject of concerned(before, now, ground).flatMap(groupOf)) {
    // Neighbours first: they are whom a reader knows.
    const others = groups.toSorted((a, b) => Number(isNear(b, subject)) - Number(isNear(a, subject)));
    for (const direction of ['ingress', 'egress'] as const) {
      if (!isAbout(before, direction) && !isAbout(now, direction)) continue;
      for (const other of others) {
        const [from, to] = direction === 'ingress' ? [other, subject] : [subject, other];
        if (isOnePod(from, to)) continue;
        for (const port of asked(to.declared)) {
          if (left <= 0 || pairs.size >= mostPairs) return { pairs: [...pairs], all: false };
          ask(from, to, port);
        }
      }
    }
  }
  return { pairs: [...pairs], all: true };
}

function concerned(before: Policy | undefined, now: Policy | undefined, ground: PolicyIndex): readonly EndpointClass[] {
  const found = [before, now].flatMap((policy) =>
    (policy?.specs ?? []).flatMap(({ subject }) =>
      subject.type === 'nodes' ? [] : ground.classesOf(subject.selector, policy?.ref.namespace ?? ''),
    ),
  );
  return [...new Set(found)];
}

function isAbout(policy: Policy | undefined, direction: 'ingress' | 'egress'): boolean {
  return policy?.specs.some(({ rules }) => rules.some((rule) => rule.direction === direction)) ?? false;
}

/** Pods that no policy tells apart, as one. */
function groupOf(one: EndpointClass): readonly Group[] {
  const [first, ...more] = one.pods.filter(({ ended }) => !ended);
  if (!first) return [];
  const { kind, name } = first.workload;
  return [{ namespace: one.namespace, kind, name, class: one, pods: [first, ...more], declared: first.declared }];
}

function isNear({ namespace }: Group, other: Group): boolean {
  return namespace === other.namespace;
}

function nameOf({ namespace, name }: Group): string {
  return `${namespace}/${name}`;
}
