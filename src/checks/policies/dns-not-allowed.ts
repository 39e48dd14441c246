import { type Connection, directionVerdict } from '../../model/policies/direction-verdict.ts';
import type { PeerIdentity } from '../../model/policies/ends.ts';
import type { EndpointClass } from '../../model/policies/identities.ts';
import type { PolicyIndex } from '../../model/policies/policy-index.ts';
import type { Lint } from './lint.ts';

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
};

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
