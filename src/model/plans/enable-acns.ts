import type { ManagedCluster } from '../azure/managed-cluster.ts';
import { readManagedCluster } from '../azure/read-managed-cluster.ts';
import { record } from '../objects/raw.ts';
import { caution, type DeploymentPlan, effects, type PlanProblem, problem, when } from './deployment-plan.ts';
import { azLine, type Existing, network, planChange, poolWords, propertyAt } from './existing-cluster.ts';
import { checkNeed } from './kubernetes-versions.ts';

/** '' = leave it as it is. */
export type AcnsInput = {
  policies: '' | 'None' | 'FQDN' | 'L7';
  encryption: '' | 'None' | 'WireGuard' | 'mTLS';
  acceleration: '' | 'None' | 'BpfVeth';
  observability: boolean;
  security: boolean;
};

/** Advanced Container Networking Services, whole or one of its suites (domain §1.3). */
export function planEnableAcns(existing: Existing, input: AcnsInput): DeploymentPlan {
  const cluster = readManagedCluster(existing.raw);
  return planChange(existing, {
    id: 'enable-acns',
    titled: (name) => `enable ACNS on ${name}`,
    problems: problemsOf(cluster, input),
    needsAz: '2.79.0',
    dangerous: input.acceleration === 'BpfVeth' || input.encryption === 'WireGuard' || input.encryption === 'mTLS',
    properties: network(existing.raw, { advancedNetworking: advanced(existing, input) }),
    commands: [azLine(['update'], cluster, flagsOf(input))],
    notLookedAt: [
      ...when(
        input.encryption === 'WireGuard',
        'Whether UDP 51871 is open between nodes in security groups and firewalls.',
      ),
      ...when(
        input.acceleration === 'BpfVeth',
        'Node images (Ubuntu 24.04 or Azure Linux 3 are needed) and iptables rules of your own, which are bypassed.',
      ),
    ],
    effects: effectsOf(input),
  });
}

/** What is there stays; only what is asked for is written. */
function advanced({ raw }: Existing, { policies, encryption, acceleration, observability, security }: AcnsInput) {
  const before = propertyAt(raw, 'networkProfile', 'advancedNetworking');
  const secure = {
    ...record(before.security),
    ...(before.security === undefined && security ? {} : { enabled: security }),
    ...(policies === '' ? {} : { advancedNetworkPolicies: policies }),
    ...(encryption === ''
      ? {}
      : { transitEncryption: { ...record(record(before.security).transitEncryption), type: encryption } }),
  };
  return {
    ...before,
    enabled: true,
    ...(observability && before.observability === undefined
      ? {}
      : { observability: { ...record(before.observability), enabled: observability } }),
    ...(Object.keys(secure).length === 0 ? {} : { security: secure }),
    ...(acceleration === '' ? {} : { performance: { ...record(before.performance), accelerationMode: acceleration } }),
  };
}

function flagsOf({ policies, encryption, acceleration, observability, security }: AcnsInput) {
  return [
    ['--enable-acns'],
    ...when(!observability, ['--disable-acns-observability']),
    ...when(!security, ['--disable-acns-security']),
    ...when(policies !== '', ['--acns-advanced-networkpolicies', policies]),
    ...when(encryption !== '', [
      '--acns-transit-encryption-type',
      encryption === 'mTLS' ? 'mTLS' : encryption.toLowerCase(),
    ]),
    ...when(acceleration !== '', ['--acns-datapath-acceleration-mode', acceleration]),
  ];
}

