import type { DirectionVerdict } from './direction-verdict.ts';
import type { KnownPolicies } from './known-policies.ts';
import { findNamedEnd } from './named-ends.ts';
import type { ReachReport } from './policy-asks.ts';
import { type Reach, reachOf } from './reach.ts';
import type { Direction, PolicyRef } from './rule.ts';
import type { Turns } from './turns.ts';

/** Who may reach an end, or whom it may reach; a sentence where it cannot be found. */
export function* reachReport(
  { engine }: Pick<KnownPolicies, 'engine'>,
  typed: string,
  direction: Direction,
  now: number,
): Turns<ReachReport | string> {
  const end = findNamedEnd(engine.index, typed);
  if (typeof end === 'string') return end;
  const rows = yield* reachOf(engine, end, direction);
  return {
    end: end.text,
    direction,
    rows: rows.map(({ egress, ingress, ...row }) => ({ ...row, decidedBy: decidedBy({ ...row, egress, ingress }) })),
    at: now,
  };
}

/** What denies, where anything does; else the rules that allow on either side; else what nobody can tell. */
function decidedBy({ verdict, egress, ingress }: Reach): string {
  const sides = [egress, ingress].filter((one) => one.verdict === verdict);
  return [...new Set(sides.flatMap(sideWords))].join(', ');
}

function sideWords({ reason, rules, isolating, doubts }: DirectionVerdict): readonly string[] {
  switch (reason) {
    case 'default-deny':
      return [`default deny by ${isolating.map(shortPolicy).join(', ')}`];
    case 'rule':
    case 'explicit-deny':
      return rules.map(({ policy, path }) => `${shortPolicy(policy)}${path === '' ? '' : ` ${path}`}`);
    case 'local-host':
      return ['its own node always may'];
    case 'unknown':
      return doubts;
    case 'not-isolated':
    case 'outside-cluster':
      return [];
  }
}

const SHORT = { NetworkPolicy: 'NP', CiliumNetworkPolicy: 'CNP', CiliumClusterwideNetworkPolicy: 'CCNP' } as const;

/** `CNP shop/db`. */
function shortPolicy({ kind, namespace, name }: PolicyRef): string {
  return `${SHORT[kind]} ${namespace === '' ? name : `${namespace}/${name}`}`;
}
