import type { ManagedCluster } from '../azure/managed-cluster.ts';
import { isAtRest } from '../azure/operations.ts';
import { readManagedCluster } from '../azure/read-managed-cluster.ts';
import { at, record } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import { shellLines } from '../shell-word.ts';
import { byAll, caution, type DeploymentPlan, type PlanProblem, problem, when } from './deployment-plan.ts';
import { checkAz } from './kubernetes-versions.ts';
import { writableBody } from './writable-body.ts';

/** What a change of a cluster that is there is planned on. */
export type Existing = {
  /** As ARM told it, whole: the body is made of it. */
  raw: RawObject;
  /** The az somebody has; '' = not said. */
  azVersion: string;
};

/** What an individual plan adds to what all of them say. */
export type ChangeOf = Pick<DeploymentPlan, 'id' | 'effects' | 'needsAz'> & {
  /** `enable Cilium on aks1`, of the cluster's name. */
  titled(name: string): string;
  problems: readonly PlanProblem[];
  commands: readonly string[];
  /** Fields of `properties`, each the whole new value. */
  properties: RawObject;
  notLookedAt?: readonly string[];
  files?: DeploymentPlan['files'];
  dangerous?: boolean;
  byApply?: DeploymentPlan['byApply'];
};

/** A plan of a change: says that there is nothing to do where the body stays what it is. */
export function planChange({ raw, azVersion }: Existing, change: ChangeOf): DeploymentPlan {
  const cluster = readManagedCluster(raw);
  const before = writableBody(raw);
  const body = { ...before, properties: { ...record(before.properties), ...change.properties } };
  const isDone = JSON.stringify(body) === JSON.stringify(before);
  const title = change.titled(cluster.name);
  const target = { subscription: cluster.subscription, resourceGroup: cluster.resourceGroup, name: cluster.name };
  if (isDone) {
    return {
      ...{ id: change.id, title, target, problems: [], notLookedAt: [], commands: [], files: [], body },
      effects: [{ about: 'does', text: `Nothing: ${cluster.name} is so already.` }],
      ...{ needsAz: change.needsAz, isDone, dangerous: false, byApply: byAll },
    };
  }
  return {
    id: change.id,
    title,
    target,
    problems: [...checkReady(cluster), ...change.problems, ...checkAz(azVersion, change.needsAz)],
    notLookedAt: change.notLookedAt ?? [],
    effects: change.effects,
    commands: change.commands,
    files: change.files ?? [],
    needsAz: change.needsAz,
    body,
    isDone,
    dangerous: change.dangerous ?? false,
    byApply: change.byApply ?? byAll,
  };
}

function checkReady(cluster: ManagedCluster): readonly PlanProblem[] {
  const { provisioningState: state, power, pools } = cluster;
  const busy = pools.filter(({ provisioningState }) => !isAtRest(provisioningState));
  return [
    ...when(
      !isAtRest(state),
      problem(
        'provisioningState',
        `Another operation is under way (${state}): AKS refuses a second one (409 OperationNotAllowed).`,
        'Wait for its end; az aks operation-abort breaks it off.',
      ),
    ),
    ...when(
      isAtRest(state) && busy.length > 0,
      problem(
        'agentPoolProfiles',
        `The pool ${busy[0]?.name} is being changed (${busy[0]?.provisioningState}): AKS refuses a second operation.`,
        'Wait for its end.',
      ),
    ),
    ...when(
      state === 'Failed',
      caution(
        'provisioningState',
        'The last operation on the cluster failed: this one carries on from there, and may fail for the same reason.',
        'Look at the activity log first.',
      ),
    ),
    ...when(power === 'Stopped', problem('powerState', 'The cluster is stopped.', 'az aks start starts it.')),
  ];
}

/** `az aks update` with its flags. */
export function azLine(
  verb: readonly string[],
  cluster: ManagedCluster,
  flags: readonly (readonly string[])[],
): string {
  return shellLines(
    ['az', 'aks', ...verb],
    [
      ['--resource-group', cluster.resourceGroup],
      ['--name', cluster.name],
      ...when(cluster.subscription !== '', ['--subscription', cluster.subscription]),
      ...flags,
    ],
  );
}

/** The network profile with these fields changed. */
export function network(raw: RawObject, fields: RawObject): RawObject {
  const before = record(record(writableBody(raw).properties).networkProfile);
  return { networkProfile: { ...before, ...fields } };
}

/** What writableBody leaves of `properties`, at this path. */
export function propertyAt(raw: RawObject, ...path: readonly string[]): RawObject {
  return record(at(writableBody(raw).properties, ...path));
}

/** `pools np1 and np2`, for sentences. */
export function poolWords(names: readonly string[]): string {
  const all = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  const last = all.at(-1) ?? '';
  return `${all.length === 1 ? 'the pool' : 'the pools'} ${all.length < 2 ? last : `${all.slice(0, -1).join(', ')} and ${last}`}`;
}

export function nodeCount({ pools }: ManagedCluster): number {
  return pools.reduce((sum, { count }) => sum + count, 0);
}
