// The agents of all nodes: one CiliumNode each, one CiliumEndpoint for each pod on the pod network.
import type { KubeObject } from '../../cluster.ts';
import { same } from '../../fields/field-set.ts';
import type { Network } from '../controllers/kubelet.ts';
import type { Core } from '../core.ts';
import type { CiliumEndpoint, Pod } from '../shapes.ts';
import { keyOf, type NodeRecord, type PodRecord } from '../view.ts';
import type { Addresses } from './addresses.ts';
import { createAgentConfig } from './agent-config.ts';
import { createEnforcement, type EndpointPolicy } from './enforcement.ts';
import type { Identities, Identity } from './identities.ts';

const NO_AGENT =
  'plugin type="cilium-cni" failed (add): unable to connect to Cilium agent: failed to create cilium agent client after 30.000000 seconds timeout: Get "http://localhost/v1/config": dial unix /var/run/cilium/cilium.sock: connect: no such file or directory\nIs the agent running?';
const NO_CNS =
  'plugin type="cilium-cni" failed (add): unable to allocate IP via delegated plugin: failed to invoke delegated plugin ADD for IPAM: Failed to request IP address from CNS: http request failed: Post "http://localhost:10090/network/requestipconfigs": dial tcp 127.0.0.1:10090: connect: connection refused';
const NO_ADDRESS =
  'plugin type="cilium-cni" failed (add): unable to allocate IP via delegated plugin: failed to invoke delegated plugin ADD for IPAM: Failed to request IP address from CNS: not enough IPs available, waiting on Azure CNS to allocate more';

const RANGE_FULL =
  'plugin type="cilium-cni" failed (add): unable to allocate IP via local cilium agent: [POST /ipam][502] postIpamFailure "range is full"';

/** What the agents write themselves. */
const RESTORED = new Set(['ciliumendpoints.cilium.io', 'ciliumnodes.cilium.io']);

export type Agents = Network & {
  /** Takes in a pod that has been there for long; its address is taken already. Undefined: it has no endpoint. */
  settle(pod: PodRecord): { number: number; identity: Identity } | undefined;
  /** A ready endpoint as the agent would write it. */
  endpoint(pod: PodRecord, object: Pod, given: { ip: string; number: number }, identity: Identity): CiliumEndpoint;
  /** Whether the agent's container runs on the node: its socket is there. */
  runsOn(node: string): boolean;
  ciliumNode(node: NodeRecord): KubeObject;
};

