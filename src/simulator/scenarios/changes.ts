// What people and their tools do to a cluster: ordinary writes, as they would come through the API.
import type { KubeObject } from '../cluster.ts';
import type { World } from '../world/world.ts';

type Template = {
  metadata: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: { initContainers?: { image: string }[]; containers: { image: string }[] };
};
type Workload = KubeObject & {
  spec: { template: Template; minReadySeconds?: number; updateStrategy?: { type: string; rollingUpdate?: object } };
};

/** Who writes AKS's own add-ons. */
const addonWriter = 'Eno';

/** Gives all containers of Cilium's agent another version: `v1.18.9-260514`. */
export function setAgentVersion(world: World, version: string, change: (agent: Workload) => void = () => {}): void {
  edit<Workload>(world, 'DaemonSet', 'kube-system', 'cilium', addonWriter, (agent) => {
    const { spec } = agent.spec.template;
    for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
      if (/\/cilium\/cilium/.test(container.image)) container.image = container.image.replace(/:[^:]*$/, `:${version}`);
    }
    change(agent);
  });
}

export function setOperatorVersion(world: World, version: string): void {
  edit<Workload>(world, 'Deployment', 'kube-system', 'cilium-operator', addonWriter, (operator) => {
    for (const container of operator.spec.template.spec.containers)
      container.image = container.image.replace(/:[^:]*$/, `:${version}`);
  });
}

/** `kubectl rollout restart`. */
export function restartDeployment(world: World, namespace: string, name: string): void {
  edit<Workload>(world, 'Deployment', namespace, name, 'kubectl-rollout', ({ spec }) => {
    const at = new Date(world.now()).toISOString().replace(/\.\d+/, '');
    spec.template.metadata.annotations = {
      ...spec.template.metadata.annotations,
      'kubectl.kubernetes.io/restartedAt': at,
    };
  });
}

/** What AKS does when the monitoring add-on is switched off. */
export function removeLogAgents(world: World): void {
  world.store.remove('DaemonSet', 'kube-system', 'ama-logs');
  world.store.remove('Deployment', 'kube-system', 'ama-logs-rs');
}

/** The log agents' own configuration, as Microsoft's sample has it. */
export function excludeSystemLogs(world: World): void {
  const settings = ['stdout', 'stderr'].map(
    (stream) =>
      `  [log_collection_settings.${stream}]\n    enabled = true\n    exclude_namespaces = ["kube-system","gatekeeper-system"]`,
  );
  world.store.create(
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'container-azm-ms-agentconfig', namespace: 'kube-system' },
      data: {
        'schema-version': 'v1',
        'log-data-collection-settings': `[log_collection_settings]\n${settings.join('\n')}\n`,
      },
    },
    'kubectl-client-side-apply',
  );
}

/** `kubectl delete pod`, with the pod's own grace. */
export function deletePods(
  world: World,
  choose: (pod: { namespace: string; name: string; node: string; labels: Readonly<Record<string, string>> }) => boolean,
): void {
  for (const { namespace, name, node, set } of [...world.view.pods.values()]) {
    if (!choose({ namespace, name, node, labels: set.labels })) continue;
    edit(world, 'Pod', namespace, name, 'kubectl-delete', (pod) => {
      const seconds = (pod.spec as { terminationGracePeriodSeconds?: number }).terminationGracePeriodSeconds ?? 30;
      pod.metadata.deletionTimestamp = new Date(world.now() + seconds * 1000).toISOString().replace(/\.\d+/, '');
      pod.metadata.deletionGracePeriodSeconds = seconds;
    });
  }
}

/** Reads, changes and writes an object; does nothing where there is none. */
export function edit<T extends KubeObject>(
  world: World,
  kind: string,
  namespace: string,
  name: string,
  manager: string,
  change: (object: T) => void,
): void {
  const object = world.store.get(kind, namespace, name) as T | undefined;
  if (object === undefined) return;
  change(object);
  world.store.update(object, manager);
}

/** `kubectl expose --type=NodePort` of the first application, with a port of its own choice. */
export function exposeOnNodes(
  world: World,
  { name, port, protocol, isLocal = false }: { name: string; port: number; protocol: string; isLocal?: boolean },
): void {
  const [application] = applicationDeployments(world);
  if (application === undefined) return;
  const deployment = world.store.get('Deployment', application.namespace, application.name) as
    | (KubeObject & { spec: { selector?: { matchLabels?: Record<string, string> } } })
    | undefined;
  const clusterIP = `10.0.250.${1 + world.store.list('Service').filter(({ spec }) => hasNodePort(spec)).length}`;
  world.store.create(
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: application.namespace },
      spec: {
        type: 'NodePort',
        clusterIP,
        clusterIPs: [clusterIP],
        selector: deployment?.spec.selector?.matchLabels ?? {},
        ports: [{ name: 'edge', port: 8080, targetPort: 8080, protocol, nodePort: port }],
        externalTrafficPolicy: isLocal ? 'Local' : 'Cluster',
        internalTrafficPolicy: 'Cluster',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        sessionAffinity: 'None',
      },
      status: { loadBalancer: {} },
    },
    'kubectl-expose',
  );
}

function hasNodePort(spec: unknown): boolean {
  return (spec as { type?: string } | undefined)?.type === 'NodePort';
}

/** Deployments of applications, by namespace and name. */
export function applicationDeployments(world: World): { namespace: string; name: string }[] {
  return world.store
    .list('Deployment')
    .map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name }))
    .filter(({ namespace }) => namespace !== 'kube-system')
    .sort((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1));
}
