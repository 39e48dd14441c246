// Puts a simulated cluster together: objects, a world that lives in them, voices, faults, the API server, the control.
import { randomBytes } from 'node:crypto';
import { UserError } from '../errors.ts';
import { administrator, expired, namespaceOnly, type Tokens, type User } from './api/access.ts';
import { createAuthority } from './api/certificates.ts';
import { startApiServer } from './api/server.ts';
import type { ExecCounts } from './api/setting.ts';
import type { AzurePace, AzureSetUp } from './azure/azure-pace.ts';
import { createLiveSettings, defaultAzureSettings, type LiveSettings } from './azure/azure-settings.ts';
import { type Azure, startAzure } from './azure/start-azure.ts';
import type { Cluster, ObjectStore } from './cluster.ts';
import { startControl } from './control.ts';
import { crowded } from './crowded.ts';
import { type ActiveFaults, createActiveFaults } from './faults/active-faults.ts';
import type { FaultOrder } from './faults/fault.ts';
import { holdIdentityLease } from './identity-lease.ts';
import { clusterUserKubeconfig, kubeconfigText } from './kubeconfig.ts';
import type { Evaluate } from './logs/answer-query.ts';
import { simulateLogs } from './logs/simulated-logs.ts';
import { builtInResources, customResourceDefinitions } from './resources/index.ts';
import { hour, minute, type Scenario, second } from './scenarios/scenario.ts';
import { createObjectStore } from './store.ts';
import { createVoices } from './voices/voices.ts';
import { createWorldClock } from './world/clock.ts';
import { CILIUM, KUBERNETES } from './world/inventory/versions.ts';
import { createWorld, type World } from './world/world.ts';

export type SimulatorOptions = {
  scenario: Scenario;
  /** Default: the scenario's. */
  nodes?: number;
  pods?: number;
  churn?: number;
  seed: number;
  /** 0: any free port. */
  port: number;
  faults: readonly FaultOrder[];
  /** What is otherwise set up in Azure, or goes otherwise fast. */
  azure?: AzureSetUp;
  /** What its containers say otherwise than they would. */
  voices?(cluster: Cluster): Partial<Pick<Cluster, 'log' | 'exec' | 'metrics'>>;
};

export type Simulator = {
  url: string;
  /** Where faults and causes are changed; takes the admin token. */
  control: string;
  ca: string;
  tokens: Record<'admin' | 'reader' | 'namespace' | 'expired', string>;
  kubeconfig: string;
  cluster: Cluster;
  /** Absent where no world lives. */
  world?: World;
  faults: ActiveFaults;
  azure: Azure;
  /** Commands in containers, as the server counts them. */
  execs(): ExecCounts;
  close(): Promise<void>;
};