export function createAgents(core: Core, addresses: Addresses, identities: Identities): Agents {
  const { view, random } = core;
  const cilium = core.options.mode !== 'no-cilium';
  const ownIpam = core.options.mode === 'byo';
  /** Agent-local numbers in use, by node. */
  const numbers = new Map<string, Set<number>>();
  /** What each endpoint was given, by pod uid. */
  const attached = new Map<string, { node: string; ip: string; number: number }>();

  /** Whoever read another cilium-config than before gives its endpoints the identities that follow from it. */
  const config = createAgentConfig(core, (node) => {
    for (const pod of view.nodes.get(node)?.pods ?? []) {
      if (pod.deleting || !attached.has(pod.uid)) continue;
      const object = core.get<Pod>('Pod', pod.namespace, pod.name);
      if (object !== undefined) core.after(random.between(200, 2_000), () => announce(pod, object, 1));
    }
  });

  /** The agents lay changed policies over their endpoints, one namespace after the other where it is all of them. */
  const regenerate = core.queue(400, (namespace) => {
    for (const set of view.labelSets(namespace)) {
      // Nobody needs an identity for pods without a network.
      const pods = [...set.pods].filter((pod) => attached.has(pod.uid));
      for (const pod of pods) {
        const identity = identities.of(set, config.labelsOn(pod.node));
        if (identity === undefined || !containerRuns(pod.node, 'cilium', 'cilium-agent')) continue;
        const policy = enforcement.of(namespace, identity);
        core.edit<CiliumEndpoint>('CiliumEndpoint', pod.namespace, pod.name, 'cilium-agent', undefined, (object) => {
          if (same(object.status?.['policy'], policy)) return false;
          object.status = { ...object.status, policy };
          return undefined;
        });
      }
    }
  });
  const enforcement = createEnforcement(core, (namespace) => {
    if (!cilium || attached.size === 0) return;
    if (namespace !== undefined) regenerate(namespace);
    else for (const [index, each] of view.namespaces().entries()) core.after(index * 50, () => regenerate(each));
  });

  const daemonOn = (node: string, label: string): PodRecord | undefined => {
    for (const pod of view.nodes.get(node)?.pods ?? []) {
      if (pod.namespace === 'kube-system' && pod.set.labels['k8s-app'] === label && !pod.deleting) return pod;
    }
    return undefined;
  };
  const containerRuns = (node: string, label: string, container: string): boolean => {
    const pod = daemonOn(node, label);
    if (pod === undefined || pod.phase !== 'Running') return false;
    if (pod.ready) return true;
    const object = core.get<Pod>('Pod', pod.namespace, pod.name);
    return object?.status.containerStatuses?.find((status) => status.name === container)?.state.running !== undefined;
  };

  const numberOn = (node: string): number => {
    const used = numbers.get(node) ?? new Set();
    numbers.set(node, used);
    let number = random.between(1, 4_095);
    while (used.has(number)) number = number === 4_095 ? 1 : number + 1;
    used.add(number);
    return number;
  };

  const attach: Network['attach'] = (pod, object) => {
    const node = view.nodes.get(pod.node);
    if (node === undefined) return { refused: NO_AGENT };
    if (cilium && !containerRuns(pod.node, 'cilium', 'cilium-agent')) return { refused: NO_AGENT };
    if (!ownIpam && daemonOn(pod.node, 'azure-cns')?.ready !== true) return { refused: NO_CNS };
    const ip = addresses.take(node);
    if (ip === undefined) return { refused: ownIpam ? RANGE_FULL : NO_ADDRESS };
    attached.set(pod.uid, { node: node.name, ip, number: cilium ? numberOn(node.name) : 0 });
    if (cilium) core.after(random.between(20, 120), () => announce(pod, object, 0));
    return { ip };
  };

  /** The endpoint appears while its identity is being looked up, and is ready a moment later. */
  const announce = (pod: PodRecord, object: Pod, tries: number) => {
    const given = attached.get(pod.uid);
    if (given === undefined || view.pods.get(keyOf(pod)) !== pod) return;
    // The agent of the node went away meanwhile: it restores the endpoint when it is back.
    if (!containerRuns(pod.node, 'cilium', 'cilium-agent')) {
      core.after(2_000, () => announce(pod, object, tries + 1));
      return;
    }
    const identity = identities.of(pod.set, config.labelsOn(pod.node));
    const state =
      identity === undefined ? 'waiting-for-identity' : tries === 0 && !core.brisk ? 'regenerating' : 'ready';
    const policy = identity === undefined ? undefined : enforcement.of(pod.namespace, identity);
    const next = endpointObject(core, pod, object, given, identity, policy, state);
    const owner = view.endpointOwner(keyOf(pod));
    if (owner === undefined) core.create(next, 'cilium-agent');
    else if (owner !== pod.uid) {
      core.remove('CiliumEndpoint', pod.namespace, pod.name);
      core.create(next, 'cilium-agent');
    } else rewrite(pod, next);
    if (state !== 'ready')
      core.after(identity === undefined ? 5_000 : random.between(150, 600), () => announce(pod, object, tries + 1));
  };

  const rewrite = (pod: PodRecord, next: CiliumEndpoint) =>
    core.edit<CiliumEndpoint>('CiliumEndpoint', pod.namespace, pod.name, 'cilium-agent', undefined, (object) => {
      if (JSON.stringify(object.status) === JSON.stringify(next.status)) return false;
      object.metadata.labels = next.metadata.labels ?? {};
      if (next.status !== undefined) object.status = next.status;
      return undefined;
    });

  const detach: Network['detach'] = (pod) => {
    const given = attached.get(pod.uid);
    if (given === undefined) return;
    attached.delete(pod.uid);
    addresses.give(given.node, given.ip);
    numbers.get(given.node)?.delete(given.number);
    if (!cilium || daemonOn(given.node, 'cilium')?.phase !== 'Running') return;
    if (view.endpointOwner(keyOf(pod)) === pod.uid) core.remove('CiliumEndpoint', pod.namespace, pod.name);
  };

  /** An agent that starts on a node makes itself known. */
  const register = (name: string) => {
    const node = view.nodes.get(name);
    if (node !== undefined && core.get('CiliumNode', '', name) === undefined)
      core.create(ciliumNodeObject(core, node), 'cilium-agent');
  };

  /** Where the definition is back, the agents write what was refused meanwhile: their controllers have tried all along. */
  const missed = core.queue(3_000, () => {
    for (const name of view.nodes.keys()) if (containerRuns(name, 'cilium', 'cilium-agent')) register(name);
    for (const pod of view.pods.values()) {
      if (!attached.has(pod.uid) || pod.deleting || view.endpointOwner(keyOf(pod)) === pod.uid) continue;
      const object = core.get<Pod>('Pod', pod.namespace, pod.name);
      if (object !== undefined) announce(pod, object, 1);
    }
  });

  core.listen((event, pod, left) => {
    if (event.resource.kind === 'Node' && event.type === 'DELETED') {
      const name = event.key.slice(1);
      addresses.forget(name);
      numbers.delete(name);
    }
    if (event.resource.kind === 'Node' && event.type === 'ADDED') {
      const { name } = event.object.metadata;
      core.after(2_000, () => {
        const node = view.nodes.get(name);
        if (node !== undefined && core.get('NodeNetworkConfig', 'kube-system', name) === undefined)
          addresses.publish(node);
      });
    }
    const { name } = event.object.metadata;
    if (cilium && event.resource.kind === 'CustomResourceDefinition' && event.type === 'ADDED' && RESTORED.has(name))
      missed('');
    if (!cilium || pod === undefined || event.type === 'DELETED') return;
    if (pod.phase === 'Running' && pod.set.labels['k8s-app'] === 'cilium' && pod.namespace === 'kube-system')
      register(pod.node);
    if (left === undefined || pod.deleting || !attached.has(pod.uid)) return;
    // Other labels, and so perhaps another identity.
    const object = event.object as Pod;
    core.after(random.between(50, 400), () => announce(pod, object, 1));
  });

  return {
    attach,
    detach,
    runsOn: (node) => containerRuns(node, 'cilium', 'cilium-agent'),
    settle(pod) {
      const number = cilium ? numberOn(pod.node) : 0;
      attached.set(pod.uid, { node: pod.node, ip: pod.ip, number });
      const identity = cilium ? identities.of(pod.set, config.labelsOn(pod.node), pod.created + 2_000) : undefined;
      if (identity === undefined) return undefined;
      identities.hold(identity.id);
      return { number, identity };
    },
    endpoint: (pod, object, given, identity) =>
      endpointObject(core, pod, object, given, identity, enforcement.of(pod.namespace, identity), 'ready'),
    ciliumNode: (node) => ciliumNodeObject(core, node),
  };
}

