import { coerce, compare, lt, minor } from 'semver';
import type { UpgradeProfile } from '../azure/azure-facts.ts';
import type { ManagedCluster } from '../azure/managed-cluster.ts';
import { readManagedCluster } from '../azure/read-managed-cluster.ts';
import { list, record } from '../objects/raw.ts';
import { hasSlices, minimumFor } from '../versions.ts';
import { caution, type DeploymentPlan, effects, type PlanProblem, problem, when } from './deployment-plan.ts';
import { isLts } from './enable-cilium.ts';
import { azLine, type Existing, nodeCount, planChange, poolWords, propertyAt } from './existing-cluster.ts';
import { checkKubernetes, minorOf, readKubernetes } from './kubernetes-versions.ts';

export type UpgradeInput = {
  version: string;
  controlPlaneOnly: boolean;
  /** To what ARM says it can be upgraded; undefined = not asked. */
  profile: UpgradeProfile | undefined;
};

/** Kubernetes, and with it the Cilium that AKS brings along (domain §2.1). */
export function planUpgrade(existing: Existing, input: UpgradeInput): DeploymentPlan {
  const cluster = readManagedCluster(existing.raw);
  const { version, controlPlaneOnly, profile } = input;
  const pools = cluster.pools.filter((pool) => pool.version !== version && pool.currentVersion !== version);
  const along = pools.length === 0 ? '' : `, and with it ${poolWords(pools.map(({ name }) => name))}`;
  const isBack = isOlder(cluster, version);
  const nodes = nodeCount(cluster);
  return planChange(existing, {
    id: 'upgrade',
    titled: (name) => `upgrade ${name} to ${version}`,
    problems: problemsOf(cluster, input),
    needsAz: '2.48.1',
    dangerous: true,
    properties: {
      kubernetesVersion: version,
      ...(controlPlaneOnly ? {} : { agentPoolProfiles: poolsAt(existing, version) }),
    },
    commands: [
      azLine(['upgrade'], cluster, [
        ['--kubernetes-version', version],
        ...when(controlPlaneOnly, ['--control-plane-only']),
      ]),
    ],
    notLookedAt: isBack
      ? []
      : [
          ...when(
            profile === undefined,
            'Whether AKS offers this version for this cluster: the upgrade profile was not read.',
          ),
          'Uses of APIs that the new version no longer has: kubectl get --raw /metrics | grep apiserver_requested_deprecated_apis.',
          'Quota, and free addresses of the subnets, for the nodes that the upgrade adds.',
        ],
    effects: isBack
      ? []
      : [
          ...effects(
            'does',
            `Upgrades the control plane from ${cluster.currentKubernetesVersion || cluster.kubernetesVersion} to ${version}${controlPlaneOnly ? '; the nodes stay' : along}.`,
            ...ciliumEffects(cluster, version),
          ),
          ...effects(
            'disrupts',
            'The API server is away for moments; agents keep enforcing what they know.',
            ...when(
              !controlPlaneOnly,
              `Nodes of ${poolWords(pools.map(({ name }) => name))} are drained and reimaged one after the other (${surges(cluster)}): every pod moves once.`,
            ),
          ),
          ...effects(
            'takes',
            controlPlaneOnly ? '≈ 10 to 15 minutes.' : `≈ 10 minutes, and 3 to 10 for each of ${nodes} nodes.`,
          ),
          ...effects('back', 'None: AKS goes to no older version. A new cluster is the way back.'),
        ],
  });
}

function poolsAt({ raw }: Existing, version: string) {
  const pools = list(propertyAt(raw).agentPoolProfiles, Number.POSITIVE_INFINITY);
  return pools.map((pool) => ({ ...record(pool), orchestratorVersion: version }));
}

function problemsOf(
  cluster: ManagedCluster,
  { version, controlPlaneOnly, profile }: UpgradeInput,
): readonly PlanProblem[] {
  const where = '--kubernetes-version';
  const now = coerce(cluster.currentKubernetesVersion || cluster.kubernetesVersion);
  const to = readKubernetes(version);
  const shape = checkKubernetes(version, where, isLts(cluster));
  if (to === undefined || now === null) return shape;
  const offered = profile?.upgrades.find(
    (one) => one.version === version || (!isPatch(version) && minorOf(one.version) === version),
  );
  if (isOlder(cluster, version)) {
    return [
      ...shape,
      problem(where, `${version} is older than what runs (${now.version}): there is no way back to it.`),
    ];
  }
  const skips = minor(to) - minor(now) > 1;
  const behind = cluster.pools.filter((pool) => {
    const at = coerce(pool.currentVersion || pool.version);
    return at !== null && minor(to) - minor(at) > 3;
  });
  const failed = cluster.pools.filter(({ provisioningState }) => /^(failed|cancell?ed)$/i.test(provisioningState));
  return [
    ...shape,
    ...when(
      skips,
      problem(
        where,
        `From ${now.major}.${now.minor} AKS upgrades to 1.${now.minor + 1} only, one minor at a time.`,
        `First: --kubernetes-version 1.${now.minor + 1}`,
      ),
    ),
    ...when(
      profile !== undefined && offered === undefined && !skips && compare(to, now) !== 0,
      problem(
        where,
        `AKS does not offer ${version} for this cluster: it offers ${profile?.upgrades.map((one) => one.version).join(', ') || 'nothing newer'}.`,
      ),
    ),
    ...when(
      offered?.isPreview === true,
      caution(where, `${version} is a preview: not for production, and without support.`),
    ),
    ...when(
      controlPlaneOnly && behind.length > 0,
      problem(
        where,
        `${poolWords(behind.map(({ name }) => name))} would be more than three minors behind: nodes must go first.`,
      ),
    ),
    ...when(
      failed.length > 0,
      caution(
        'agentPoolProfiles',
        `The last operation on ${poolWords(failed.map(({ name }) => name))} failed: the upgrade may fail there for the same reason.`,
        'Look at the activity log first.',
      ),
    ),
    ...when(
      /^(stable|rapid|patch|node-image)$/i.test(cluster.upgradeChannel),
      caution(
        'autoUpgradeProfile',
        `The cluster upgrades itself, too (channel ${cluster.upgradeChannel}): mind the maintenance windows.`,
      ),
    ),
  ];
}

/** AKS goes to no older version: of that nothing more is said. */
function isOlder(cluster: ManagedCluster, version: string): boolean {
  const now = coerce(cluster.currentKubernetesVersion || cluster.kubernetesVersion);
  const to = readKubernetes(version);
  if (to === undefined || now === null) return false;
  return isPatch(version) ? lt(to, now) : minor(to) < minor(now);
}

function isPatch(version: string): boolean {
  return /^\d+\.\d+\.\d+$/.test(version);
}

function ciliumEffects(cluster: ManagedCluster, version: string): readonly string[] {
  if (cluster.network.dataplane !== 'cilium') return [];
  const before = cluster.currentKubernetesVersion || cluster.kubernetesVersion;
  const [was, is] = [minimumFor(before), minimumFor(version)];
  return [
    ...when(
      is !== undefined && is !== was,
      `Cilium goes to ${is} or later with it (now at least ${was ?? 'not documented'}): the agents roll, node by node.`,
    ),
    ...when(
      hasSlices(before) === false && hasSlices(version) === true,
      'From 1.32 on the operator batches endpoints into CiliumEndpointSlices: a new pod’s identity is known elsewhere a little later.',
    ),
  ];
}

function surges({ pools }: ManagedCluster): string {
  const all = new Set(pools.map(({ maxSurge }) => maxSurge || '10%'));
  return `surge ${[...all].join(', ')}`;
}
