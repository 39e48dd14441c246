import type { Agent } from '../../model/agents.ts';
import { type ClusterMode, clusterMode } from '../../model/cluster-mode.ts';
import { onlySickShare, type SickTrait } from '../../model/only-sick.ts';
import { type Pool, pools } from '../../model/pools.ts';
import { refKey } from '../../model/ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { countFindings, rank } from '../policy-findings.ts';
import { readAgents } from '../read-agents.ts';
import { shortKind } from '../short-kind.ts';
import { type Vital, vitals } from '../vitals.ts';
import { type PolicyLine, policyLine } from './policies-block.ts';

/** Everything the overview draws, derived once per change and not per frame. */
export type OverviewFacts = {
  snapshot: Snapshot;
  mode: ClusterMode;
  pools: readonly Pool[];
  vitals: readonly Vital[];
  agents: readonly Agent[];
  only: readonly SickTrait[];
  policies: readonly PolicyLine[];
  policyCounts: readonly { kind: string; count: number }[];
};

export function overviewFacts(snapshot: Snapshot, now: number): OverviewFacts {
  const { ciliumNetworkPolicies, ciliumClusterwideNetworkPolicies, networkPolicies } = snapshot.tables;
  const found = readAgents(snapshot, now);
  const policyKinds = [
    { kind: 'CiliumNetworkPolicy', table: ciliumNetworkPolicies },
    { kind: 'CiliumClusterwideNetworkPolicy', table: ciliumClusterwideNetworkPolicies },
    { kind: 'NetworkPolicy', table: networkPolicies },
  ] as const;
  const counts = countFindings(snapshot.judgement);
  return {
    snapshot,
    mode: clusterMode(snapshot),
    pools: pools(snapshot, now),
    vitals: vitals(snapshot, now),
    agents: found,
    only: onlySickShare(found),
    policies: policyKinds
      .flatMap(({ kind, table }) =>
        [...table.rows.values()].map((row) => {
          const { namespace, name } = row;
          return policyLine({ kind, namespace, name }, row, counts.get(refKey({ kind, namespace, name })));
        }),
      )
      .sort((a, b) => rank(a.severity) - rank(b.severity) || b.changed - a.changed)
      .slice(0, mostPolicies),
    policyCounts: policyKinds.map(({ kind, table }) => ({ kind: shortKind(kind), count: table.rows.size })),
  };
}

/** The overview shows a handful; the pane has them all. */
const mostPolicies = 50;
