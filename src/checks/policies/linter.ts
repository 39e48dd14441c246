import type { EndpointClass } from '../../model/policies/identities.ts';
import { type Policy, policyKey } from '../../model/policies/rule.ts';
import type { ObjectRef } from '../../model/ref.ts';
import { changedClasses } from './changed-classes.ts';
import type { Ground } from './ground.ts';
import { lints } from './index.ts';
import type { Lapse, Lint, Need } from './lint.ts';

/** One thing that is wrong, and with what. */
export type Found = { lint: Lint; object: ObjectRef; lapse: Lapse };

/** Everything that is wrong with a policy, in the order of the lints. */
export function lintPolicy(policy: Policy, ground: Ground): readonly Found[] {
  return seeing(ground).flatMap((lint) => lintBy(lint, policy, ground));
}

/** Everything that is wrong, lint by lint, each with the policies in their order. */
export function lintAll(ground: Ground): readonly Found[] {
  const all = new Set(seeing(ground));
  return lints.flatMap((lint) =>
    all.has(lint)
      ? [...ground.facts.policies.flatMap((policy) => lintBy(lint, policy, ground)), ...aroundBy(lint, ground)]
      : ground.facts.policies.flatMap((policy) => lintAlone(lint, policy, ground)),
  );
}

/** Why a lint can say nothing of this cluster; '' where it can. */
export function blindness({ needs = [], blind }: Lint, ground: Ground): string {
  const missing = needs.find((need) => !isKnown(need, ground));
  return missing ? NOT_KNOWN[missing] : (blind?.(ground) ?? '');
}

/** Lints a cluster again and again. */
export type Linter = { look(ground: Ground): readonly Found[] };

/**
 * Looks again only at what a change may have touched: policies about pods for which other rules hold now. Where classes
 * of pods, nodes or services changed all policies are looked at again, but not more often than every few seconds.
 */
export function createLinter(): Linter {
  const memories = new Map<Policy, Memory>();
  let last: { ground: Ground; all: readonly Found[] } | undefined;
  let wholly: Occasion | undefined;
  let byPods: Occasion | undefined;

  function remember(ground: Ground, due: boolean, podsDue: boolean): void {
    const lints = seeing(ground);
    const ofPods = lints.filter(({ goesBy }) => goesBy === 'pods');
    const others = lints.filter(({ goesBy }) => goesBy === undefined);
    const touched = last
      ? touchedSince(last.ground, ground)
      : { classes: new Set<EndpointClass>(), namespaces: new Set('') };
    for (const policy of ground.facts.policies) {
      const known = memories.get(policy);
      const look = (some: readonly Lint[]) => some.flatMap((lint) => lintBy(lint, policy, ground));
      if (!known || due || isTouched(policy, known, ground, touched))
        memories.set(policy, { found: look(others), ofPods: look(ofPods), ...groundsOf(policy, ground) });
      else if (podsDue) memories.set(policy, { ...known, ofPods: look(ofPods) });
    }
    const there = new Set(ground.facts.policies);
    for (const policy of memories.keys()) if (!there.has(policy)) memories.delete(policy);
  }

  return {
    look(ground) {
      const due = isDue(ground, wholly, ground.cluster, betweenMs);
      const podsDue = due || isDue(ground, byPods, ground.facts.pods, betweenPodsMs);
      const isSame = ground.edits === last?.ground.edits && ground.facts.policies === last?.ground.facts.policies;
      if (last && isSame && !due && !podsDue) return last.all;
      remember(ground, due, podsDue);
      // What was put off is not done: the next look finds it due.
      if (due) wholly = { of: ground.cluster, at: ground.now };
      if (podsDue) byPods = { of: ground.facts.pods, at: ground.now };
      const all = [
        ...ground.facts.policies.flatMap((policy) => {
          const known = memories.get(policy);
          return known ? [...known.found, ...known.ofPods] : [];
        }),
        ...afterEdits(ground),
        ...seeing(ground).flatMap((lint) => aroundBy(lint, ground)),
      ];
      last = { ground, all };
      return all;
    },
  };
}

const betweenMs = 5_000;
/** Addresses of pods change with every pod, and a finding of them rarely does. */
const betweenPodsMs = 60_000;

/** When something was looked at, and what it was. */
type Occasion = { of: object; at: number };

