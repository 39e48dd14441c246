import { contains, parseAddress } from '../../model/policies/cidr.ts';
import { directionVerdict } from '../../model/policies/direction-verdict.ts';
import { identityOf } from '../../model/policies/ends.ts';
import type { EndpointClass } from '../../model/policies/identities.ts';
import type { Peer, Protocol, Rule } from '../../model/policies/rule.ts';
import type { Ground } from './ground.ts';
import type { Lint } from './lint.ts';
import { isolatedFirstBy, pathOf, rulesOf } from './rule-paths.ts';

export const kubeletEgressBlocked: Lint = {
  id: 'policies/kubelet-egress-blocked',
  title: 'Pods that may not reach their own node',
  why: 'Unlike other networks Cilium holds pods to their egress policy towards their own node as well, and no CIDR matches a node. Who asks kubelets, node exporters or a DNS cache of the node needs the entities host and remote-node.',
  severity: 'warning',
  needs: ['pods'],
  look(policy, ground) {
    const isolated = isolatedFirstBy(policy, 'egress', ground);
    const client = isolated.find((one) => asksKubelets(one) && isDenied(one, 10_250, 'TCP', ground));
    if (client) {
      const [pod] = client.pods;
      const text = `${pod?.namespace}/${pod?.name} asks kubelets for metrics, and may not reach its node on 10250/TCP`;
      return [{ path: policy.specs[0]?.path ?? 'policy', text, next: `${ALLOW}, port 10250.` }];
    }
    return rulesOf(policy).flatMap(({ rule, spec }) => {
      if (rule.direction !== 'egress' || rule.deny) return [];
      const classes = ground.classesOf(spec.subject.selector, policy.ref.namespace);
      const blocked = meant(rule).find(({ port, protocol }) =>
        classes.some((one) => isDenied(one, port, protocol, ground)),
      );
      if (!blocked) return [];
      const text = `means nodes on ${blocked.port}/${blocked.protocol}, and the pods’ own node is not among what it allows`;
      return [{ path: pathOf(rule, spec), text, next: `${ALLOW}, port ${blocked.port}.` }];
    });
  },
};

const ALLOW = 'In a CiliumNetworkPolicy allow toEntities: [host, remote-node]';

/** metrics-server does nothing else. */
function asksKubelets({ labels }: EndpointClass): boolean {
  return ['k8s:k8s-app', 'k8s:app.kubernetes.io/name'].some((key) => labels.of.get(key) === 'metrics-server');
}

/** Ports of kubelets and node exporters that a rule gives to addresses or to other nodes, and DNS to the node's cache. */
function meant({ peers, ports }: Rule): readonly { port: number; protocol: Protocol }[] {
  if (peers.some(isLocalDns)) return [{ port: 53, protocol: 'UDP' }];
  if (ports === 'all' || !peers.some((peer) => peer.type === 'addresses' || isRemoteNode(peer))) return [];
  return NODE_PORTS.filter((port) =>
    ports.some((one) => one.type === 'transport' && one.port === port && one.protocols.includes('TCP')),
  ).map((port) => ({ port, protocol: 'TCP' }));
}

const NODE_PORTS = [10_250, 10_255, 9100];

function isRemoteNode(peer: Peer): boolean {
  return peer.type === 'labels' && peer.selector.requirements.some(({ key }) => key === 'remote-node');
}

/** AKS's LocalDNS listens there, in the node's network (domain §7.4). A wider range is meant for something else. */
function isLocalDns(peer: Peer): boolean {
  const local = parseAddress('169.254.10.11');
  return peer.type === 'addresses' && peer.cidr.bits >= 16 && local !== undefined && contains(peer.cidr, local);
}

function isDenied(one: EndpointClass, port: number, protocol: Protocol, ground: Ground): boolean {
  const host = identityOf({ type: 'node', node: undefined, which: 'host' }, '', ground.facts);
  return (
    typeof host !== 'string' &&
    directionVerdict(ground, 'egress', one, host, { port, protocol }).reason === 'default-deny'
  );
}
