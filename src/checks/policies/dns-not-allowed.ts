import { isEverything } from '../../model/policies/cidr.ts';
import { type Connection, directionVerdict } from '../../model/policies/direction-verdict.ts';
import type { PeerIdentity } from '../../model/policies/ends.ts';
import type { EndpointClass } from '../../model/policies/identities.ts';
import type { PolicyIndex } from '../../model/policies/policy-index.ts';
import type { Peer, Rule, Spec } from '../../model/policies/rule.ts';
import type { Ground } from './ground.ts';
import type { Lint } from './lint.ts';
import { rulesOf } from './rule-paths.ts';

const dns: Connection = { protocol: 'UDP', port: 53 };

export const dnsNotAllowed: Lint = {
  id: 'policies/dns-not-allowed',
  title: 'Egress without DNS',
  why: 'The policy lets its pods out to somewhere and isolates the rest, and nothing allows them to ask the cluster’s DNS. Most connections begin with a name and fail there.',
  severity: 'warning',
  needs: ['pods'],
  look(policy, index) {
    const servers = index.dnsServers();
    if (servers.length === 0) return [];
    return policy.specs.flatMap(({ path, subject, rules }) => {
      const allows = rules.some(({ direction, deny, peers }) => direction === 'egress' && !deny && peers.length > 0);
      if (subject.type === 'nodes' || !allows) return [];
      const cut = index.classesOf(subject.selector, policy.ref.namespace).find((one) => isCutOff(one, servers, index));
      const [pod] = cut?.pods ?? [];
      if (!pod) return [];
      return [
        {
          path: `${path}.egress`,
          text: `${pod.namespace}/${pod.name} may not ask kube-dns (53/UDP)`,
          next: 'Allow UDP and TCP 53 to k8s-app=kube-dns in kube-system.',
        },
      ];
    });
  },
  lookAlone: (policy, ground) =>
    policy.specs
      .filter((spec) => isWithoutNames(spec, ground))
      .filter(() => !ground.neighbours(policy).some((one) => rulesOf(one).some(({ rule }) => allowsDns(rule, ground))))
      .map(({ path }) => ({
        path: `${path}.egress`,
        text: 'lets its pods out to every address, and nothing given allows them to ask the cluster’s DNS (53/UDP)',
        next: 'Allow UDP and TCP 53 to k8s-app=kube-dns in kube-system.',
      })),
};

/** Whom only certain pods are allowed may have its DNS from a policy elsewhere; who may go anywhere asks for names. */
function isWithoutNames({ subject, rules }: Spec, ground: Ground): boolean {
  const own = rules.filter(({ direction, deny }) => direction === 'egress' && !deny);
  if (subject.type === 'nodes' || !own.some(({ defaultDeny }) => defaultDeny)) return false;
  return own.some(({ peers }) => peers.some(isWorld)) && !own.some((rule) => allowsDns(rule, ground));
}

function isWorld(peer: Peer): boolean {
  if (peer.type === 'addresses') return isEverything(peer.cidr);
  return peer.type === 'labels' && peer.selector.requirements.some(({ key }) => WORLD.includes(key));
}

const WORLD = ['world', 'world-ipv4', 'world-ipv6'];

/** To anybody by its port; whoever allows every port allows it to whom it means, and no range means a pod. */
function allowsDns({ direction, deny, peers, ports }: Rule, { facts }: Ground): boolean {
  if (direction !== 'egress' || deny || peers.length === 0) return false;
  if (ports === 'all') return peers.some((peer) => isInCluster(peer) || facts.modes.cidrMatchesPods);
  return ports.some((one) => {
    if (one.type !== 'transport' || !one.protocols.includes('UDP')) return false;
    if (one.port === 0) return peers.some((peer) => isInCluster(peer) || facts.modes.cidrMatchesPods);
    return one.name !== '' || (one.port <= dns.port && dns.port <= one.endPort);
  });
}

function isInCluster(peer: Peer): boolean {
  return peer.type !== 'addresses' && peer.type !== 'names' && !isWorld(peer);
}

function isCutOff(subject: EndpointClass, servers: readonly EndpointClass[], index: PolicyIndex): boolean {
  if (servers.includes(subject)) return false;
  return servers.every((server) => {
    const peer: PeerIdentity = {
      labels: server.labels,
      class: server,
      addresses: [],
      kind: 'pod',
      names: [],
      host: false,
    };
    return directionVerdict(index, 'egress', subject, peer, dns).reason === 'default-deny';
  });
}
