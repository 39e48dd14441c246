import { stringify } from 'yaml';
import type { ManagedCluster } from '../azure/managed-cluster.ts';
import { readManagedCluster } from '../azure/read-managed-cluster.ts';
import { record } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import { type DeploymentPlan, effects, type PlanProblem, problem, when } from './deployment-plan.ts';
import { azLine, type Existing, planChange, propertyAt } from './existing-cluster.ts';
import { checkNeed } from './kubernetes-versions.ts';

export type FlowLogsInput = {
  /** Namespaces whose denied flows are stored; empty = all. */
  namespaces: readonly string[];
  /** Allowed flows, too: many times as many rows. */
  forwarded: boolean;
  /** Whether the cluster's data collection rule has the stream of flow logs; undefined = not asked. */
  hasStream: boolean | undefined;
};

const filterFile = 'container-network-log.yaml';

/** Stored flow logs (domain §1.3, §9): Cilium, ACNS, the add-on, its flag, and an object that says which flows. */
export function planEnableFlowLogs(existing: Existing, input: FlowLogsInput): DeploymentPlan {
  const cluster = readManagedCluster(existing.raw);
  return planChange(existing, {
    id: 'enable-flow-logs',
    titled: (name) => `enable flow logs of ${name}`,
    problems: problemsOf(cluster),
    needsAz: '2.85.0',
    properties: flowLogs(existing),
    commands: [
      azLine(['update'], cluster, [['--enable-acns'], ['--enable-container-network-logs']]),
      `kubectl apply -f ${filterFile}`,
    ],
    files: [{ name: filterFile, text: filterOf(input) }],
    notLookedAt: [
      ...when(
        input.hasStream === undefined,
        'Whether the data collection rule of the cluster has the stream of flow logs: az adds it.',
      ),
      'Whether a ContainerNetworkLog is there already: `kubectl get containernetworklogs`.',
    ],
    byApply:
      input.hasStream === false
        ? { does: 'nothing', text: 'The data collection rule has no stream for flow logs: az adds it; run its line.' }
        : {
            does: 'part',
            text: 'Only the cluster is changed: the object of the kubectl line says which flows are stored.',
          },
    effects: [
      ...effects(
        'does',
        `Stores ${input.forwarded ? 'allowed and denied' : 'denied'} flows of ${input.namespaces.join(', ') || 'all namespaces'} in ContainerNetworkLogs, summed up over 30 s.`,
      ),
      ...effects(
        'disrupts',
        'The Cilium agents restart node by node; connections survive. Rows are paid for by the gigabyte.',
      ),
      ...effects('takes', '≈ 5 to 10 minutes; rows are one to three minutes late then.'),
      ...effects('back', `kubectl delete -f ${filterFile}; then az aks update --disable-container-network-logs.`),
      ...effects(
        'then',
        'az needs the extension aks-preview 20.0.0b4 or later for it.',
        'Many flows need the add-on in high log scale mode: az aks enable-addons -a monitoring --enable-high-log-scale-mode.',
      ),
    ],
  });
}

function problemsOf({ network, acns, monitoring, ...cluster }: ManagedCluster): readonly PlanProblem[] {
  return [
    ...when(
      network.dataplane !== 'cilium',
      problem('networkDataplane', 'Flow logs are stored of Cilium only.', '`ciliscope plan enable-cilium` first.'),
    ),
    ...when(
      !acns.enabled || !acns.observability,
      problem(
        'advancedNetworking',
        'Flow logs need ACNS with its observability suite, which is off: Azure says "Flow logs requires \'--enable-acns\', advanced networking to be enabled."',
        '`ciliscope plan enable-acns` first.',
      ),
    ),
    ...when(
      !monitoring.containerInsights || monitoring.workspace === '',
      problem(
        'addonProfiles',
        'Flow logs are sent by the monitoring add-on, which is off.',
        '`ciliscope plan enable-monitoring` first.',
      ),
    ),
    ...checkNeed('flowLogs', cluster.currentKubernetesVersion || cluster.kubernetesVersion, 'kubernetesVersion'),
  ];
}

/** By the name under which the cluster has its monitoring: the add-on, or its successor. */
function flowLogs({ raw }: Existing): RawObject {
  const profile = propertyAt(raw, 'azureMonitorProfile');
  const insights = record(profile.containerInsights);
  const addons = propertyAt(raw, 'addonProfiles');
  const name = Object.keys(addons).find((one) => one.toLowerCase() === 'omsagent') ?? 'omsagent';
  const agent = record(addons[name]);
  if (agent.enabled !== true && insights.enabled === true) {
    return { azureMonitorProfile: { ...profile, containerInsights: { ...insights, containerNetworkLogs: 'Enabled' } } };
  }
  const config = { ...record(agent.config), enableContainerNetworkLogs: 'True' };
  return { addonProfiles: { ...addons, [name]: { ...agent, config } } };
}

/** At least one filter, or nothing is stored. A namespace is a label to it. */
function filterOf({ namespaces, forwarded }: FlowLogsInput): string {
  const which = { protocol: ['tcp', 'udp', 'dns'], verdict: forwarded ? ['dropped', 'forwarded'] : ['dropped'] };
  const filters = namespaces.flatMap((namespace) => {
    const labelSelector = { matchLabels: { 'k8s.io/namespace': namespace } };
    return [
      { name: `from-${namespace}`, from: { labelSelector }, ...which },
      { name: `to-${namespace}`, to: { labelSelector }, ...which },
    ];
  });
  return stringify({
    apiVersion: 'acn.azure.com/v1alpha1',
    kind: 'ContainerNetworkLog',
    metadata: { name: 'ciliscope-flows' },
    spec: { includefilters: filters.length === 0 ? [{ name: 'all', ...which }] : filters },
  });
}