/** Starts a cluster and resolves when it is settled and listens. Throws UserError where the port is taken. */
export async function simulate(options: SimulatorOptions): Promise<Simulator> {
  const faults = createActiveFaults();
  for (const order of options.faults) faults.add(order);
  const world = options.scenario.world === 'none' ? undefined : settledWorld(options);
  world?.start();
  const ownVoices = world === undefined ? emptyCluster() : livingCluster(world);
  const cluster = { ...ownVoices, ...options.voices?.(ownVoices) };
  const namespace = applicationNamespace(cluster.store);
  const tokens = { admin: token(), reader: token(), namespace: token(), expired: token() };
  const authority = await createAuthority();
  const turnedAway = crowded(world);
  let azure: Azure | undefined;
  const server = await startApiServer(
    { ...cluster, log: faults.logs(cluster) },
    {
      port: options.port,
      authority,
      tokens: usersOf(options.scenario, tokens, namespace),
      intercept: (request) => {
        const struck = faults.intercept(request);
        return struck === undefined || (Array.isArray(struck) && struck.length === 0) ? turnedAway(request) : struck;
      },
      // An upgrade begins with the control plane.
      get gitVersion() {
        return azure?.version() ?? world?.causes.upgrade?.kubelet ?? KUBERNETES;
      },
    },
  ).catch((problem: NodeJS.ErrnoException) => {
    cluster.stop();
    if (problem.code === 'EADDRINUSE' || problem.code === 'EACCES') {
      throw new UserError(
        `Port ${options.port} of 127.0.0.1 is taken (${problem.code}).`,
        'Give another --port, or 0.',
      );
    }
    throw problem;
  });
  const access = { url: server.url, ca: server.ca, tokens, namespace };
  const setUp = azureOf(options);
  const logs = simulateLogs(world, {
    settings: setUp.settings,
    requests: () => server.requests(),
    activities: () => azure?.subscription().activity.entries() ?? [],
    evaluate,
  });
  azure = await startAzure({
    ...{ authority, now: cluster.now, intercept: faults.interceptAzure, logs, ...setUp },
    ...(world === undefined ? {} : { world }),
    story: options.scenario.operations ?? [],
    kubeconfig: () => clusterUserKubeconfig(access),
    operationFails: () => (faults.take('azure-operation-fails') ? operationFailure : undefined),
  });
  faults.stand({ server, store: cluster.store, azure, logs: logs.troubles });
  const control = await startControl({
    token: tokens.admin,
    faults,
    requests: () => server.requests(),
    execs: () => server.execs(),
    azure,
    rows: (table) => logs.lines(table),
    ...(world === undefined ? {} : { causes: { now: () => world.causes, change: (causes) => world.change(causes) } }),
  });
  return {
    url: server.url,
    control: control.url,
    ca: server.ca,
    tokens,
    kubeconfig: kubeconfigText(access),
    cluster,
    ...(world === undefined ? {} : { world }),
    faults,
    azure,
    execs: () => server.execs(),
    async close() {
      await faults.clear();
      cluster.stop();
      await Promise.all([control.close(), server.close(), azure.close()]);
    },
  };
}

/**
 * For how long pods have come and gone when the cluster is shown, in milliseconds: three minutes, but not more than
 * 1,500 endpoint changes, and less in large clusters. The past is lived through at full speed, and has its price.
 */
function churnedPast(churn: number, size: number): number {
  if (churn === 0) return 0;
  return Math.min(3 * minute, (1500 / churn) * second, (300_000 / Math.max(1, size)) * second);
}

/** The world of a scenario, its past lived through; its clock still stands. */
export function settledWorld({ scenario, seed, ...asked }: SimulatorOptions): World {
  const nodes = asked.nodes ?? scenario.nodes;
  const pods = asked.pods ?? scenario.pods;
  const churn = asked.churn ?? scenario.churn;
  const history = scenario.history?.({ nodes, pods }) ?? [];
  const churned = churnedPast(churn, nodes + pods);
  const past = Math.max(churned, ...history.map(({ ago }) => ago + minute / 2));
  const clock = createWorldClock(Date.now());
  const store = createObjectStore(builtInResources(), () => clock.now());
  const mode = scenario.mode ?? 'overlay';
  if (mode !== 'no-cilium') define(store, new Date(clock.now() - past - 120 * 24 * hour).toISOString(), mode !== 'byo');
  const world = createWorld(store, {
    nodes,
    pods,
    churn,
    churnedPast: churned,
    seed,
    clock,
    mode,
    acns: scenario.acns ?? false,
    certificatesEnd: clock.now() + (scenario.certificatesEnd ?? 730 * 24 * hour),
    wireguard: scenario.wireguard ?? false,
    past,
    history,
    agentVersion: scenario.agentVersion ?? CILIUM,
  });
  return world;
}

/** Microsoft's parser is large: only a first query loads it. */
const evaluate: Evaluate = async (text, database, options) => {
  const { evaluateKql } = await import('./kql/evaluate-kql.ts');
  return evaluateKql(text, database, options);
};

const operationFailure = {
  code: 'InternalOperationError',
  message: 'Internal server error while the managed cluster was being reconciled. Please retry the operation.',
};

