import { type AllowedSets, type ClassSet, createAllowedSets } from '../../model/policies/allowed-sets.ts';
import { type AskedPort, portsToAsk } from '../../model/policies/asked-ports.ts';
import { type Group, isOnePod, pairVerdict } from '../../model/policies/groups.ts';
import type { EndpointClass } from '../../model/policies/identities.ts';
import type { PolicyIndex } from '../../model/policies/policy-index.ts';
import type { Direction, Policy } from '../../model/policies/rule.ts';
import { changedClasses } from './changed-classes.ts';

/** More would keep the watches waiting: of a change that is about everybody the first pairs are enough to be told. */
const mostAsked = 10_000;
const mostPairs = 100;

/** What changes of policies newly deny. */
export type NewlyDenied = {
  /**
   * Pairs of workloads that were allowed with the policy as it was `before` (undefined: without it) and are denied now,
   * as `shop/front → shop/db 5432/TCP`.
   */
  of(before: Policy | undefined, now: Policy | undefined): Denied;
  /** In the same cluster with other policies: what was found stays where nothing it rests on changed. */
  with(index: PolicyIndex, worthKeeping: ReadonlySet<Policy>): NewlyDenied;
};

/** `all` where no pair was left unasked. */
export type Denied = { pairs: readonly string[]; all: boolean };

export function createNewlyDenied(index: PolicyIndex, kept: readonly Answer[] = [], known?: AllowedSets): NewlyDenied {
  const answers = Map.groupBy(kept, ({ now }) => now);
  let sets = known;
  return {
    of(before, now) {
      const known = answers.get(now) ?? [];
      const same = known.find((one) => one.before === before);
      if (same) return same;
      sets ??= createAllowedSets(index);
      const found = find(before, now, index, sets);
      answers.set(now, [...known, found]);
      return found;
    },
    with(next, worthKeeping) {
      const changed = changedClasses(index, next);
      const stays = ({ before, now, restsOn }: Answer) =>
        [before, now].some((policy) => policy && worthKeeping.has(policy)) &&
        ![...changed].some((one) => restsOn.has(one));
      return createNewlyDenied(next, [...answers.values()].flat().filter(stays), sets);
    },
  };
}

/** `restsOn` = whose rules decided about it. */
type Answer = Denied & {
  before: Policy | undefined;
  now: Policy | undefined;
  restsOn: ReadonlySet<EndpointClass>;
};

function find(before: Policy | undefined, now: Policy | undefined, index: PolicyIndex, sets: AllowedSets): Answer {
  const beside = index.facts.policies.filter((policy) => policy !== now);
  const earlier = index.withPolicies(before ? [...beside, before] : beside);
  const ports = createPorts(index, [before, now]);
  const candidatesOf = createCandidates(index, earlier, sets, ports);
  const groups = new Map<EndpointClass, Group>();
  const pairs = new Set<string>();
  const subjects = concerned(before, now, index).filter(({ running }) => running > 0);
  const restsOn = new Set(subjects);
  let left = mostAsked;

  function groupOf(one: EndpointClass): Group {
    const known = groups.get(one) ?? makeGroup(one);
    groups.set(one, known);
    return known;
  }

  function ask(from: Group, to: Group, port: AskedPort): void {
    left -= 1;
    if (pairVerdict(index, from, to, port) !== 'deny' || pairVerdict(earlier, from, to, port) !== 'allow') return;
    pairs.add(`${nameOf(from)} → ${nameOf(to)} ${port.port}/${port.protocol}`);
  }

  for (const one of subjects) {
    const subject = groupOf(one);
    for (const direction of ['ingress', 'egress'] as const) {
      if (!isAbout(before, direction) && !isAbout(now, direction)) continue;
      const { others, may } = candidatesOf(one, direction);
      for (const candidate of others) {
        if (candidate.running === 0) continue;
        const other = groupOf(candidate);
        const [from, to] = direction === 'ingress' ? [other, subject] : [subject, other];
        if (isOnePod(from, to)) continue;
        for (const port of ports.of(to.class)) {
          if (!may(candidate, port)) continue;
          if (left <= 0 || pairs.size >= mostPairs) return { before, now, pairs: [...pairs], all: false, restsOn };
          restsOn.add(candidate);
          ask(from, to, port);
        }
      }
    }
  }
  return { before, now, pairs: [...pairs], all: true, restsOn };
}

