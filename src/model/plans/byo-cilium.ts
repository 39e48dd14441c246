import { lt, parse } from 'semver';
import { stringify } from 'yaml';
import { shellLines } from '../shell-word.ts';
import type { CreateInput } from './create-input.ts';
import { caution, type PlanProblem, problem, when } from './deployment-plan.ts';
import { asCiliumClusterName, isCiliumClusterName } from './names.ts';

/** The chart whose values have been read for this (domain §0). */
export const readChart = '1.19.6';
export const valuesFile = 'cilium-values.yaml';
/** Charts before this one have no aksbyocni. */
const firstByo = '1.12.0';
const serverNotYetKnown = '<API server>';

export function checkByo({ byo, name }: CreateInput): readonly PlanProblem[] {
  const version = parse(byo.ciliumVersion || readChart, { loose: true });
  const given = byo.clusterName;
  return [
    ...when(
      version === null,
      problem('--cilium-version', `"${byo.ciliumVersion}" is no version of the chart.`, `${readChart}, for one.`),
    ),
    ...when(
      version !== null && lt(version, firstByo),
      problem('--cilium-version', `Charts before ${firstByo} do not know BYO CNI on AKS (aksbyocni).`),
    ),
    ...when(
      version !== null && version.minor < 16 && !lt(version, firstByo),
      caution(
        '--cilium-version',
        `Cilium ${version?.version} no longer has fixes; the values below were checked against ${readChart}.`,
      ),
    ),
    ...when(
      given !== '' && !isCiliumClusterName(given),
      problem(
        '--cilium-cluster-name',
        `"${given}" is no name to Cilium 1.17 and later: at most 32 lowercase letters, digits and -.`,
        `"${asCiliumClusterName(given)}" is one.`,
      ),
    ),
    ...when(
      asCiliumClusterName(given || name) === '',
      problem('--cilium-cluster-name', 'Cilium needs a name for the cluster.'),
    ),
  ];
}

/** The values for a cluster without a CNI, each with why it is so. */
export function byoValues(input: CreateInput): string {
  const values = stringify({
    aksbyocni: { enabled: true },
    nodeinit: { enabled: true },
    cluster: { name: nameOf(input) },
    ipam: { operator: { clusterPoolIPv4PodCIDRList: [input.podCidr] } },
    kubeProxyReplacement: true,
    k8sServiceHost: serverNotYetKnown,
    k8sServicePort: 443,
    ipv4: { enabled: true },
    ipv6: { enabled: false },
  });
  return `${reasons.map((line) => `# ${line}`).join('\n')}\n${values}`;
}

/** Guides say otherwise (domain §0, rows 4 to 7): what is different here, and why. */
const reasons: readonly string[] = [
  'aksbyocni and nodeinit, not azure.enabled with ipam.mode=azure: that is for clusters of another kind, needs',
  '  credentials of Azure, and excludes BYO CNI. Routing is a tunnel: the chart fails with anything else.',
  'No autoDirectNodeRoutes: it needs nodes on one segment and a network that knows the routes of pods.',
  'kubeProxyReplacement is true or false: "strict" ended with chart 1.15.',
  'ipv4.enabled and ipv6.enabled: enableIPv4 and enableIPv6 are no keys of the chart, and are ignored in silence.',
  'The pool is the --pod-cidr of the cluster: otherwise Cilium takes 10.0.0.0/8, and the control plane knows no way.',
  'k8sServiceHost: without kube-proxy the agent cannot find the API server by its service. The command sets it.',
];

export function byoCommands(input: CreateInput): readonly string[] {
  const { name, resourceGroup, subscription, byo } = input;
  const cluster = [
    ['--resource-group', resourceGroup],
    ['--name', name],
    ...when(subscription !== '', ['--subscription', subscription]),
  ];
  const show = shellLines(['az', 'aks', 'show', ...cluster.flat(), '--query', 'fqdn', '--output', 'tsv'], []);
  const sets = [
    'aksbyocni.enabled=true',
    'nodeinit.enabled=true',
    `cluster.name=${nameOf(input)}`,
    `ipam.operator.clusterPoolIPv4PodCIDRList={${input.podCidr}}`,
    'kubeProxyReplacement=true',
  ];
  const install = shellLines(
    ['helm', 'install', 'cilium', 'cilium/cilium', '--version', byo.ciliumVersion || readChart],
    [['--namespace', 'kube-system'], ...sets.map((set) => ['--set', set])],
  );
  return [
    shellLines(['az', 'aks', 'get-credentials', ...cluster.flat()], []),
    'helm repo add cilium https://helm.cilium.io/',
    'helm repo update',
    [
      install,
      `--set k8sServiceHost="$(${show})"`,
      '--set k8sServicePort=443',
      '--set ipv4.enabled=true',
      '--set ipv6.enabled=false',
    ].join(' \\\n  '),
    'kubectl -n kube-system rollout status daemonset/cilium',
    'kubectl -n kube-system get pods -l k8s-app=cilium',
  ];
}

function nameOf({ byo, name }: CreateInput): string {
  return byo.clusterName || asCiliumClusterName(name);
}
