import type { SourceId } from '../../model/link.ts';
import type { KnownPolicies } from '../../model/policies/known-policies.ts';
import type { ObjectRef } from '../../model/ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Check, Suspect } from '../check.ts';
import { atMost, count, number } from '../words.ts';
import { type Ground, groundOf } from './ground.ts';
import type { Lapse, Lint, Need } from './lint.ts';
import { createLinter, type Found } from './linter.ts';

/** The policies of a live cluster, kept up to date; equal as long as nothing changed. */
type Known = (snapshot: Snapshot) => Pick<KnownPolicies, 'engine' | 'edits'> & { revision: number };

/**
 * A lint as a check of the live cluster: one finding with every policy in which it is wrong. All of them share one look
 * at the policies, which goes no further than what was changed since the last.
 */
export function asCheck(lint: Lint, known: Known): Check<LintSuspect> {
  const lintingOf = (snapshot: Snapshot) => snapshot.memo.once('policies/lints', () => linting(known));
  const { id, title, why, severity, graceMs, blind, byItself = false } = lint;
  return {
    id,
    title,
    why,
    severity,
    needs: [...POLICIES, ...(lint.needs ?? []).flatMap((need) => READS[need])],
    uses: USES,
    noneIfMissing: ['ciliumNetworkPolicies', 'ciliumClusterwideNetworkPolicies'],
    ...(byItself ? { perNamespace: true, goesWithout: ['configMaps', 'ciliumClusterwideNetworkPolicies'] } : {}),
    ...(graceMs === undefined ? {} : { graceMs }),
    // A look that was put off is made up for.
    clock: true,
    ...(blind ? { cannot: (snapshot, now) => blind(lintingOf(snapshot).ground(snapshot, now)) } : {}),
    look: (snapshot, now) =>
      (lintingOf(snapshot).suspects(snapshot, now).get(id) ?? []).filter(
        ({ lapse: { until } }) => until === undefined || now < until,
      ),
    tell: (suspects) => [tell(lint, suspects)],
  };
}

type LintSuspect = Suspect & { lapse: Lapse };

const POLICIES: readonly SourceId[] = [
  'networkPolicies',
  'ciliumNetworkPolicies',
  'ciliumClusterwideNetworkPolicies',
  'configMaps',
];
const PODS: readonly SourceId[] = ['pods', 'systemPods', 'namespaces'];
const READS: Readonly<Record<Need, readonly SourceId[]>> = {
  pods: PODS,
  nodes: ['nodes'],
  services: ['services'],
  edits: PODS,
};
const USES: readonly SourceId[] = [
  'daemonSets',
  'nodes',
  'pods',
  'namespaces',
  'services',
  'endpointSlices',
  'ciliumEndpoints',
  'ciliumIdentities',
  'ciliumCidrGroups',
];

type Linting = {
  ground(snapshot: Snapshot, now: number): Ground;
  /** By the lint's id. */
  suspects(snapshot: Snapshot, now: number): ReadonlyMap<string, readonly LintSuspect[]>;
};

function linting(known: Known): Linting {
  const linter = createLinter();
  let ground: Ground | undefined;
  let seen = -1;
  let last: { found: readonly Found[]; suspects: ReadonlyMap<string, readonly LintSuspect[]> } | undefined;

  function standOn(snapshot: Snapshot, now: number): Ground {
    const { engine, edits, revision } = known(snapshot);
    // A pod that comes to others of its kind makes other facts, and no other finding, but by the addresses pods have.
    const isSame =
      ground && revision === seen && ground.edits === edits && ground.facts.pods === engine.index.facts.pods;
    seen = revision;
    if (!isSame || !ground) ground = groundOf(engine.index, { edits, now }, ground);
    return { ...ground, now };
  }

  return {
    ground: standOn,
    suspects(snapshot, now) {
      const found = linter.look(standOn(snapshot, now));
      if (last?.found !== found) last = { found, suspects: sort(found) };
      return last.suspects;
    },
  };
}

function sort(found: readonly Found[]): ReadonlyMap<string, readonly LintSuspect[]> {
  const byLint = Map.groupBy(found, ({ lint }) => lint.id);
  return new Map([...byLint].map(([id, group]) => [id, group.map(suspectOf)]));
}

function suspectOf({ object, lapse }: Found): LintSuspect {
  return { object, key: lapse.path, lapse, ...(lapse.since === undefined ? {} : { since: lapse.since }) };
}

/** Lines of evidence that anybody reads to the end. */
const mostLines = 20;

function tell({ title }: Lint, suspects: readonly LintSuspect[]) {
  const objects = [...new Map(suspects.map(({ object }) => [name(object), object])).values()];
  const [first] = suspects;
  const [policy] = objects;
  const noun = policy?.kind === 'Namespace' ? 'namespace' : 'policy';
  const plural = noun === 'policy' ? 'policies' : 'namespaces';
  const reach = count(objects.length, noun, plural);
  const since = suspects.flatMap((one) => one.since ?? []);
  return {
    title:
      objects.length === 1 && policy && first
        ? `${name(policy)}: ${suspects.length === 1 ? first.lapse.text : lowered(title)}`
        : `${reach}: ${lowered(title)}, ${policy ? name(policy) : ''} and ${number(objects.length - 1)} more`,
    objects,
    evidence: atMost(evidence(suspects), mostLines),
    ...(since.length > 0 ? { since: Math.min(...since) } : {}),
    reach,
    next: first?.lapse.next ?? '',
  };
}

/** A line for each place; where there is but one, the title has said what is wrong. */
function evidence(suspects: readonly LintSuspect[]): readonly string[] {
  const lines = suspects.map(({ object, lapse: { path, text } }) =>
    path === 'policy' ? { at: name(object), text } : { at: `${name(object)} ${path}`, text },
  );
  const [only] = suspects;
  if (only && suspects.length === 1) return only.lapse.path === 'policy' ? [] : lines.map(({ at }) => at);
  return lines.map(({ at, text }) => `${at}: ${text}`);
}

/** `CNP pay/api`. */
function name({ kind, namespace, name: own }: ObjectRef): string {
  return `${SHORT[kind] ?? kind} ${namespace ? `${namespace}/` : ''}${own}`;
}

const SHORT: Readonly<Record<string, string>> = {
  NetworkPolicy: 'NP',
  CiliumNetworkPolicy: 'CNP',
  CiliumClusterwideNetworkPolicy: 'CCNP',
};

/** A title within a sentence; `DNS` and `toFQDNs` stay as they are. */
function lowered(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}
