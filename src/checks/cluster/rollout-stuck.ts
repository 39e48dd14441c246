import { type Agent, agents, isSick } from '../../model/agents.ts';
import { clock } from '../../model/clock.ts';
import { agentDaemonSet } from '../../model/cluster-mode.ts';
import { operator } from '../../model/operator.ts';
import { type Pool, pools, upgradePatienceMs } from '../../model/pools.ts';
import type { ObjectRef } from '../../model/ref.ts';
import { agentRollout, type Rollout } from '../../model/rollout.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Check, Suspect, Telling } from '../check.ts';
import { age, count, names } from '../words.ts';

type Standstill = Suspect & { of: 'agents' | 'operator' | 'pool'; pool?: Pool; message?: string };

export const rolloutStuck: Check<Standstill> = {
  id: 'cluster/rollout-stuck',
  title: 'Rollout or upgrade stands still',
  why: 'Part of the cluster runs the new version and part the old, and nothing moves. Such a mixture is tested by nobody, and the next upgrade is refused while it lasts.',
  severity: 'warning',
  needs: ['nodes', 'systemPods', 'daemonSets', 'deployments'],
  uses: ['controllerRevisions'],
  clock: true,
  everyMs: 5_000,
  explains: [{ id: 'agents/mixed-versions', where: 'all' }],
  leads: ['agents/version-below-minimum'],
  look: (snapshot, now) => [...ofAgents(snapshot, now), ...ofOperator(snapshot, now), ...ofPools(snapshot, now)],
  tell(suspects, snapshot, now) {
    const byThing = Map.groupBy(suspects, ({ of, object }) => `${of} ${object.name}`);
    return [...byThing.values()].flatMap((group): Telling[] => {
      const [first] = group;
      if (!first) return [];
      if (first.of === 'agents') return tellAgents(group, snapshot, now);
      return [first.of === 'pool' ? tellPool(first, now) : tellOperator(first)];
    });
  },
};

/** A suspect for each agent that holds the rollout up, so that whatever explains those agents explains the standstill. */
function ofAgents(snapshot: Snapshot, now: number): Standstill[] {
  const all = agents(snapshot, now);
  const rollout = agentRollout(snapshot, all, now);
  const set = agentDaemonSet(snapshot);
  // Without a rolling update (OnDelete) the pods wait for somebody to delete them.
  if (!set || set.maxUnavailable === '' || rollout?.state !== 'standing-still' || rollout.updated >= rollout.desired)
    return [];
  const object: ObjectRef = { kind: 'DaemonSet', namespace: set.namespace, name: set.name };
  const blocking = all.filter((agent) => isSick(agent) && agent.pod);
  if (blocking.length === 0) return [{ object, since: rollout.moved, of: 'agents' }];
  return blocking.map(({ node }) => ({ object, node, key: node, since: rollout.moved, of: 'agents' as const }));
}

function tellAgents(group: readonly Standstill[], snapshot: Snapshot, now: number): Telling[] {
  const all = agents(snapshot, now);
  const rollout = agentRollout(snapshot, all, now);
  const [first] = group;
  if (!rollout || !first) return [];
  const goesOn = whenItGoesOn(all, rollout, now);
  const blocking = group.flatMap(({ node }) => all.find((agent) => agent.node === node) ?? []);
  return [
    {
      title: `rollout of the agents stands still: ${rollout.updated} of ${rollout.desired} updated, no move for ${age(now - rollout.moved)}`,
      objects: [first.object],
      evidence: [
        `DaemonSet kube-system/${first.object.name}: ${rollout.updated} of ${rollout.desired} updated${waitsFor(rollout)}${rollout.revision && `, revision ${rollout.revision}`}`,
        ...(rollout.began > 0
          ? [`revision made ${clock(rollout.began)}, last agent replaced or ready ${clock(rollout.moved)}`]
          : []),
        ...(blocking.length > 0 ? [`held up by ${names(blocking.map(blocker))}`] : []),
      ],
      since: rollout.moved,
      reach: count(rollout.desired - rollout.updated, 'node'),
      next:
        blocking.length > 0
          ? 'Mend the agents that hold it up; the rollout goes on by itself.'
          : goesOn > 0
            ? `Wait: it goes on by itself at ${clock(goesOn)}, in ${age(goesOn - now)}, once agents have been ready for the ${age(rollout.minReadyMs)} of minReadySeconds.`
            : 'See what the controller waits for: kubectl -n kube-system rollout status ds/cilium, then its events.',
    },
  ];
}

