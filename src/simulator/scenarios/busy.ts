// A bad night: an upgrade of node images meets a new agent, a policy cuts a service off its database, slices are late.

import type { KubeObject } from '../cluster.ts';
import type { World } from '../world/world.ts';
import { applicationDeployments, edit, restartDeployment, setAgentVersion } from './changes.ts';
import { agentInitFails } from './failures.ts';
import { minute, type Scenario, second } from './scenario.ts';

const newImage = 'AKSUbuntu-2404gen2containerd-202611.04.0';

export const busy: Scenario = {
  id: 'busy',
  title: 'Several things at once, each with its cause shortly before it.',
  nodes: 12,
  pods: 320,
  churn: 3,
  acns: true,
  operations: [
    {
      ...{ operation: 'agentPools/upgradeNodeImageVersion/action', title: 'Upgrade Agent Pool Node Image Version' },
      ...{ pool: 'np2', by: 'person', ago: 51 * minute, lasted: 31 * minute },
      failed:
        'Upgrade of agent pool np2 failed: 2 of 6 nodes were upgraded, and on them pods of kube-system did not become ready in 30 minutes.',
    },
  ],
  history: () => [
    { ago: 46 * minute, happens: isolate },
    { ago: 44 * minute, happens: newNodeImage },
    { ago: 40 * minute, happens: (world) => setAgentVersion(world, 'v1.18.9-260514') },
    // On the new image's kernel the new agent's init container may not mount what it must: the rollout stands still.
    {
      ago: 40 * minute - 20 * second,
      happens: (world) => world.change({ fails: [agentInitFails({ nodeImage: newImage })] }),
    },
    { ago: 26 * minute, happens: (world) => world.change({ sliceWritesPerSecond: 0.2 }) },
    // Somebody hopes that it helps; now no pod there gets a network.
    { ago: 14 * minute, happens: (world) => world.reboot({ nodeImage: newImage }) },
    { ago: 9 * minute, happens: restartSome },
    { ago: 4 * minute, happens: cutOff },
  ],
};

/** Two nodes of the second pool come back from a node image upgrade. */
function newNodeImage(world: World): void {
  const nodes = [...world.view.nodes.values()].filter((node) => node.pool === 'np2').map((node) => node.name);
  for (const name of nodes.sort().slice(0, 2)) {
    edit<NodeWithInfo>(world, 'Node', '', name, 'kubelet', ({ metadata, status }) => {
      metadata.labels = { ...metadata.labels, 'kubernetes.azure.com/node-image-version': newImage };
      const bootID = [...(metadata.uid ?? '')].reverse().join('');
      status.nodeInfo = {
        ...status.nodeInfo,
        kernelVersion: '6.8.0-1034-azure',
        osImage: 'Ubuntu 24.04.3 LTS',
        bootID,
      };
    });
  }
  world.reboot({ nodeImage: newImage });
}

type NodeWithInfo = KubeObject & { status: { nodeInfo: Record<string, string> } };
type Policy = KubeObject & { spec: { egress?: object[] } };

/** A namespace whose database lets in only whom it knows. */
function isolatedNamespace(world: World): string | undefined {
  const names = world.store.list('CiliumNetworkPolicy').filter(({ metadata }) => metadata.name === 'db-clients');
  const namespaces = names.map(({ metadata }) => metadata.namespace ?? '').sort();
  return namespaces.includes('pay') ? 'pay' : namespaces[0];
}

function isolate(world: World): void {
  const namespace = isolatedNamespace(world);
  if (namespace === undefined) return;
  const spec = { endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }] };
  const metadata = { name: 'deny-all', namespace };
  world.store.create({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata, spec }, 'argocd-controller');
}

/** Someone takes the policy's name at its word: egress too, but for DNS. */
function cutOff(world: World): void {
  const namespace = isolatedNamespace(world);
  if (namespace === undefined) return;
  edit<Policy>(world, 'CiliumNetworkPolicy', namespace, 'deny-all', 'kubectl-edit', ({ spec }) => {
    const dns = { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:k8s-app': 'kube-dns' } };
    spec.egress = [{ toEndpoints: [dns], toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }] }] }];
  });
}

function restartSome(world: World): void {
  for (const { namespace, name } of applicationDeployments(world).slice(0, 4))
    restartDeployment(world, namespace, name);
}
