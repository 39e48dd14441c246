import { age, count, names } from '../checks/words.ts';
import { agentContainer, agents, isSick } from '../model/agents.ts';
import type { ManagedCluster } from '../model/azure/managed-cluster.ts';
import { isAtRest } from '../model/azure/operations.ts';
import { operator, operatorSkew } from '../model/operator.ts';
import { pools } from '../model/pools.ts';
import type { ObjectRef } from '../model/ref.ts';
import { agentRollout, type Rollout } from '../model/rollout.ts';
import { findingsOf, mustRead, nothingOf, readBy, seen, speaksAgainst, speaksFor, toldBy } from './look.ts';
import type { Cause, Evidence, Looked, Runbook, RunState } from './runbook.ts';
import { saidEvidence, saidOf } from './said-of.ts';
import { spread } from './spread.ts';

const daemonSet: ObjectRef = { kind: 'DaemonSet', namespace: 'kube-system', name: 'cilium' };
const fewAgents = 4;

/** R12 of domain §10. */
export const upgradeMismatch: Runbook = {
  id: 'upgrade-mismatch',
  title: 'An upgrade left versions that do not fit',
  says: 'Whether agents, operator, node pools or definitions are of versions that do not belong together, and what holds the upgrade up. Rules out a rollout or an upgrade that is under way and moves.',
  asksAzure: true,
  from: [
    'cluster/rollout-stuck',
    'agents/mixed-versions',
    'agents/version-below-minimum',
    'cluster/cilium-kinds-missing',
    'azure/cluster-not-succeeded',
    'azure/cilium-version-below-minimum',
    'azure/operation-in-progress',
  ],
  steps: [
    {
      type: 'look',
      id: 'rollout',
      title: 'how far the rollout of the agents is',
      decides: true,
      async look(state) {
        mustRead(state, ['nodes', 'systemPods', 'daemonSets']);
        return rolloutOf(state);
      },
    },
    {
      type: 'look',
      id: 'operator',
      title: 'whether operator and agents are of one version',
      decides: true,
      async look(state) {
        mustRead(state, ['nodes', 'systemPods', 'deployments']);
        const skew = operatorSkew(operator(state.snapshot, state.now), agents(state.snapshot, state.now));
        if (skew === '') return nothingOf('they are of one minor version', 'images');
        const underWay = readBy<Rollout>(state, 'rollout')?.state === 'under-way';
        return { evidence: [speaksFor(skew, 'images')], causes: underWay ? [] : [operatorDiffers(skew)] };
      },
    },
    {
      type: 'look',
      id: 'pools',
      title: 'whether an upgrade of nodes moves',
      decides: true,
      async look(state) {
        mustRead(state, ['nodes', 'systemPods', 'daemonSets']);
        return poolsOf(state);
      },
    },
    {
      type: 'look',
      id: 'azure',
      title: 'what Azure says of its own operation',
      async look(state) {
        mustRead(state, ['arm']);
        return azureSays(state.snapshot.facts.arm?.value);
      },
    },
    {
      type: 'look',
      id: 'minimum',
      title: 'whether the versions are new enough for each other',
      async look(state) {
        const ids = ['agents/version-below-minimum', 'azure/cilium-version-below-minimum'];
        const found = findingsOf(state, ids);
        if (found.length === 0) return nothingOf('none is below the version that this Kubernetes asks for', 'checks');
        return {
          evidence: found.flatMap((one) => toldBy(one)),
          causes: found.map(({ title, objects, next }) => tooOld(title, objects, next)),
        };
      },
    },
    {
      type: 'look',
      id: 'definitions',
      title: 'whether the kinds that agents and operator ask for are served',
      async look(state, asks, signal) {
        const found = findingsOf(state, ['cluster/cilium-kinds-missing']);
        const ready = agents(state.snapshot, state.now).filter(
          ({ pod, state: how }) => pod !== undefined && how === 'ready',
        );
        const speakers = spread(ready, fewAgents).flatMap(({ pod }) =>
          pod
            ? [{ namespace: pod.namespace, pod: pod.name, container: agentContainer, program: 'agent' as const }]
            : [],
        );
        const { said, missed } = await saidOf(
          asks,
          speakers,
          ['crd-version-missing', 'waits-for-crds'],
          30 * 60_000,
          signal,
        );
        const evidence: readonly Evidence[] = [...found.flatMap((one) => toldBy(one)), ...saidEvidence(said)];
        return {
          evidence:
            evidence.length > 0
              ? evidence
              : [speaksAgainst('they are, and no agent asks for another version', 'discovery and logs')],
          causes: evidence.length > 0 ? [definitionMissing(found.flatMap(({ objects }) => objects))] : [],
          ...(missed === '' ? {} : { missed }),
        };
      },
    },
    {
      type: 'look',
      id: 'policies',
      title: 'whether policies use what this version does not know',
      async look(state) {
        const ids = ['policies/end-port-unsupported-version', 'policies/unknown-api-version', 'policies/unknown-field'];
        const found = findingsOf(state, ids);
        return {
          evidence:
            found.length > 0
              ? found.map(({ title, objects: [object] }) => seen(title, 'checks of policies', object))
              : [speaksAgainst('none does', 'checks of policies')],
        };
      },
    },
    {
      type: 'tell',
      id: 'back',
      title: 'what can be taken back',
      text: ({ cause }) =>
        cause === undefined
          ? []
          : [
              'A control plane of AKS cannot be downgraded; a pool is replaced by a new one of the older version, while that is supported.',
              'An operation that hangs is ended with az aks operation-abort only when nothing moves any more: nodes may be left half upgraded.',
            ],
    },
  ],
};