/** What the controller calls unavailable: not ready, or ready for less than it was told to wait. */
function waitsFor({ unavailable, minReadyMs }: Rollout): string {
  if (unavailable === 0) return '';
  if (minReadyMs === 0) return `, ${unavailable} not ready`;
  return `, ${unavailable} not yet ready for the ${age(minReadyMs)} of minReadySeconds, before which no other is replaced`;
}

/** When enough agents will have been ready for minReadySeconds that the next may be replaced; 0 = that is not what it waits for. */
function whenItGoesOn(all: readonly Agent[], { minReadyMs, mostUnavailable }: Rollout, now: number): number {
  const available = all
    .filter(({ state, since }) => state === 'ready' && since > 0 && since + minReadyMs > now)
    .map(({ since }) => since + minReadyMs)
    .sort((a, b) => a - b);
  return available[Math.max(0, available.length - mostUnavailable)] ?? 0;
}

function blocker({ pod, node, status }: Agent): string {
  return `${pod?.name ?? 'no agent'} on ${node} (${status})`;
}

function ofOperator(snapshot: Snapshot, now: number): Standstill[] {
  const row = operator(snapshot, now).workload?.row;
  const late = row?.conditions.find(
    ({ type, status, reason }) => type === 'Progressing' && status === 'False' && reason === 'ProgressDeadlineExceeded',
  );
  // The condition stays when the rollout was put right by other means.
  if (!row || !late || row.updated >= row.desired) return [];
  return [
    {
      object: { kind: 'Deployment', namespace: row.namespace, name: row.name },
      ...(late.since > 0 ? { since: late.since } : {}),
      of: 'operator',
      message: late.message,
    },
  ];
}

function tellOperator({ object, since, message }: Standstill): Telling {
  return {
    title: 'rollout of the operator stands still',
    objects: [object],
    evidence: [`Deployment kube-system/${object.name}: ${message || 'ProgressDeadlineExceeded'}`],
    ...(since ? { since } : {}),
    reach: 'the operator',
    next: 'Read why the new pod does not start: kubectl -n kube-system describe deploy cilium-operator',
  };
}

/**
 * Pools whose nodes have no name of their own (node auto-provisioning) are replaced node by node for days, and mixed
 * node images alone come from scaling out after a new image; only kubelets of two versions are an upgrade left half done.
 */
function ofPools(snapshot: Snapshot, now: number): Standstill[] {
  return pools(snapshot, now)
    .filter(({ pool, kubelets, upgrade }) => pool !== '' && kubelets.length > 1 && upgrade.state === 'standing-still')
    .map((pool) => ({ object: { kind: 'AgentPool', name: pool.pool }, since: pool.upgrade.moved, of: 'pool', pool }));
}

function tellPool({ object, pool, since }: Standstill, now: number): Telling {
  const old = pool?.kubelets.toSorted((a, b) => (a.value < b.value ? -1 : 1))[0]?.count ?? 0;
  return {
    title: `upgrade of pool ${object.name} stands still: ${pool?.upgrade.text ?? ''}`,
    objects: [object],
    evidence: [
      `no node came, left or became ready for ${age(now - (since ?? now))} (patience ${age(upgradePatienceMs)})`,
    ],
    ...(since ? { since } : {}),
    reach: count(old, 'node'),
    next: `See the operation: az aks nodepool show -n ${object.name}; a pod disruption budget may hold a drain up.`,
  };
}
