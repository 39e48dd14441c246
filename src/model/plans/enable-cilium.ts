import type { ManagedCluster } from '../azure/managed-cluster.ts';
import { readManagedCluster } from '../azure/read-managed-cluster.ts';
import { caution, type DeploymentPlan, effects, type PlanProblem, problem, when } from './deployment-plan.ts';
import { azLine, type Existing, network, nodeCount, planChange, poolWords } from './existing-cluster.ts';
import { checkKubernetes } from './kubernetes-versions.ts';

/** Cilium as the data plane of a cluster that has another (domain §1.4). Addresses of pods stay as they are. */
export function planEnableCilium(existing: Existing): DeploymentPlan {
  const cluster = readManagedCluster(existing.raw);
  const { policy } = cluster.network;
  const engine = { azure: 'Azure Network Policy Manager (NPM)', calico: 'Calico' }[policy];
  const nodes = nodeCount(cluster);
  return planChange(existing, {
    id: 'enable-cilium',
    titled: (name) => `enable Cilium on ${name}`,
    problems: problemsOf(cluster, engine),
    needsAz: '2.52.0',
    dangerous: true,
    properties: network(existing.raw, { networkDataplane: 'cilium' }),
    commands: [azLine(['update'], cluster, [['--network-dataplane', 'cilium']])],
    notLookedAt: [
      'Whether every workload outlives the reimaging: PodDisruptionBudgets, single replicas, local volumes.',
      'Policies that mean something else under Cilium: ipBlock never selects pods or nodes there; `ciliscope policy lint` tells.',
    ],
    effects: [
      ...effects(
        'does',
        'Replaces the data plane of Azure by Cilium; kube-proxy goes. How pods get their addresses stays as it is.',
        ...when(
          engine !== undefined,
          `${engine} is uninstalled; NetworkPolicy objects stay and are enforced by Cilium.`,
        ),
      ),
      ...effects(
        'disrupts',
        `All node pools are reimaged at once: ${poolWords(cluster.pools.map(({ name }) => name))}, ${nodes} nodes. Every pod restarts; local data is lost.`,
        'Policies are not enforced from when the old engine goes until the last node is reimaged.',
      ),
      ...effects('takes', `≈ ${minutes(nodes)} for ${nodes} nodes, more where budgets hold up the drain.`),
      ...effects('back', 'Not by this way: AKS has no supported way from Cilium back. A new cluster is the way back.'),
      ...effects(
        'then',
        'Check with `ciliscope check` that every node has its agent, and that denied flows are meant.',
      ),
    ],
  });
}

function problemsOf(cluster: ManagedCluster, engine: string | undefined): readonly PlanProblem[] {
  const { network: net, pools, nodeProvisioning } = cluster;
  const windows = pools.filter(({ osType }) => /^windows$/i.test(osType)).map(({ name }) => name);
  return [
    ...when(
      net.plugin === 'kubenet',
      problem(
        'networkPlugin',
        'The cluster uses kubenet: it must first go to overlay, in an operation of its own.',
        `First: ${toOverlay(cluster)}`,
      ),
    ),
    ...when(
      net.plugin === 'none',
      problem(
        'networkPlugin',
        'The cluster has no CNI of AKS (BYO): its Cilium is the one somebody installed.',
        'The managed Cilium needs a new cluster.',
      ),
    ),
    ...when(
      windows.length > 0,
      problem(
        'agentPoolProfiles',
        `Cilium runs on Linux only, and ${poolWords(windows)} ${windows.length === 1 ? 'is' : 'are'} Windows.`,
        'Move their workloads to another cluster and delete them first.',
      ),
    ),
    ...when(
      /^auto$/i.test(nodeProvisioning),
      problem(
        'nodeProvisioningProfile',
        'Node auto-provisioning is on, and blocks the change of the data plane.',
        `First: ${azLine(['update'], cluster, [['--node-provisioning-mode', 'Manual']])}`,
      ),
    ),
    ...checkKubernetes(
      cluster.currentKubernetesVersion || cluster.kubernetesVersion,
      'kubernetesVersion',
      isLts(cluster),
    ),
    ...when(
      engine !== undefined,
      caution('networkPolicy', `${engine} is the policy engine now: until the last node is reimaged nobody enforces.`),
    ),
  ];
}

/** Kubenet's only way on (domain §1.4): never together with the data plane. */
function toOverlay(cluster: ManagedCluster): string {
  const [podCidr = '192.168.0.0/16'] = cluster.network.podCidrs;
  return azLine(['update'], cluster, [
    ['--network-plugin', 'azure'],
    ['--network-plugin-mode', 'overlay'],
    ['--pod-cidr', podCidr],
  ]).replaceAll(' \\\n ', '');
}

export function isLts({ supportPlan }: ManagedCluster): boolean {
  return /longterm/i.test(supportPlan);
}

/** Pools at once, nodes of a pool one after the other as the surge allows: only a magnitude. */
function minutes(nodes: number): string {
  const most = Math.max(15, Math.min(240, nodes * 4));
  return `${Math.round(most / 3)} to ${most} minutes`;
}