function isDue({ now }: Ground, last: Occasion | undefined, is: object, between: number): boolean {
  if (!last) return true;
  return last.of !== is && (now < last.at || now - last.at >= between);
}

/** What is wrong with a policy, and what that rests on besides the cluster. */
type Memory = {
  found: readonly Found[];
  ofPods: readonly Found[];
  classes: readonly EndpointClass[];
  /** A part of it selects nobody: then any policy may be about the same pods, once there are some. */
  selectsNobody: boolean;
  beside: readonly Policy[];
};

function groundsOf(policy: Policy, ground: Ground): Pick<Memory, 'classes' | 'selectsNobody' | 'beside'> {
  const classes = policy.specs.map(({ subject }) => ground.classesOf(subject.selector, policy.ref.namespace));
  const selectsNobody = classes.some(({ length }) => length === 0);
  return { classes: classes.flat(), selectsNobody, beside: besides(policy, ground, selectsNobody) };
}

function besides(policy: Policy, ground: Ground, selectsNobody: boolean): readonly Policy[] {
  return selectsNobody ? ground.neighbours(policy) : ground.sameSubject(policy);
}

type Touched = {
  classes: ReadonlySet<EndpointClass> /** Where policies are others than before. */;
  namespaces: ReadonlySet<string>;
};

function touchedSince(last: Ground, ground: Ground): Touched {
  const [old, now] = [new Set(last.facts.policies), new Set(ground.facts.policies)];
  const others = [
    ...ground.facts.policies.filter((policy) => !old.has(policy)),
    ...last.facts.policies.filter((policy) => !now.has(policy)),
  ];
  return { classes: changedClasses(last, ground), namespaces: new Set(others.map(({ ref }) => ref.namespace)) };
}

function isTouched(policy: Policy, known: Memory, ground: Ground, { classes, namespaces }: Touched): boolean {
  if (classes.size > 0 && known.classes.some((one) => classes.has(one))) return true;
  if (!namespaces.has(policy.ref.namespace) && !(known.selectsNobody && namespaces.size > 0)) return false;
  const beside = besides(policy, ground, known.selectsNobody);
  return beside.length !== known.beside.length || beside.some((one, at) => one !== known.beside[at]);
}

/** Of the policies that were changed alone; the ground remembers what it takes long to find. */
function afterEdits(ground: Ground): readonly Found[] {
  const edited = ground.editsByPolicy();
  if (edited.size === 0) return [];
  const lints = seeing(ground).filter(({ goesBy }) => goesBy === 'edits');
  const policies = ground.facts.policies.filter(({ ref }) => edited.has(policyKey(ref)));
  return policies.flatMap((policy) => lints.flatMap((lint) => lintBy(lint, policy, ground)));
}

function seeing(ground: Ground): readonly Lint[] {
  return lints.filter((lint) => blindness(lint, ground) === '');
}

function lintBy(lint: Lint, policy: Policy, ground: Ground): readonly Found[] {
  return lapsesOf(lint, policy, lint.look(policy, ground));
}

function lapsesOf(lint: Lint, { ref }: Policy, lapses: readonly Lapse[]): readonly Found[] {
  const { kind, namespace, name } = ref;
  const object = namespace === '' ? { kind, name } : { kind, namespace, name };
  return lapses.map((lapse) => ({ lint, object, lapse }));
}

/** Of a live cluster of which something could not be read nothing is told without it. */
function lintAlone(lint: Lint, policy: Policy, ground: Ground): readonly Found[] {
  if (!lint.lookAlone || ground.facts.unread.length > 0 || !ground.facts.modes.namesKnown) return [];
  return lapsesOf(lint, policy, lint.lookAlone(policy, ground));
}

function aroundBy(lint: Lint, ground: Ground): readonly Found[] {
  return (lint.lookAround?.(ground) ?? []).map(({ object, ...lapse }) => ({ lint, object, lapse }));
}

function isKnown(need: Need, { facts, edits }: Ground): boolean {
  return need === 'edits' ? edits !== undefined : facts[need].length > 0;
}

const NOT_KNOWN: Readonly<Record<Need, string>> = {
  pods: 'no pods are known',
  nodes: 'no nodes are known',
  services: 'no services are known',
  edits: 'nobody watched policies change',
};