function rolloutOf(state: RunState): Looked {
  const { snapshot, now } = state;
  const all = agents(snapshot, now);
  const rollout = agentRollout(snapshot, all, now);
  const source = 'DaemonSet cilium';
  if (rollout === undefined) return nothingOf('there is no DaemonSet of agents', source);
  const versions = rollout.versions.map(({ version, count: n }) => `${version} ×${n}`).join(', ');
  const whole = `${rollout.updated} of ${rollout.desired} updated, ${rollout.unavailable} unavailable; ${versions || 'no version is told'}`;
  if (rollout.state === 'done')
    return { evidence: [speaksAgainst(`done: ${whole}`, source, daemonSet)], value: rollout };
  if (rollout.state === 'under-way')
    return {
      evidence: [speaksAgainst(`under way, it moved ${age(now - rollout.moved)} ago: ${whole}`, source, daemonSet)],
      ruledOut: ['rollout-stuck', 'operator-differs'],
      value: rollout,
    };
  const sick = all.filter(isSick);
  const found = findingsOf(state, ['cluster/rollout-stuck', 'agents/mixed-versions']);
  return {
    evidence: [
      speaksFor(`no move for ${age(now - rollout.moved)}: ${whole}`, source, daemonSet),
      ...found.flatMap((one) => toldBy(one, 3)).slice(1),
    ],
    causes: [
      {
        id: 'rollout-stuck',
        text:
          sick.length > 0
            ? `The rollout of the agents stands still with ${versions}: ${names(sick.map(({ node, status }) => `${node} (${status})`))} hold${sick.length === 1 ? 's' : ''} it up.`
            : `The rollout of the agents stands still with ${versions}; no agent is sick.`,
        confidence: 'certain',
        objects: [daemonSet, ...sick.slice(0, 10).map(({ node }) => ({ kind: 'Node', name: node }))],
        next:
          sick.length > 0
            ? 'Mend the agents that hold it up (runbook agent-crash-loop); the rollout goes on by itself.'
            : (found[0]?.next ?? 'See what the controller waits for: kubectl -n kube-system rollout status ds/cilium.'),
      },
    ],
    value: rollout,
  };
}

function operatorDiffers(skew: string): Cause {
  return {
    id: 'operator-differs',
    text: `Operator and agents are of different minor versions: ${skew}.`,
    confidence: 'likely',
    objects: [{ kind: 'Deployment', namespace: 'kube-system', name: 'cilium-operator' }, daemonSet],
    next: 'On AKS let its operation finish, or make it reconcile: az aks update without a change. Self-managed: one helm upgrade brings both.',
  };
}