function problemsOf(cluster: ManagedCluster, input: AcnsInput): readonly PlanProblem[] {
  const { pools, serviceMesh, network: net } = cluster;
  const version = cluster.currentKubernetesVersion || cluster.kubernetesVersion;
  const isCilium = net.dataplane === 'cilium';
  const asksSecurity = input.policies === 'FQDN' || input.policies === 'L7' || isEncrypting(input);
  const fips = pools.filter((pool) => pool.fips).map(({ name }) => name);
  return [
    ...when(
      !isCilium && (asksSecurity || input.acceleration === 'BpfVeth'),
      problem(
        'networkDataplane',
        'Only Cilium has policies of ACNS, encryption and host routing.',
        '`ciliscope plan enable-cilium` first.',
      ),
    ),
    ...when(
      !isCilium && !asksSecurity,
      caution('networkDataplane', 'Without Cilium ACNS only observes: its security suite does nothing.'),
    ),
    ...when(
      !input.security && asksSecurity,
      problem('--disable-security', 'Policies and encryption are of the security suite: it cannot be off.'),
    ),
    ...(isCilium && input.security ? checkNeed('acnsSecurity', version, 'kubernetesVersion') : []),
    ...(input.acceleration === 'BpfVeth' ? hostRoutingProblems(cluster, version) : []),
    ...(input.encryption === 'mTLS' ? checkNeed('mtls', version, '--encryption') : []),
    ...when(
      input.encryption === 'mTLS',
      caution(
        '--encryption',
        'mTLS is a preview: whole namespaces, TCP alone, no L4 or L7 policies in them; not for production.',
      ),
    ),
    ...when(
      serviceMesh !== '' && (input.policies === 'L7' || input.encryption === 'mTLS'),
      problem(
        'serviceMeshProfile',
        `${input.policies === 'L7' ? 'L7 policies' : 'mTLS'} of ACNS and ${serviceMesh} exclude each other.`,
      ),
    ),
    ...when(
      input.encryption === 'WireGuard' && fips.length > 0,
      problem('agentPoolProfiles', `WireGuard is not FIPS, and ${poolWords(fips)} must be.`),
    ),
    ...when(
      cluster.acns.security && !input.security,
      caution(
        '--disable-security',
        'With the suite off, policies with FQDN or L7 rules are blocked: what they allowed is denied.',
      ),
    ),
  ];
}

function hostRoutingProblems({ pools, network: net }: ManagedCluster, version: string): readonly PlanProblem[] {
  const others = pools
    .filter(({ osSku }) => !/^(ubuntu2404|azurelinux3?|ubuntu)$/i.test(osSku))
    .map(({ name }) => name);
  const unsure = pools.filter(({ osSku }) => /^(ubuntu|azurelinux)$/i.test(osSku)).map(({ name }) => name);
  const kata = pools.filter(({ workloadRuntime }) => /kata/i.test(workloadRuntime)).map(({ name }) => name);
  return [
    ...checkNeed('hostRouting', version, 'kubernetesVersion'),
    ...when(
      others.length > 0,
      problem(
        'agentPoolProfiles',
        `Host routing needs Ubuntu 24.04 or Azure Linux 3 on every node; ${poolWords(others)} have something else.`,
      ),
    ),
    ...when(
      unsure.length > 0,
      caution(
        'agentPoolProfiles',
        `Whether the images of ${poolWords(unsure)} are Ubuntu 24.04 or Azure Linux 3 is not said by ARM.`,
      ),
    ),
    ...when(
      kata.length > 0,
      problem('agentPoolProfiles', `Host routing excludes pod sandboxing (${poolWords(kata)}).`),
    ),
    ...when(net.staticEgressGateway, problem('networkProfile', 'Host routing excludes the Static Egress Gateway.')),
  ];
}

function effectsOf({ policies, encryption, acceleration }: AcnsInput) {
  return [
    ...effects(
      'does',
      'Turns on Advanced Container Networking Services, which cost extra per node and hour.',
      ...when(
        policies === 'L7',
        'Policies may have HTTP and DNS rules; an Envoy proxy on each node reads that traffic.',
      ),
      ...when(policies === 'FQDN', 'Policies may name hosts (toFQDNs) and have DNS rules.'),
      ...when(
        encryption === 'WireGuard',
        'Traffic between pods of different nodes is encrypted; about 1.5 Gbit/s a node at MTU 1500.',
      ),
      ...when(
        acceleration === 'BpfVeth',
        'Packets skip the host’s network stack: iptables rules of your own no longer see them.',
      ),
    ),
    ...effects(
      'disrupts',
      'The Cilium agents restart node by node; connections survive, new pods on a node wait a few seconds.',
      ...when(acceleration === 'BpfVeth', 'Existing pods are only accelerated after they restart.'),
    ),
    ...effects('takes', '≈ 5 to 15 minutes.'),
    ...effects('back', 'az aks update --disable-acns; policies with FQDN or L7 rules must be gone before.'),
  ];
}

function isEncrypting({ encryption }: AcnsInput): boolean {
  return encryption === 'WireGuard' || encryption === 'mTLS';
}
