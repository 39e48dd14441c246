// A bad night: an upgrade of node images meets a new agent, a policy cuts a service off its database, slices are late.

import type { KubeObject } from '../cluster.ts';
import type { World } from '../world/world.ts';
import { applicationDeployments, deletePods, edit, restartDeployment, setAgentVersion } from './changes.ts';
import { agentInitFails } from './failures.ts';
import { minute, type Scenario, second } from './scenario.ts';

const newImage = 'AKSUbuntu-2404gen2containerd-202611.04.0';

export const busy: Scenario = {
  id: 'busy',
  title: 'Several things at once, each with its cause shortly before it.',
  nodes: 12,
  pods: 320,
  churn: 4,
  acns: true,
  history: () => [
    { ago: 75 * minute, happens: allowDatabase },
    { ago: 52 * minute, happens: newNodeImage },
    // On the new image's kernel the new agent's init container may not mount what it must.
    { ago: 31 * minute, happens: (world) => world.change({ fails: [agentInitFails({ nodeImage: newImage })] }) },
    { ago: 31 * minute - 5 * second, happens: (world) => setAgentVersion(world, 'v1.18.9-260514') },
    { ago: 12 * minute, happens: (world) => restartSome(world) },
    { ago: 4 * minute, happens: cutOff },
  ],
};

/** Two nodes of the second pool come back from a node image upgrade. */
function newNodeImage(world: World): void {
  const nodes = [...world.view.nodes.values()]
    .filter((node) => node.pool === 'np2')
    .map((node) => node.name)
    .sort()
    .slice(0, 2);
  for (const name of nodes) {
    edit<KubeObject & { status: { nodeInfo: Record<string, string> } }>(world, 'Node', '', name, 'kubelet', (node) => {
      node.metadata.labels = { ...node.metadata.labels, 'kubernetes.azure.com/node-image-version': newImage };
      node.status.nodeInfo = {
        ...node.status.nodeInfo,
        kernelVersion: '6.8.0-1034-azure',
        osImage: 'Ubuntu 24.04.3 LTS',
        bootID: `${node.metadata.uid}`.split('').reverse().join(''),
      };
    });
  }
  deletePods(world, (pod) => nodes.includes(pod.node));
}

/** Somewhere with a database: its namespace, and a Deployment that talks to it. */
function databaseClient(world: World): { namespace: string; client: string } | undefined {
  const withDatabase = new Set(
    world.store
      .list('StatefulSet')
      .filter(({ metadata }) => metadata.name === 'db')
      .map(({ metadata }) => metadata.namespace ?? ''),
  );
  const preferred = ['pay', ...withDatabase].find((namespace) => withDatabase.has(namespace));
  const deployment = applicationDeployments(world).find(({ namespace }) => namespace === preferred);
  return preferred === undefined || deployment === undefined
    ? undefined
    : { namespace: preferred, client: deployment.name };
}

function allowDatabase(world: World): void {
  const found = databaseClient(world);
  if (found === undefined) return;
  const { namespace, client } = found;
  const policy = (name: string, spec: object): KubeObject => ({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name, namespace },
    spec,
  });
  world.store.create(
    policy('db-clients', {
      endpointSelector: { matchLabels: { app: 'db' } },
      ingress: [
        {
          fromEndpoints: [{ matchLabels: { app: client } }],
          toPorts: [{ ports: [{ port: '5432', protocol: 'TCP' }] }],
        },
      ],
    }),
    'argocd-controller',
  );
  world.store.create(
    policy('deny-all', {
      endpointSelector: { matchLabels: { app: client } },
      ingress: [{ fromEntities: ['cluster'] }],
    }),
    'argocd-controller',
  );
}

/** Someone takes the policy's name at its word. */
function cutOff(world: World): void {
  const found = databaseClient(world);
  if (found === undefined) return;
  edit<KubeObject & { spec: { egress?: object[] } }>(
    world,
    'CiliumNetworkPolicy',
    found.namespace,
    'deny-all',
    'kubectl-edit',
    ({ spec }) => {
      const dns = { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:k8s-app': 'kube-dns' } };
      spec.egress = [{ toEndpoints: [dns], toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }] }] }];
    },
  );
}

function restartSome(world: World): void {
  for (const { namespace, name } of applicationDeployments(world).slice(0, 4))
    restartDeployment(world, namespace, name);
}
