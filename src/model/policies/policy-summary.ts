import type { PodFacts } from './facts.ts';
import type { EndpointClass } from './identities.ts';
import type { PolicySummary } from './policy-asks.ts';
import type { PolicyIndex } from './policy-index.ts';
import type { Direction, Policy, PolicyKind, Spec } from './rule.ts';

/** Whom a policy selects and isolates, and whether it is in force. */
export function policySummary({ ref, specs, served, rejected, doubt }: Policy, index: PolicyIndex): PolicySummary {
  const found = specs.map((spec) => ({ spec, ...selectedBy(spec, index) }));
  const isolates = (direction: Direction) =>
    countPods(found.filter(({ spec }) => isolatesIn(spec, direction, index)).flatMap(({ certain }) => certain));
  const mode = index.facts.modes.enforcement === 'never' ? 'policies are switched off (enable-policy: never)' : '';
  const refused = rejected.join('; ');
  const unsure = unenforced(ref.kind, index) || doubt;
  const isCiliums = index.facts.modes.absent && ref.kind !== 'NetworkPolicy';
  return {
    ref,
    selects: found.some(({ unsure }) => unsure) ? -1 : countPods(found.flatMap(({ certain }) => certain)),
    isolates: { ingress: isolates('ingress'), egress: isolates('egress') },
    inForce: !served || refused !== '' || mode !== '' || isCiliums ? 'no' : unsure === '' ? 'yes' : 'unknown',
    why: refused !== '' ? refused : mode !== '' ? mode : unsure,
  };
}

/** NetworkPolicies are for whatever network there is; which one, and whether it looks at them, nobody can tell. */
function unenforced(kind: PolicyKind, { facts }: PolicyIndex): string {
  if (!facts.modes.absent) return '';
  return kind === 'NetworkPolicy'
    ? 'no Cilium agent runs here: whether another network enforces it is not known'
    : 'no Cilium agent runs here: nobody enforces it';
}

/** The pods that a policy selects for certain; none of a host policy, which is about nodes. */
export function selectedPods({ specs }: Policy, index: PolicyIndex): readonly PodFacts[] {
  const classes = new Set(specs.flatMap((spec) => selectedBy(spec, index).certain));
  return [...classes].flatMap(({ pods }) => pods.filter(({ ended }) => !ended));
}

function selectedBy({ subject, policy }: Spec, index: PolicyIndex) {
  if (subject.type === 'nodes') return { certain: [], unsure: false };
  const among = index.classesOf(subject.selector, policy.namespace).filter(({ running }) => running > 0);
  const certain = among.filter((one) => index.selects(subject.selector, identityOf(one)) === 'yes');
  return { certain, unsure: certain.length < among.length };
}

function identityOf(found: EndpointClass) {
  return { labels: found.labels, class: found, addresses: [], kind: 'pod', names: [], host: false } as const;
}

function isolatesIn({ rules }: Spec, direction: Direction, { facts }: PolicyIndex): boolean {
  return rules.some(
    (rule) =>
      rule.direction === direction &&
      rule.defaultDeny &&
      !(rule.outsidePolicyTypes && facts.modes.dialect === 'generic'),
  );
}

function countPods(classes: readonly EndpointClass[]): number {
  return [...new Set(classes)].reduce((sum, one) => sum + one.running, 0);
}