/** Settings and pace lie in one object for those who ask, and apart for those who go by them. */
function azureOf({ scenario, azure = {} }: SimulatorOptions): { settings: LiveSettings; pace: Partial<AzurePace> } {
  const settings = defaultAzureSettings(scenario.acns ?? false);
  const given = Object.entries({ ...scenario.azure, ...azure });
  const isSetting = ([name]: [string, unknown]) => name in settings;
  return {
    settings: createLiveSettings({ ...settings, ...Object.fromEntries(given.filter(isSetting)) }),
    pace: Object.fromEntries(given.filter((one) => !isSetting(one))),
  };
}

function livingCluster(world: World): Cluster {
  const { view } = world;
  const voices = createVoices(world.store, world.now, (node) => view.nodes.get(node)?.pods ?? [], world.inForce);
  const release = holdIdentityLease(world.store, world.now, world.now() - 9 * 24 * hour);
  return {
    store: world.store,
    now: world.now,
    ...voices,
    stop() {
      release();
      world.stop();
    },
  };
}

/** The system namespaces and the CustomResourceDefinitions: what a server has before anything runs on it. */
function emptyCluster(): Cluster {
  const store = createObjectStore(builtInResources(), () => Date.now());
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
    const metadata = { name, labels: { 'kubernetes.io/metadata.name': name } };
    store.create(
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata,
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      },
      'kube-apiserver',
    );
  }
  define(store, undefined, true);
  const voices = createVoices(store, Date.now, () => []);
  return { store, now: Date.now, ...voices, stop: holdIdentityLease(store, Date.now, Date.now()) };
}

/** The operator registers its kinds when it first starts, AKS its own with the cluster. */
function define(store: ObjectStore, created: string | undefined, isManaged: boolean): void {
  for (const definition of customResourceDefinitions()) {
    if (!isManaged && definition.metadata.name.endsWith('.azure.com')) continue;
    const metadata = {
      ...definition.metadata,
      ...(created === undefined ? {} : { creationTimestamp: created.replace(/\.\d+/, '') }),
    };
    store.create({ ...definition, metadata }, 'cilium-operator-generic');
  }
}

function usersOf(scenario: Scenario, tokens: Simulator['tokens'], namespace: string): Tokens {
  return {
    [tokens.admin]: scenario.currentUser?.() ?? administrator(),
    [tokens.reader]: scenario.reader?.() ?? reader(),
    [tokens.namespace]: namespaceOnly('namespace', [namespace]),
    [tokens.expired]: expired(),
  };
}

/** May look at everything but Secrets. */
function reader(): User {
  const verbs = ['get', 'list', 'watch'];
  const core = [
    'bindings',
    'configmaps',
    'endpoints',
    'events',
    'namespaces',
    'nodes',
    'persistentvolumeclaims',
    'persistentvolumes',
    'pods',
    'pods/log',
    'pods/status',
    'podtemplates',
    'replicationcontrollers',
    'resourcequotas',
    'limitranges',
    'serviceaccounts',
    'services',
  ];
  const groups = [
    'apps',
    'batch',
    'autoscaling',
    'policy',
    'discovery.k8s.io',
    'networking.k8s.io',
    'coordination.k8s.io',
    'events.k8s.io',
    'storage.k8s.io',
    'apiextensions.k8s.io',
    'admissionregistration.k8s.io',
    'cilium.io',
    'acn.azure.com',
    'metrics.k8s.io',
  ];
  return {
    name: 'reader',
    groups: ['system:authenticated'],
    rules: [
      { verbs, groups: [''], resources: core },
      { verbs, groups, resources: ['*'] },
    ],
  };
}

/** The namespace the context `namespace` is confined to: the first that is none of the system's. */
function applicationNamespace(store: ObjectStore): string {
  const names = store.list('Namespace').map(({ metadata }) => metadata.name);
  return names.filter((name) => name !== 'default' && !/^(kube|gatekeeper|azure)-/.test(name)).sort()[0] ?? 'default';
}

function token(): string {
  return randomBytes(24).toString('hex');
}