type Ports = {
  /** On which a class is asked. */
  of(one: EndpointClass): readonly AskedPort[];
  /** On which any is. */
  any(): readonly AskedPort[];
};

function createPorts({ identities }: PolicyIndex, policies: readonly (Policy | undefined)[]): Ports {
  const asked = portsToAsk(policies.filter((policy) => policy !== undefined));
  const known = new Map<Group['declared'], readonly AskedPort[]>();
  let all: readonly AskedPort[] | undefined;
  function of({ pods }: EndpointClass): readonly AskedPort[] {
    const declared = pods.find(({ ended }) => !ended)?.declared ?? [];
    const ports = known.get(declared) ?? asked(declared);
    known.set(declared, ports);
    return ports;
  }
  return {
    of,
    any() {
      all ??= [...new Map(identities.classes.flatMap(of).map((port) => [keyOf(port), port])).values()];
      return all;
    },
  };
}

/** Those for whom the rules of a subject may have come to deny; neighbours first: they are whom a reader knows. */
type Candidates = {
  others: readonly EndpointClass[];
  may(other: EndpointClass, port: AskedPort): boolean;
};

/**
 * Where a class is allowed by the subject's rules as before, nothing was newly denied on the subject's side; the other
 * side has its turn when the other is the subject. So sets of classes leave few pairs to be asked.
 */
function createCandidates(index: PolicyIndex, earlier: PolicyIndex, sets: AllowedSets, ports: Ports) {
  const { modes } = index.facts;
  const { classes } = index.identities;
  // Policies may know pods by their addresses: a class says too little.
  const perPod = modes.cidrMatchesPods || modes.dialect === 'generic';
  const doubtful = classes.filter((one) => !sets.isPlain(one));

  function lost(subject: EndpointClass, direction: Direction, port: AskedPort): ClassSet | undefined {
    const was = sets.allowed(subject, direction, port, earlier);
    const is = sets.allowed(subject, direction, port, index);
    return was && is && (was === is ? NOBODY : was.map((word, at) => word & ~(is[at] ?? 0)));
  }

  return (subject: EndpointClass, direction: Direction): Candidates => {
    const { namespace } = subject;
    const asked = direction === 'ingress' ? ports.of(subject) : ports.any();
    const differing = perPod ? [] : asked.map((port) => [keyOf(port), lost(subject, direction, port)] as const);
    if (perPod || differing.some(([, set]) => !set)) return { others: near(classes, namespace), may: () => true };
    const byPort = new Map(differing);
    const some = new Set(differing.flatMap(([, set]) => (set ? sets.members(set, namespace) : [])));
    return {
      others: near([...new Set([...some, ...doubtful])], namespace),
      may(other, port) {
        const set = byPort.get(keyOf(port));
        return !set || sets.has(set, other) || !sets.isPlain(other);
      },
    };
  };
}

const NOBODY: ClassSet = new Uint32Array(0);

function near(classes: readonly EndpointClass[], namespace: string): readonly EndpointClass[] {
  const isNear = (one: EndpointClass) => one.namespace === namespace;
  return [...classes.filter(isNear), ...classes.filter((one) => !isNear(one))];
}

function keyOf({ port, protocol }: AskedPort): string {
  return `${port}/${protocol}`;
}

function concerned(before: Policy | undefined, now: Policy | undefined, index: PolicyIndex): readonly EndpointClass[] {
  const found = [before, now].flatMap((policy) =>
    (policy?.specs ?? []).flatMap(({ subject }) =>
      subject.type === 'nodes' ? [] : index.classesOf(subject.selector, policy?.ref.namespace ?? ''),
    ),
  );
  return [...new Set(found)];
}

function isAbout(policy: Policy | undefined, direction: Direction): boolean {
  return policy?.specs.some(({ rules }) => rules.some((rule) => rule.direction === direction)) ?? false;
}

/** Pods that no policy tells apart, as one; there is one that has not ended. */
function makeGroup(one: EndpointClass): Group {
  const [first, ...more] = one.pods.filter(({ ended }) => !ended);
  if (!first) throw new Error('a class without pods');
  const { kind, name } = first.workload;
  return { namespace: one.namespace, kind, name, class: one, pods: [first, ...more], declared: first.declared };
}

function nameOf({ namespace, name }: Group): string {
  return `${namespace}/${name}`;
}