function poolsOf({ snapshot, now }: RunState): Looked {
  const moving = pools(snapshot, now).filter(({ pool, upgrade }) => pool !== '' && upgrade.state !== 'none');
  const source = 'nodes';
  if (moving.length === 0) return nothingOf('each pool is of one version', source);
  const stuck = moving.filter(({ upgrade, kubelets }) => upgrade.state === 'standing-still' && kubelets.length > 1);
  return {
    evidence: moving.map(({ pool, upgrade }) => {
      const text = `pool ${pool}: ${upgrade.text}, moved ${age(now - upgrade.moved)} ago`;
      const object = { kind: 'AgentPool', name: pool };
      return upgrade.state === 'under-way'
        ? speaksAgainst(`under way, ${text}`, source, object)
        : speaksFor(text, source, object);
    }),
    causes: stuck.map(({ pool, upgrade }) => ({
      id: 'pool-upgrade-stuck',
      text: `The upgrade of pool ${pool} stands still: ${upgrade.text}.`,
      confidence: 'certain',
      objects: [{ kind: 'AgentPool', name: pool }],
      next: `See what it waits for: az aks nodepool show -n ${pool}; a disruption budget may hold a drain up. Then az aks nodepool upgrade again, or --node-image-only.`,
    })),
  };
}

function azureSays(cluster: ManagedCluster | undefined): Looked {
  const source = 'Azure';
  if (cluster === undefined) return { evidence: [] };
  const { currentKubernetesVersion, kubernetesVersion, provisioningState } = cluster;
  const evidence: Evidence[] = [
    seen(
      `control plane ${currentKubernetesVersion || kubernetesVersion}; pools ${cluster.pools.map(({ name, currentVersion, version }) => `${name} ${currentVersion || version}`).join(', ')}`,
      source,
    ),
  ];
  const parts = [
    {
      what: `cluster ${cluster.name}`,
      state: provisioningState,
      object: { kind: 'ManagedCluster', name: cluster.name },
    },
    ...cluster.pools.map(({ name, provisioningState: state }) => ({
      what: `pool ${name}`,
      state,
      object: { kind: 'AgentPool', name },
    })),
  ];
  const failed = parts.filter(({ state }) => /^(failed|canceled)$/i.test(state));
  const busy = parts.filter(({ state }) => state !== '' && !isAtRest(state));
  for (const { what, state, object } of busy)
    evidence.push(speaksAgainst(`${what}: ${state}, an operation is under way`, source, object));
  for (const { what, state, object } of failed) evidence.push(speaksFor(`${what}: ${state}`, source, object));
  if (busy.length + failed.length === 0)
    evidence.push(speaksAgainst(`${count(parts.length, 'part')}: all succeeded`, source));
  return {
    evidence,
    causes: failed.map(({ what, state, object }) => ({
      id: 'operation-failed',
      text: `The last operation on ${what} ended as ${state}.`,
      confidence: 'certain',
      objects: [object],
      next:
        object.kind === 'AgentPool'
          ? `Run it again: az aks nodepool upgrade -g ${cluster.resourceGroup} --cluster-name ${cluster.name} -n ${object.name} --node-image-only, after what it names is mended.`
          : `Reconcile it without a change: az aks update -g ${cluster.resourceGroup} -n ${cluster.name}; the activity log says why it failed.`,
    })),
  };
}

function tooOld(title: string, objects: readonly ObjectRef[], next: string): Cause {
  return { id: 'version-too-old', text: `${title}.`, confidence: 'likely', objects, next };
}

function definitionMissing(objects: readonly ObjectRef[]): Cause {
  return {
    id: 'definition-missing',
    text: 'Agents ask for kinds or versions of kinds that the API server does not serve.',
    confidence: 'certain',
    objects,
    next: 'The operator registers its definitions when it starts: see that it runs and is of the agents’ version, then restart it.',
  };
}