/** As endpoints and slices tell them. */
export function namedPorts(pod: Pod): { name: string; port: number; protocol: string }[] {
  return pod.spec.containers
    .flatMap((container) => container.ports ?? [])
    .flatMap(({ name, containerPort, protocol }) =>
      name === undefined ? [] : [{ name, port: containerPort, protocol: protocol ?? 'TCP' }],
    );
}

function endpointObject(
  core: Core,
  pod: PodRecord,
  object: Pod,
  given: { ip: string; number: number },
  identity: Identity | undefined,
  policy: EndpointPolicy | undefined,
  state: string,
): CiliumEndpoint {
  const ports = namedPorts(object);
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumEndpoint',
    metadata: {
      name: pod.name,
      namespace: pod.namespace,
      uid: core.random.uid(),
      labels: pod.set.labels,
      ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: pod.name, uid: pod.uid }],
    },
    status: {
      encryption: {},
      'external-identifiers': {
        'cni-attachment-id': `${pod.uid.replaceAll('-', '')}:eth0`,
        'container-id': pod.uid.replaceAll('-', ''),
        'k8s-namespace': pod.namespace,
        'k8s-pod-name': pod.name,
        'pod-name': `${pod.namespace}/${pod.name}`,
      },
      id: given.number,
      ...(identity === undefined ? {} : { identity: { id: identity.id, labels: identity.labels } }),
      ...(ports.length === 0 ? {} : { 'named-ports': ports }),
      networking: { addressing: [{ ipv4: given.ip }], node: core.view.nodes.get(pod.node)?.ip ?? '' },
      ...(policy === undefined ? {} : { policy }),
      'service-account': pod.set.serviceAccount,
      state,
    },
  };
}

function ciliumNodeObject(core: Core, node: NodeRecord): KubeObject {
  const [, , third = '0', fourth = '0'] = node.ip.split('.');
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNode',
    metadata: {
      name: node.name,
      labels: node.labels,
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node.name, uid: node.uid }],
    },
    spec: {
      addresses: [
        { type: 'InternalIP', ip: node.ip },
        { type: 'CiliumInternalIP', ip: '169.254.23.0' },
      ],
      alibabaCloud: {},
      azure: {},
      bootid: `${core.random.uid()}`,
      encryption: {},
      eni: {},
      health: { ipv4: `169.254.${Number(third) % 250}.${fourth}` },
      ingress: {},
      ipam: node.prefix === '' ? { pools: {} } : { podCIDRs: [`${node.prefix}.0/24`], pools: {} },
    },
    status: { alibabaCloud: {}, azure: {}, eni: {}, ipam: { 'operator-status': {} } },
  };
}
